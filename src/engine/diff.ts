import { Secret } from '../secrets/secret.ts';
import type { State } from './kind.ts';
import type { FieldRule, FieldRules } from './field-rules.ts';
import type { FieldChange } from './plan-types.ts';
import { canonicalJson, isNothing, isPlain, isSecretTree, joined, memberOf, toPlain, type Plain } from './values.ts';

export type DiffOptions = {
  readonly desired: State;
  readonly live: State;
  readonly rules: FieldRules;
  /** Secrets that Cloudflare holds already count as different: `--resend-secrets`. */
  readonly resendSecrets?: boolean;
};

/**
 * What has to change for `live` to say what `desired` says. Only what `desired` names is compared:
 * a key that it leaves out never differs, at every depth. Maps keyed by the user are wholes.
 */
export function diff(options: DiffOptions): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  compareFields(options, { path: '', pattern: '' }, { desired: options.desired, live: options.live, changes });
  return changes;
}

/** `pattern` is the path with `*` for each key that the user chose. */
type Position = { readonly path: string; readonly pattern: string };
type Pair<D = unknown> = { readonly desired: D; readonly live: unknown; readonly changes: FieldChange[] };

function compareFields(options: DiffOptions, at: Position, pair: Pair<Plain>): void {
  for (const [key, desired] of Object.entries(pair.desired)) {
    compare(options, below(at, key, key), { desired, live: memberOf(pair.live, key), changes: pair.changes });
  }
}

function compare(options: DiffOptions, at: Position, pair: Pair): void {
  const { desired, live } = pair;
  if (desired === undefined) return;
  const heldAway = live instanceof Secret || (!isPlain(desired) && isSecretTree(live));
  if (heldAway || isSecretTree(desired)) return compareSecret(options, at, pair);
  const rule = options.rules[at.pattern] ?? {};
  if (isPlain(desired)) return (rule.map === true ? compareMap : compareFields)(options, at, { ...pair, desired });
  if (!same(desired, live, rule)) pair.changes.push(change(options, at, pair));
}

/** Two secrets are equal at any depth: Cloudflare never gives one back to compare with. */
function compareSecret(options: DiffOptions, at: Position, pair: Pair): void {
  const bothSecret = isSecretTree(pair.desired) && isSecretTree(pair.live);
  if (bothSecret && options.resendSecrets !== true) return;
  const shown = (value: unknown) => (isNothing(value) ? null : '(secret)');
  pair.changes.push({ ...change(options, at, pair), before: shown(pair.live), after: shown(pair.desired) });
}

function compareMap(options: DiffOptions, at: Position, pair: Pair<Plain>): void {
  const { desired } = pair;
  const live = isPlain(pair.live) ? pair.live : {};
  for (const [key, value] of Object.entries(desired)) {
    const inner = { desired: value, live: memberOf(live, key), changes: pair.changes };
    const where = below(at, key, '*');
    if (isNothing(value) && !Object.hasOwn(live, key)) pair.changes.push(change(options, where, inner));
    else compare(options, where, inner);
  }
  for (const key of Object.keys(live).filter((name) => !Object.hasOwn(desired, name))) {
    pair.changes.push(change(options, below(at, key, '*'), { ...pair, desired: undefined, live: live[key] }));
  }
}

function same(desired: unknown, live: unknown, rule: FieldRule): boolean {
  const wanted = isNothing(desired) ? rule.serverDefault : desired;
  const found = isNothing(live) ? rule.serverDefault : live;
  if (wanted === found || isSameList(wanted, found)) return true;
  if (isNothing(wanted) || isNothing(found)) return isNothing(wanted) && isNothing(found);
  if (rule.unordered === true && Array.isArray(wanted) && Array.isArray(found)) return sameSet(wanted, found);
  return canonicalJson(wanted) === canonicalJson(found);
}

/** What most lists are that do not differ; their texts would say the same at several times the price. */
const isSameList = (left: unknown, right: unknown): boolean =>
  Array.isArray(left) &&
  Array.isArray(right) &&
  left.length === right.length &&
  left.every((item, index) => item === right[index]);

function sameSet(left: readonly unknown[], right: readonly unknown[]): boolean {
  const texts = (list: readonly unknown[]) => [...new Set(list.map(canonicalJson))].toSorted();
  return texts(left).join('\n') === texts(right).join('\n');
}

function change(options: DiffOptions, at: Position, pair: Pair): FieldChange {
  return {
    path: at.path,
    before: toPlain(pair.live),
    after: toPlain(pair.desired),
    sensitive: isSecretTree(pair.desired) || isSecretTree(pair.live),
    forces_replacement: options.rules[at.pattern]?.immutable === true && !isNothing(pair.live),
  };
}

const below = (at: Position, key: string, pattern: string): Position => ({
  path: joined(at.path, key),
  pattern: joined(at.pattern, pattern),
});
