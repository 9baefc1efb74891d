import { isPlain, memberOf } from '../engine/values.ts';

/** What a link shows of a server's tools, as far as the document names them, by the upstream's names. */
export type ToolView = {
  /** What holds for every tool that the document does not name. */
  readonly default: 'enabled' | 'disabled';
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
  /** Aliases of those that are shown. */
  readonly renamed: { readonly [tool: string]: string };
};

/** `list` is `tools` or `prompts`. The link decides, then the server, then the link's default. */
export function toolView(list: 'tools' | 'prompts', link: unknown, server: unknown): ToolView {
  const standard = memberOf(link, 'default') === 'disabled' ? 'disabled' : 'enabled';
  const [here, everywhere] = [memberOf(link, list), memberOf(server, list)];
  if (here === undefined && everywhere === undefined) return { default: standard, shown: [], hidden: [], renamed: {} };
  const names = [...new Set([here, everywhere].flatMap((rows) => (isPlain(rows) ? Object.keys(rows) : [])))].toSorted();
  const rows = (name: string) => [memberOf(here, name), memberOf(everywhere, name)];
  const isShown = (name: string): boolean =>
    rows(name)
      .map(enabledIn)
      .find((enabled) => enabled !== undefined) ?? standard === 'enabled';
  const shown = names.filter(isShown);
  const aliases = shown.flatMap((name) => {
    const alias = rows(name)
      .map((row) => memberOf(row, 'alias'))
      .find((text) => typeof text === 'string' && text !== '');
    return typeof alias === 'string' ? [[name, alias] as const] : [];
  });
  return { default: standard, shown, hidden: names.filter((name) => !isShown(name)), renamed: Object.fromEntries(aliases) };
}

function enabledIn(row: unknown): boolean | undefined {
  if (typeof row === 'boolean') return row;
  const enabled = memberOf(row, 'enabled');
  return typeof enabled === 'boolean' ? enabled : undefined;
}
