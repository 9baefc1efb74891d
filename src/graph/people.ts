import { ruleSort, rulesIn, ruleText } from '../access/rule.ts';
import { groupBy } from '../engine/group-by.ts';
import { addressOf, type Desired } from '../engine/kind.ts';
import type { Edge, Node } from './picture.ts';

/** How many rules of one sort are drawn each on its own. */
const most = 4;
/** Rules that mention a resource: that is drawn instead. */
const mentions: ReadonlySet<string> = new Set(['group', 'service_token']);

/** Whom a policy or group includes by its own words, such as an email address. */
export function peopleOf({ kind, key, state }: Desired): readonly { readonly node: Node; readonly edge: Edge }[] {
  const to = addressOf(kind, key);
  const rules = rulesIn(state['include']).filter((rule) => !mentions.has(ruleSort(rule)));
  return [...groupBy(rules, ruleSort)].flatMap(([sort, some]) => {
    const isMany = some.length > most;
    const names = isMany ? [`${some.length} of them`] : some.map((rule) => ruleText(rule).slice(sort.length).trim());
    return names.map((name) => {
      const id = JSON.stringify(isMany ? [sort, to] : [sort, name]);
      return {
        node: { id, column: 'who', sort, name, notes: [], marks: [] },
        edge: { from: id, to, label: '', dotted: false },
      };
    });
  });
}
