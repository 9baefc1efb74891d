import { didYouMean } from '../lib/did-you-mean.ts';
import { UnsafePlanError, UsageError } from '../lib/errors.ts';
import type { Api } from './api.ts';
import { readAndBind, type Context } from './context.ts';
import { addressOf, type Desired, type Existing, type Finding, type Kind } from './kind.ts';
import { kindNamed } from './kind-named.ts';
import type { Operation, OperationInput } from './operation.ts';
import type { Proposal } from './plan.ts';
import type { Change } from './plan-types.ts';
import { refuse } from './refuse.ts';
import type { PlannedWork } from './work.ts';

export type LookupOptions = {
  readonly api: Api;
  readonly kinds: readonly Kind[];
  readonly kind: string;
  /** The document's resources: their keys count as names. Those of other kinds are not looked at. */
  readonly desired: readonly Desired[];
  /** Further kinds to read at the same time. */
  readonly beside?: readonly string[] | undefined;
};

/** The live objects of one kind, and who they are in the document. */
export type Lookup = Context & {
  readonly kind: Kind;
  readonly all: readonly Existing[];
  /** The document's resources of the kind. */
  readonly own: readonly Desired[];
  /** The object of a key, a live name or an id. Throws a `UsageError` for what nothing has, an `UnsafePlanError` where several have it. */
  named(ref: string): Existing;
};

/** Reads the live objects of one kind. */
export async function lookUp({ api, kinds, kind: name, desired, beside = [] }: LookupOptions): Promise<Lookup> {
  const kind = kindNamed(kinds, name);
  const own = desired.filter((resource) => resource.kind === name);
  const context = await readAndBind({ api, kinds, desired: own });
  await context.reader.ensure([name, ...beside]);
  const all = context.reader.existing(name);
  const named = (ref: string): Existing => {
    const id = context.names.idNow(name, ref);
    return all.find((object) => object.id === id) ?? missing(ref, { ...context, kind, all, own });
  };
  return { ...context, kind, all, own, named };
}

function missing(ref: string, { kind, all, own, names, obstacles }: Omit<Lookup, 'named'>): never {
  if (names.isDeclared(addressOf(kind.kind, ref))) {
    if (obstacles.length > 0) throw new UnsafePlanError(obstacles.map(({ message }) => message).join('\n'), { code: 'conflict' });
    const hint = 'it is in the document: apply makes it';
    throw new UsageError(`the account has no ${kind.title} "${ref}" yet`, { code: 'not_found', hint });
  }
  const known = [...new Set([...own.map(({ key }) => key), ...all.map(({ name }) => name)])];
  const guess = didYouMean(ref, known);
  const some = known.length > 10 ? [...known.slice(0, 10), '…'] : known;
  throw new UsageError(`there is no ${kind.title} "${ref}"`, {
    code: 'not_found',
    hint: guess === undefined ? `there ${some.length === 0 ? 'are none' : `are: ${some.join(', ')}`}` : `did you mean ${guess}?`,
  });
}

export type OperateOptions = LookupOptions & {
  readonly operation: string;
  /** Keys, live names or ids; undefined means every object of the kind. */
  readonly refs: readonly string[] | undefined;
  readonly input: OperationInput;
};

/** Plans one operation on live objects. Writes nothing. Throws as `Lookup.named` does. */
export async function planOperation(options: OperateOptions): Promise<Proposal> {
  const { api, kinds, refs, input } = options;
  const kind = kindNamed(kinds, options.kind);
  const operation = kind.operations?.[options.operation];
  if (operation === undefined) throw new Error(`${kind.kind} has no operation ${options.operation}`);
  const lookup = await lookUp({ ...options, beside: operation.reads });
  const { all, names, peers, reader } = lookup;
  const objects = refs === undefined ? all : [...new Set(refs.map((ref) => lookup.named(ref)))];
  const idle = objects.flatMap((existing) => idleFinding(existing, operation, lookup));
  const busy = objects.filter(({ live }) => operation.needless?.(live) === undefined);
  refuse(busy.flatMap(({ live }) => operation.obstacles?.(live, peers) ?? []));
  const planned = busy.map((existing) => plannedFor(existing, { ...lookup, operation, input }));
  const nothing = { unchanged: idle.length, left_in_place: [], unmanaged: [], diagnostics: idle };
  const plan = { account: api.account, changes: planned.map(({ change }) => change), ...nothing };
  return { kinds, plan, works: planned.map(({ work }) => work), names, peers, reader };
}

function idleFinding({ id, live }: Existing, operation: Operation, { kind, names }: Lookup): readonly Finding[] {
  const why = operation.needless?.(live);
  const address = addressOf(kind.kind, names.nameOf(kind.kind, id));
  return why === undefined ? [] : [{ severity: 'info', code: 'MCP092', message: `${address} is ${why}` }];
}

type Planned = { readonly work: PlannedWork; readonly change: Change };
type PlannedOptions = Lookup & { readonly operation: Operation; readonly input: OperationInput };

function plannedFor(existing: Existing, { kind, names, peers, own, operation, input }: PlannedOptions): Planned {
  const key = names.nameOf(kind.kind, existing.id);
  const address = addressOf(kind.kind, key);
  if (names.bound(address) === undefined) names.bind(address, existing);
  const { live } = existing;
  const impact = operation.impact?.(live, input);
  const said = { fields: operation.fields(live, input, peers), reason: operation.reason(live, input), after: [] };
  const base = { address, key, action: 'update' as const, ...said };
  const state = kind.toState(live, peers);
  const work: PlannedWork = {
    ...base,
    kind,
    desired: own.find((resource) => resource.key === key),
    existing,
    live: state,
    wanted: {},
    final: state,
    operation: { run: (write) => operation.run(write, input), yieldsSecret: operation.yieldsSecret === true },
  };
  return { work, change: { ...base, kind: kind.kind, ...(impact === undefined ? {} : { impact }) } };
}
