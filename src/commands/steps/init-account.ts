import type { Invocation } from '../../cli/command.ts';
import type { OpenApi } from '../../cloudflare/client.ts';
import { attempt } from '../../doctor/check.ts';
import { diagnose } from '../../doctor/diagnose.ts';
import { doctorText } from '../../doctor/report.ts';
import { kinds } from '../../kinds/index.ts';
import { neutral } from '../../render/value.ts';
import { namedAccount, openConnection, type NamedAccount } from '../../session.ts';
import { askAccount, askRetry, askToken, askWay, hasCredentials } from '../../wizard/credentials.ts';
import type { Draft } from '../../wizard/draft.ts';
import type { Prompts } from '../../wizard/prompts.ts';

export type Context = Pick<Invocation, 'world' | 'global' | 'output'>;

/** The account that the wizard works with. */
export type Place = {
  /** The run with the credentials, or the simulator, that were chosen. */
  readonly invocation: Context;
  /** Undefined: the wizard only writes the file. */
  readonly api: OpenApi | undefined;
  /** The account that was picked from a list: the document has to name it. */
  readonly picked?: string | undefined;
};

type Asking = { readonly prompts: Prompts; readonly draft: Draft };

/** Finds credentials, or asks for them, and checks live what they are good for. */
export async function openPlace(invocation: Context, asking: Asking): Promise<Place> {
  if (invocation.global.sandbox !== undefined) return simulated(invocation, asking);
  if (hasCredentials(invocation.world.env)) return verified(invocation, asking);
  const way = await askWay(asking.prompts);
  if (way === 'none') return { invocation, api: undefined };
  if (way === 'token') return verified(await withToken(invocation, asking.prompts), asking);
  return simulated({ ...invocation, global: { ...invocation.global, sandbox: { stateFile: undefined } } }, asking);
}

async function simulated(invocation: Context, { draft }: Asking): Promise<Place> {
  return { invocation, api: await openConnection(await sessionOf(invocation, draft)) };
}

/** What a session takes; also for a document that is not written yet. */
async function sessionOf({ world, global }: Context, draft: Draft) {
  const { account, desired } = await draft.load();
  return { world, global, env: world.env, account, kinds, desired };
}

async function withToken(invocation: Context, prompts: Prompts): Promise<Context> {
  const token = await askToken(prompts);
  const { world } = invocation;
  return { ...invocation, world: { ...world, env: { ...world.env, CLOUDFLARE_API_TOKEN: token } } };
}

async function verified(invocation: Context, asking: Asking): Promise<Place> {
  const { world, output } = invocation;
  const { prompts } = asking;
  const session = await sessionOf(invocation, asking.draft);
  const api = await openConnection(session);
  const { named, only } = await findAccount(api, namedAccount(session), prompts);
  const options = { env: world.env, isSandbox: false, kinds, desired: undefined, now: world.now(), nodeVersion: process.version };
  const checks = await diagnose({ ...options, open: async () => api, named });
  const id = named?.id ?? only;
  const isFatal =
    id === undefined || checks.some(({ ok, name }) => !ok && ['connection', 'credentials', 'token', 'account'].includes(name));
  const place: Place = {
    invocation,
    api: isFatal ? undefined : api.forAccount(id),
    picked: named?.from === choice ? id : undefined,
  };
  if (checks.every(({ ok }) => ok)) {
    const facts = checks.filter(({ name }) => name === 'token' || name === 'account').map(({ detail }) => detail);
    prompts.show(`${output.errorStyle.green('✓')} The credentials work: ${facts.map(neutral).join('; ')}.`);
    for (const { name, detail, fix = '' } of checks.filter(({ status }) => status === 'warning'))
      prompts.show(`${output.errorStyle.yellow('!')} ${neutral(`${name}: ${detail}. ${fix}`)}`);
    return place;
  }
  prompts.show(doctorText(checks, output.errorStyle));
  const next = await askRetry(prompts, isFatal);
  if (next === 'on') return place;
  return verified(next === 'again' ? invocation : await withToken(invocation, prompts), asking);
}

const choice = 'chosen here';

type Found = { readonly named: NamedAccount | undefined; readonly only?: string | undefined };

/** The account that something names, or the only one; several are a question. What fails here is told by the checks. */
async function findAccount(api: OpenApi, named: NamedAccount | undefined, prompts: Prompts): Promise<Found> {
  if (named !== undefined) return { named };
  const { value = [] } = await attempt(() =>
    api.list<{ readonly id: string; readonly name: string }>('/accounts', { perPage: 50 }),
  );
  if (value.length < 2) return { named, only: value[0]?.id };
  return {
    named: {
      id: await askAccount(
        prompts,
        value.map(({ id, name }) => ({ id, name: neutral(name) })),
      ),
      from: choice,
    },
  };
}
