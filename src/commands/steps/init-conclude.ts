import type { ExitCode, UserError } from '../../lib/errors.ts';
import { attempt } from '../../doctor/check.ts';
import { secretFile } from '../../wizard/bots.ts';
import { neutral } from '../../render/value.ts';
import type { Draft } from '../../wizard/draft.ts';
import type { Prompts } from '../../wizard/prompts.ts';
import type { Place } from './init-account.ts';
import { planDraft, told, writeAndApply, type Outlook } from './init-apply.ts';
import { finalText, ignoreFile, isTracked, type InitFile } from './init-file.ts';
import { planAside } from './show.ts';

type Result = { readonly prompts: Prompts; readonly file: InitFile; readonly draft: Draft };

/** Shows the file and the plan, and asks whether to write. What is given back writes, and offers to apply. */
export async function conclude(place: Place, result: Result): Promise<() => Promise<ExitCode>> {
  const { prompts, file, draft } = result;
  const { invocation } = place;
  const text = finalText(file, draft);
  await draft.load();
  if (invocation.global.dryRun) return async () => told(invocation, file, { written: false, text });
  prompts.show(`\n${file.name}:\n\n${text.replaceAll(/^(?=.)/gm, '  ')}`);
  const outlook = await look(place, result);
  const ready = { file, draft, outlook, ask: (message: string) => prompts.confirm({ message, initial: false }) };
  if (text !== file.before) {
    const secret = await secretAtRisk(place, result);
    const ignores =
      secret !== undefined &&
      (await prompts.confirm({ message: `Add ${secret}, which will hold a secret, to .gitignore?`, initial: true }));
    if (!(await prompts.confirm({ message: `Write ${file.name}?`, initial: true }))) {
      invocation.output.notice('Nothing was written.');
      return async () => told(invocation, file, { written: false });
    }
    if (ignores)
      return () => writeAndApply(invocation, { ...ready, alsoWrite: () => ignoreFile(invocation.world, file, secret) });
  }
  return () => writeAndApply(invocation, ready);
}

/** The plan, shown. Without one that can be made, the file is all there is. */
async function look({ invocation, api }: Place, { prompts, draft }: Result): Promise<Outlook | undefined> {
  if (api === undefined) return undefined;
  const { value, error } = await attempt(() => planDraft(invocation, draft, api.fresh()));
  if (error !== undefined) prompts.show(`There is no plan: ${inLines(error)}`);
  else prompts.show(`\n${planAside(value.proposal.plan, invocation.output)}`);
  return value;
}

/** What went wrong, and what to do, as it is told elsewhere. */
function inLines({ message, facts: { hint } }: UserError): string {
  const lines = hint === undefined ? message : `${message}\nhint: ${hint}`;
  return lines.split('\n').map(neutral).join('\n');
}

/** A file for a new token's secret that git would take along. */
async function secretAtRisk({ invocation }: Place, { file, draft }: Result): Promise<string | undefined> {
  if (!draft.edits.some(({ path }) => path[0] === 'service_tokens')) return undefined;
  const sinks = draft.keys('service_tokens').flatMap((token) => [draft.said('service_tokens', token, 'out') ?? []].flat());
  const [secret] = sinks.flatMap((sink) => (typeof sink === 'string' ? secretFile(sink) : undefined) ?? []);
  return secret !== undefined && (await isTracked(invocation.world, file, secret)) ? secret : undefined;
}
