import type { Names } from '../../engine/kind.ts';
import { isPlain, type Plain } from '../../engine/values.ts';
import { withoutUndefined } from '../document/section.ts';
import type { RateLimit, WorkerState } from './worker-state.ts';

/** A binding as the API gives it; a secret comes without its text. */
export type Binding = Plain & { readonly type: string; readonly name: string };

/** The types that a document has words for; secrets are told apart, because they travel in other ways. */
const ownTypes: ReadonlySet<string> = new Set(['plain_text', 'json', 'kv_namespace', 'ratelimit', 'service']);
const secretTypes: ReadonlySet<string> = new Set(['secret_text', 'secret_key']);

export const isOwn = ({ type }: Binding): boolean => ownTypes.has(type);
export const isSecret = ({ type }: Binding): boolean => secretTypes.has(type);

type BindingState = Pick<WorkerState, 'vars' | 'kv' | 'rate_limits' | 'services'>;

/** Live bindings in the document's words, by name: their order has no meaning (Q86). */
export function bindingState(bindings: readonly Binding[], { nameOf }: Pick<Names, 'nameOf'>): BindingState {
  const pick = <T>(types: readonly string[], value: (binding: Binding) => T) =>
    Object.fromEntries(bindings.filter(({ type }) => types.includes(type)).map((binding) => [binding.name, value(binding)]));
  return {
    vars: pick(['plain_text', 'json'], (binding) => (binding.type === 'json' ? binding['json'] : binding['text'])),
    kv: pick(['kv_namespace'], (binding) => nameOf('kv_namespace', String(binding['namespace_id']))),
    rate_limits: pick(['ratelimit'], rateLimitOf),
    services: pick(['service'], (binding) => nameOf('worker', String(binding['service']))),
  };
}

function rateLimitOf(binding: Binding): RateLimit {
  const { limit, period } = isPlain(binding['simple']) ? binding['simple'] : {};
  return withoutUndefined({ limit: Number(limit), period: Number(period), namespace_id: String(binding['namespace_id']) });
}

/** The bindings that a state stands for. */
export function bindingsFrom(state: BindingState, { idOf }: Pick<Names, 'idOf'>): readonly Binding[] {
  const each = <T>(
    map: { readonly [name: string]: T } | undefined,
    build: (value: NonNullable<T>) => Plain & { readonly type: string },
  ) =>
    Object.entries(map ?? {}).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [{ ...build(value), name }],
    );
  return [
    ...each(state.vars, (value) =>
      typeof value === 'string' ? { type: 'plain_text', text: value } : { type: 'json', json: value },
    ),
    ...each(state.kv, (ref) => ({ type: 'kv_namespace', namespace_id: idOf('kv_namespace', ref) })),
    ...each(state.rate_limits, ({ limit, period, namespace_id }) => ({
      type: 'ratelimit',
      namespace_id,
      simple: { limit, period },
    })),
    ...each(state.services, (ref) => ({ type: 'service', service: idOf('worker', ref) })),
  ];
}

/** What others said of a binding beside what the document says of it: the entrypoint of a service, say. */
export function laidOver(live: readonly Binding[], wanted: readonly Binding[]): readonly Binding[] {
  const byName = new Map(live.map((binding) => [`${binding.type} ${binding.name}`, binding]));
  return wanted.map((binding) => ({ ...byName.get(`${binding.type} ${binding.name}`), ...binding }));
}
