import type { Finding, Place } from '../../engine/kind.ts';
import { isPlain, type Plain } from '../../engine/values.ts';
import { warning } from '../document/findings.ts';

type Named = { readonly place: Place; readonly where: string; readonly server: unknown };

/**
 * Overrides of tools and prompts that the server does not have (any more): when an upstream renames a
 * tool, its alias is dropped at the next sync without a word (Q19). Nothing is said of a server whose
 * tools Cloudflare has not read.
 */
export function orphanedOverrides(said: Plain, { place, where, server }: Named): readonly Finding[] {
  return ['tools', 'prompts'].flatMap((list) => {
    const overrides = said[list];
    const known = isPlain(server) && Array.isArray(server[list]) ? server[list].filter(isPlain).map(({ name }) => name) : [];
    if (!isPlain(overrides) || known.length === 0) return [];
    const orphans = Object.keys(overrides).filter((name) => !known.includes(name));
    const word = list === 'tools' ? 'tool' : 'prompt';
    return orphans.map((name) =>
      warning({
        code: 'MCP019',
        message: `${where}.${list}.${name}: the server has no ${word} of this name`,
        place,
        hint: 'look whether it was renamed upstream',
      }),
    );
  });
}
