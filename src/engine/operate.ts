import { didYouMean } from '../lib/did-you-mean.ts';
import { UsageError } from '../lib/errors.ts';
import type { Api } from './api.ts';
import { readAndBind } from './context.ts';
import { addressOf, type Desired, type Existing, type Kind } from './kind.ts';
import { kindNamed } from './kind-named.ts';
import type { OperationInput } from './operation.ts';
import type { Proposal } from './plan.ts';
import type { Change } from './plan-types.ts';
import type { PlannedWork } from './work.ts';

export type OperateOptions = {
  readonly api: Api;
  readonly kinds: readonly Kind[];
  readonly kind: string;
  readonly operation: string;
  /** Live names or ids; undefined means every object of the kind. */
  readonly refs: readonly string[] | undefined;
  readonly input: OperationInput;
  /** The document's resources of the kind: their keys count as names, and their sinks are used. */
  readonly desired: readonly Desired[];
};

/** Plans one operation on live objects. Throws a `UsageError` for a name that nothing has. */
export async function planOperation(options: OperateOptions): Promise<Proposal> {
  const { api, kinds, desired } = options;
  const kind = kindNamed(kinds, options.kind);
  const own = desired.filter((resource) => resource.kind === kind.kind);
  const { reader, names, peers } = await readAndBind({ api, kinds, desired: own });
  await reader.ensure([kind.kind]);
  const all = reader.existing(kind.kind);
  const objects = options.refs === undefined ? all : options.refs.map((ref) => named(ref));
  const works = [...new Set(objects)].map((existing) => workOf(existing));
  const plan = { account: api.account, changes: works.map(({ change }) => change) };
  const nothing = { unchanged: 0, left_in_place: [], unmanaged: [], diagnostics: [] };
  return { kinds, plan: { ...plan, ...nothing }, works: works.map(({ work }) => work), names, peers, reader };

  function named(ref: string): Existing {
    const id = names.idNow(kind.kind, ref);
    const found = all.find((object) => object.id === id);
    if (found !== undefined) return found;
    const guess = didYouMean(ref, [...own.map(({ key }) => key), ...all.map(({ name }) => name)]);
    throw new UsageError(`the account has no ${kind.title} "${ref}"`, {
      hint: guess === undefined ? `it has: ${all.map(({ name }) => name).join(', ') || 'none'}` : `did you mean ${guess}?`,
    });
  }

  function workOf(existing: Existing): { readonly work: PlannedWork; readonly change: Change } {
    const key = names.nameOf(kind.kind, existing.id);
    const operation = kind.operations?.[options.operation];
    if (operation === undefined) throw new Error(`${kind.kind} has no operation ${options.operation}`);
    const { live } = existing;
    const [reason, impact] = [operation.reason(live, options.input), operation.impact?.(live, options.input)];
    const address = addressOf(kind.kind, key);
    if (names.bound(address) === undefined) names.bind(address, existing);
    const state = kind.toState(live, peers);
    const said = { fields: operation.fields(live, options.input), reason, after: [] };
    const action = 'update' as const;
    const change = { address, kind: kind.kind, key, action, ...said, ...(impact === undefined ? {} : { impact }) };
    const entry = own.find((resource) => resource.key === key);
    const run = {
      run: (write: Parameters<typeof operation.run>[0]) => operation.run(write, options.input),
      yieldsSecret: operation.yieldsSecret === true,
    };
    const states = { live: state, wanted: {}, final: state };
    return { change, work: { address, key, kind, action, desired: entry, existing, ...states, ...said, operation: run } };
  }
}
