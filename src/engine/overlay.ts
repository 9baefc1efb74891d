import type { State } from './kind.ts';
import type { FieldRules } from './field-rules.ts';
import { isPlain, isSecretTree, joined, memberOf } from './values.ts';

/**
 * The live state with the declared fields laid over it: what an endpoint that replaces the whole
 * object is sent, so that what others set is kept. In a map keyed by the user the declared keys are
 * the whole; inside an entry that exists on both sides the undeclared fields stay.
 */
export function overlay(live: State, desired: State, rules: FieldRules): State {
  return merge(live, desired, { rules, pattern: '' });
}

type Where = { readonly rules: FieldRules; readonly pattern: string };

function merge(live: State, desired: State, where: Where): State {
  const isMap = where.rules[where.pattern]?.map === true;
  const kept = isMap ? {} : live;
  const laid = Object.entries(desired)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, mergeValue(memberOf(live, key), value, step(where, key, isMap))] as const);
  return { ...kept, ...Object.fromEntries(laid) };
}

function mergeValue(live: unknown, desired: unknown, where: Where): unknown {
  if (!isPlain(desired) || isSecretTree(desired)) return desired;
  return merge(isPlain(live) ? live : {}, desired, where);
}

const step = (where: Where, key: string, isMap: boolean): Where => ({
  ...where,
  pattern: joined(where.pattern, isMap ? '*' : key),
});
