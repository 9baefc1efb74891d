import type { Entry, Finding } from '../../engine/kind.ts';
import { isPlain } from '../../engine/values.ts';
import { mistake } from '../document/findings.ts';

type Spot = Pick<Entry, 'at'> & { readonly value: unknown };

/** An alias that another tool (or prompt) of the same server already has, as its alias or its own name. */
export function checkAliases(spot: Spot, ...path: readonly string[]): readonly Finding[] {
  const value = path.reduce<unknown>((inner, key) => (isPlain(inner) ? inner[key] : undefined), spot.value);
  return ['tools', 'prompts'].flatMap((list) => {
    const rows = isPlain(value) && isPlain(value[list]) ? value[list] : {};
    const taken = new Map<string, string>(Object.keys(rows).map((name) => [name, name]));
    return Object.entries(rows).flatMap(([name, row]) => {
      const alias = isPlain(row) && typeof row['alias'] === 'string' ? row['alias'] : undefined;
      if (alias === undefined || alias === '') return [];
      const owner = taken.get(alias);
      taken.set(alias, name);
      if (owner === undefined) return [];
      return [
        mistake({
          code: 'MCP206',
          message: `the alias "${alias}" of ${name} is taken by ${owner}`,
          place: spot.at(...path, list, name, 'alias'),
        }),
      ];
    });
  });
}
