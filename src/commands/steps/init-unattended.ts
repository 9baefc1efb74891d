import type { Invocation } from '../../cli/command.ts';
import type { OpenApi } from '../../cloudflare/client.ts';
import { attempt } from '../../doctor/check.ts';
import type { Finding } from '../../engine/kind.ts';
import { kinds } from '../../kinds/index.ts';
import { allZones } from '../../kinds/dns/zones.ts';
import { UsageError, type ExitCode } from '../../lib/errors.ts';
import { pathText } from '../../spec/source.ts';
import { zoneProblem, type Answers, type Given } from '../../wizard/answers.ts';
import { secretFile } from '../../wizard/bots.ts';
import { hasCredentials } from '../../wizard/credentials.ts';
import { isAt, type Draft } from '../../wizard/draft.ts';
import { editsFor } from '../../wizard/edits.ts';
import { renderFindings } from '../../render/diagnostics.ts';
import type { initOptions } from '../table/init.ts';
import { planDraft, told, writeAndApply } from './init-apply.ts';
import { finalText, isTracked, readFile } from './init-file.ts';
import type { FileName } from './init-name.ts';
import { givenAnswers } from './init-options.ts';

type InitInvocation = Invocation<typeof initOptions>;

/** Writes the file from options alone: what it says already stays, and a second run changes nothing. */
export async function initUnattended(invocation: InitInvocation, name: FileName): Promise<ExitCode> {
  const { world, global, options, output } = invocation;
  const { file, draft: before } = await readFile(world, name);
  const answers = complete(givenAnswers(options), before);
  const draft = await before.with(editsFor(answers, before.said));
  assertValid(await draft.findings(), answers);
  const spec = await draft.load();
  const api = await account(invocation, draft, answers.hostname);
  if (global.dryRun) return told(invocation, file, { written: false, text: finalText(file, draft) });
  if (spec.findings.length > 0) output.notice(renderFindings(spec.findings, spec.sources, output.errorStyle));
  const secret = answers.bot === undefined ? undefined : secretFile(answers.bot.sink);
  if (secret !== undefined && (await isTracked(world, file, secret)))
    output.warning(`warning: ${secret} will hold a secret, and git does not ignore it: add it to .gitignore`);
  const outlook = options.apply && api !== undefined ? await planDraft(invocation, draft, api) : undefined;
  return writeAndApply(invocation, { file, draft, outlook });
}

/** Refuses where something is missing that neither the options nor the document say. */
function complete(given: Given, draft: Draft): Answers {
  const [only, ...others] = draft.keys('portals');
  const portal = given.portal ?? (others.length === 0 ? only : undefined);
  const isNew = portal === undefined || !draft.keys('portals').includes(portal);
  const missing = [
    portal === undefined ? '--portal ID' : undefined,
    isNew && given.hostname === undefined ? '--hostname HOST' : undefined,
    isNew && (given.servers ?? []).length === 0 ? '--server ID=URL' : undefined,
  ].filter((option) => option !== undefined);
  if (portal === undefined || missing.length > 0) {
    throw new UsageError(`init needs ${missing.join(', ')}`, {
      hint: 'and --email ADDRESS for those who get in; without --yes it asks',
    });
  }
  const { servers = [], rules = [] } = given;
  return { ...given, portal, servers, rules, policies: policiesOf(portal, draft) };
}

/** What is put behind a portal that is there is for those who get into it. */
function policiesOf(portal: string, draft: Draft): readonly string[] {
  const own = draft.said('portals', portal, 'access', 'policies');
  return Array.isArray(own) ? own.map(String) : [];
}

/** An error of the document in the words of the command line: the option that brought it. */
function assertValid(findings: readonly Finding[], { portal, servers, bot }: Answers): void {
  const owners = [
    ...servers.map(({ id }) => [`--server ${id}`, ['servers', id]] as const),
    ['--hostname', ['portals', portal, 'hostname']] as const,
    ['--portal', ['portals', portal]] as const,
    ...(bot === undefined ? [] : [['--service-token', ['service_tokens', bot.token]] as const]),
  ];
  for (const { severity, place, message, hint } of findings) {
    const owner = owners.find(([, path]) => isAt(place?.path ?? '', pathText(path)));
    if (severity === 'error' && owner !== undefined) throw new UsageError(`${owner[0]}: ${message}`, { hint });
  }
}

/**
 * The account, where there are credentials or one is needed. A hostname that lies in none of its zones
 * is refused; where the zones cannot be read, that is all that is said.
 */
async function account(invocation: InitInvocation, draft: Draft, hostname: string | undefined): Promise<OpenApi | undefined> {
  const { global, world, options, output } = invocation;
  const applies = options.apply && !global.dryRun;
  if (!applies && (hostname === undefined || (global.sandbox === undefined && !hasCredentials(world.env)))) return undefined;
  const { openSession } = await import('../../session.ts');
  const { account: named, desired } = await draft.load();
  const opening = () => openSession({ world, global, env: world.env, account: named, kinds, desired });
  const { value: api, error } = applies ? { value: await opening() } : await attempt(opening);
  const zones = api === undefined ? { error } : await attempt(() => allZones(api));
  const problem =
    hostname === undefined || (zones.value ?? []).length === 0
      ? undefined
      : zoneProblem(
          hostname,
          (zones.value ?? []).map(({ name }) => name),
        );
  if (problem !== undefined) throw new UsageError(`--hostname: ${problem}`);
  if (zones.error !== undefined) output.notice(`The zone of the hostname was not checked: ${zones.error.message}`);
  return api;
}
