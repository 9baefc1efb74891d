import type { Frozen } from '../../engine/frozen.ts';
import { isPlain, memberOf, type Plain } from '../../engine/values.ts';
import { domainOf, livePolicies, serverOf, type App } from './app.ts';

/** What holds an application: a policy that denies everyone, and remembers whose place it took. */
export type AppFreeze = Pick<Frozen, 'since' | 'reason'> & {
  /** The id of the policy. */
  readonly policy: string;
  /** Its name: what is frozen, since when, and why. */
  readonly name: string;
  /** The ids of the policies that the application had, by precedence. */
  readonly former: readonly string[];
};

const word = 'mcp-portal-frozen';
const namePattern = /^mcp-portal-frozen .* since (\d{4}-\d\d-\d\dT[\d:.]+Z)(?:: (.+))?$/s;

/** The name of the policy, which is what people see of a freeze in the dashboard. */
export const freezeName = (app: App, { since, reason }: Pick<Frozen, 'since' | 'reason'>): string =>
  `${word} ${subjectOf(app)} since ${since}${reason === undefined ? '' : `: ${reason}`}`;

/** `server notes`: what stands behind the application, as `freeze` and `thaw` take it. */
export const subjectOf = (app: App): string => {
  const server = serverOf(app);
  return server === undefined ? `portal ${domainOf(app)}` : `server ${server}`;
};

/**
 * Everyone is denied, so further rules of `include` change nothing, and can tell which policies were
 * there before. The domain is reserved and belongs to nobody (RFC 2606), so the addresses do not either.
 */
const freezeRules = (appId: string, former: readonly string[]): readonly Plain[] => [
  { everyone: {} },
  ...['application', ...former].map((id, place) => ({ email: { email: `${place}.${id}@${appId}.frozen.invalid` } })),
];

/** The body of the policy. */
export const freezePolicy = (appId: string, { name, former }: Pick<AppFreeze, 'name' | 'former'>): Plain => ({
  name,
  decision: 'deny',
  include: freezeRules(appId, former),
  exclude: [],
  require: [],
});

/** True for a policy that holds an application: no document has it, and no plan touches it. */
export const isFreezePolicy = (policy: Plain): boolean => {
  const { name, decision } = policy;
  return typeof name === 'string' && namePattern.test(name) && decision === 'deny' && notesIn(policy).length > 0;
};

type Note = { readonly place: number; readonly id: string; readonly app: string };

function notesIn({ include }: Plain): readonly Note[] {
  const rules = Array.isArray(include) ? include : [];
  return rules.flatMap((rule) => {
    const address = memberOf(memberOf(rule, 'email'), 'email');
    const [, place, id, app] = /^(\d+)\.(.+)@(.+)\.frozen\.invalid$/.exec(typeof address === 'string' ? address : '') ?? [];
    return place === undefined || id === undefined || app === undefined ? [] : [{ place: Number(place), id, app }];
  });
}

/** The freeze that a policy stands for; undefined where it is none, or another application's. */
export function freezeIn(policy: Plain, appId: string): AppFreeze | undefined {
  const { id, name } = policy;
  if (!isFreezePolicy(policy) || typeof id !== 'string' || typeof name !== 'string') return undefined;
  const notes = notesIn(policy).toSorted((one, other) => one.place - other.place);
  if (notes.some(({ app }) => app !== appId)) return undefined;
  const [, since = '', reason] = namePattern.exec(name) ?? [];
  return { policy: id, name, since, reason, former: notes.slice(1).map((note) => note.id) };
}

/**
 * An application as it is without its freeze, which stands beside it as `frozen`. Policies that
 * somebody has attached meanwhile come after those that it had.
 */
export function melted(app: App): App {
  const shown = Array.isArray(app['policies']) ? app['policies'].filter(isPlain) : [];
  const [frozen] = shown.flatMap((policy) => freezeIn(policy, app.id) ?? []);
  if (frozen === undefined) return app;
  const former = frozen.former.map((id) => ({ id, reusable: true }));
  const added = (livePolicies(app) ?? []).filter(({ id }) => id !== frozen.policy && !frozen.former.includes(id));
  const policies = [...former, ...added].map(({ id, reusable }, index) => ({ id, reusable, precedence: index + 1 }));
  return { ...app, policies, frozen };
}

export function frozenApp(app: App): Frozen | undefined {
  if (app.frozen === undefined) return undefined;
  const { since, reason } = app.frozen;
  return { since, reason, thaw: `mcp-portal thaw ${subjectOf(app)}` };
}
