import type { Names } from '../../engine/kind.ts';
import type { Plain } from '../../engine/values.ts';
import { canonicalRule, rulesFromApi, rulesToApi, spellOut, type Rule } from './rules.ts';
import { withoutUndefined } from '../document/section.ts';

/** What a group or policy matches: any of `include`, all of `require`, none of `exclude`. */
export type RuleLists = {
  readonly include?: readonly Rule[];
  readonly require?: readonly Rule[];
  readonly exclude?: readonly Rule[];
};

type Stated = { readonly [list in keyof RuleLists]?: readonly Plain[] | null | undefined };

/** The lists that an entry states, each rule on its own; null states an empty one. */
export function statedRules(entry: Stated): RuleLists {
  const list = (rules: readonly Plain[] | null | undefined) => (rules === null ? [] : spellOut(rules));
  return withoutUndefined({ include: list(entry.include), require: list(entry.require), exclude: list(entry.exclude) });
}

/** The rule lists of a live group or policy, canonical. */
export function liveRules(live: Plain, names: Names): Required<RuleLists> {
  const list = (value: unknown) => rulesFromApi(value, names);
  return { include: list(live['include']), require: list(live['require']), exclude: list(live['exclude']) };
}

/** The declared rule lists, canonical; a list that is left out stays left out. */
export function settledRules(state: RuleLists, names: Names): RuleLists {
  const list = (rules: readonly Rule[] | undefined) => rules?.map((rule) => canonicalRule(rule, names));
  return withoutUndefined({ include: list(state.include), require: list(state.require), exclude: list(state.exclude) });
}

/** The rule lists of a full replacement. */
export const ruleBody = (state: RuleLists, names: Names): Plain => ({
  include: rulesToApi(state.include, names),
  require: rulesToApi(state.require, names),
  exclude: rulesToApi(state.exclude, names),
});
