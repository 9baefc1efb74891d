import { makePlan, type PlanOptions, type Proposal } from '../../src/engine/plan.ts';
import type { Api } from '../../src/engine/api.ts';
import type { Address, Desired, Kind, Names, Peers, Reference, State } from '../../src/engine/kind.ts';
import type { Written } from '../../src/engine/write.ts';
import { isSecretTree } from '../../src/engine/values.ts';
import { Secret } from '../../src/secrets/secret.ts';

/** A live object of the toy account: mentions are ids here, as in a real one. */
export type Row = { readonly id: string; readonly name: string; readonly state: State };

/** An account in memory. No API: the kinds below write straight into it. */
export type Store = {
  readonly rows: Map<string, readonly Row[]>;
  /** What was asked of the account, in order: `list gadget`, `create widget lamp`, … */
  readonly calls: string[];
  /** Runs before each call; what it throws is the call's failure. */
  before: (call: string) => void | Promise<void>;
  /** What a listing shows of what is there. */
  shown: (kind: string, rows: readonly Row[]) => readonly Row[];
};

export type ToyKind = Kind<State, Row>;
type Changes = Partial<ToyKind>;

export type Toys = { readonly store: Store; readonly kinds: readonly Kind[]; readonly api: Api };

/**
 * `gadget`s mention gadgets and cannot let go of them; `widget`s mention gadgets and can; a `badge`
 * stands for its widget and goes with it. Each may be changed for a test.
 */
export function createToys(
  changes: { readonly gadget?: Changes; readonly widget?: Changes; readonly badge?: Changes } = {},
): Toys {
  const store: Store = { rows: new Map(), calls: [], before: () => {}, shown: (_kind, rows) => rows };
  const gadget = { ...toyKind(store, 'gadget', ['gadget']), fields: gadgetRules, prunable: true, ...changes.gadget } as const;
  const widget = {
    ...toyKind(store, 'widget', ['gadget']),
    fields: widgetRules,
    release: (state: State, gone: Address) => ({
      ...state,
      gadget: mentioned(state, 'gadget').filter((ref) => gone !== `gadget:${ref}`),
    }),
    reaches: ({ id }, { existing }: Peers) => existing('badge').filter(({ live }) => rowOf(live).state['widget'] === id),
    reachesInto: ['badge'],
    impact: (action: string) => `someone misses it (${action})`,
    ...changes.widget,
  } satisfies ToyKind;
  const badge = { ...toyKind(store, 'badge', ['widget']), goesWith: ['widget'], prunable: true, ...changes.badge } as const;
  return { store, kinds: [gadget, widget, badge], api: noApi };
}

export const widgetRules = {
  labels: { map: true },
  'labels.*.shade': { serverDefault: 'plain' },
  tags: { unordered: true },
  gadget: { unordered: true },
  model: { immutable: true },
  mode: { serverDefault: 'auto' },
} as const;
const gadgetRules = { size: { immutable: true }, gadget: { unordered: true } } as const;

/** The rows of the table are all of this shape. */
const rowOf = (live: unknown): Row => live as Row;

/** What a state mentions of a kind: the field has the kind's name, and holds one reference or a list. */
const mentioned = (state: State, kind: string): readonly string[] => [state[kind] ?? []].flat().map(text);

/** The toys have names and references of text only. */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`no text: ${typeof value}`);
  return value;
}

function toyKind(store: Store, kind: string, refersTo: readonly string[]): ToyKind {
  const spelled = (state: State, spell: (kind: string, ref: string) => string): State => {
    const fields = refersTo.filter((other) => state[other] !== undefined);
    return {
      ...state,
      ...Object.fromEntries(fields.map((other) => [other, mentioned(state, other).map((ref) => spell(other, ref))])),
    };
  };
  const toRow = (id: string, state: State, names: Names): Row => {
    const kept = Object.entries(spelled(state, names.idOf)).map(([field, value]) => [
      field,
      isSecretTree(value) ? Secret.held : value,
    ]);
    return { id, name: text(state['name']), state: Object.fromEntries(kept) };
  };
  const call = async (words: string): Promise<void> => {
    store.calls.push(words);
    await store.before(words);
  };
  const others = (id: string): readonly Row[] => (store.rows.get(kind) ?? []).filter((row) => row.id !== id);
  const put = (row: Row): Written<Row> => {
    store.rows.set(kind, [...others(row.id), row]);
    return { live: row };
  };
  return {
    kind,
    title: kind,
    fields: {},
    refersTo,
    references: (state) => refersTo.flatMap((other) => mentioned(state, other).map((ref): Reference => ({ kind: other, ref }))),
    list: async () => {
      await call(`list ${kind}`);
      return store.shown(kind, store.rows.get(kind) ?? []);
    },
    identify: ({ id, name }) => ({ id, identity: name, name }),
    identities: ({ key, state }) => [text(state['name'] ?? key)],
    toState: ({ name, state }, { names }) => ({ ...spelled(state, names.nameOf), name }),
    initial: (key, state) => ({ name: key, ...state }),
    settle: (state, _live, { names }) => spelled(state, names.canonical),
    create: async ({ key, state, names }) => {
      await call(`create ${kind} ${key}`);
      return put(toRow(`${kind}-${key}-new`, state, names));
    },
    update: async ({ key, live, state, names }) => {
      await call(`update ${kind} ${key}`);
      return put(toRow(live.id, state, names));
    },
    remove: async (_api, { id }) => {
      await call(`remove ${kind} ${id}`);
      store.rows.set(kind, others(id));
    },
  };
}

const refuse = (): never => {
  throw new Error('the toy kinds need no API');
};
const noApi: Api = {
  account: 'toys',
  path: refuse,
  list: refuse,
  get: refuse,
  post: refuse,
  put: refuse,
  patch: refuse,
  remove: refuse,
};

/** Puts a live object into the account; its id is its name's, unless it says another. */
export function stock(toys: Toys, kind: string, name: string, state: State & { readonly id?: string } = {}): string {
  const { id = `${kind}-${name}`, ...rest } = state;
  toys.store.rows.set(kind, [...(toys.store.rows.get(kind) ?? []), { id, name, state: rest }]);
  return id;
}

/** A resource of a document. */
export const want = (kind: string, key: string, state: State = {}, more: Partial<Desired> = {}): Desired => ({
  kind,
  key,
  state,
  absent: false,
  protect: false,
  sinks: [],
  place: undefined,
  ...more,
});

export const gone = (kind: string, key: string, more: Partial<Desired> = {}): Desired =>
  want(kind, key, {}, { absent: true, ...more });

export const planFor = (toys: Toys, desired: readonly Desired[], options: Partial<PlanOptions> = {}): Promise<Proposal> =>
  makePlan({ api: toys.api, kinds: toys.kinds, desired, findings: [], ...options });

/** The changes of a plan as `create widget:lamp`, in the order in which they are shown. */
export const changesOf = ({ plan }: Proposal): readonly string[] =>
  plan.changes.map(({ action, address }) => `${action} ${address}`);

/** What each change waits for. */
export const afterOf = ({ plan }: Proposal): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(plan.changes.map(({ address, after }) => [address, after.toSorted()]));
