import type { Style } from '../render/style.ts';
import { neutral } from '../render/value.ts';
import type { AccessChange } from './access-changes.ts';
import type { Answer } from './judgement.ts';
import type { ToolView } from './tools.ts';
import { isSilent, type Compared } from './who-can-json.ts';
import type { PortalAccess, ServerAccess } from './who-can.ts';

export const accessMarks = {
  yes: { symbol: '✓', word: 'allowed', paint: 'green' },
  no: { symbol: '✗', word: 'refused', paint: 'red' },
  unknown: { symbol: '?', word: 'unknown', paint: 'yellow' },
} as const satisfies Record<Answer, { readonly symbol: string; readonly word: string; readonly paint: keyof Style }>;

/** Each portal with its servers below, and what decides it. */
export function whoCanText(who: string, portals: readonly PortalAccess[], style: Style): string {
  const head = style.bold(neutral(who));
  if (portals.length === 0) return `${head}: the document has no portals`;
  return [head, ...portals.flatMap((portal) => ['', ...portalLines(portal, style)])].join('\n');
}

function portalLines(portal: PortalAccess, style: Style): readonly string[] {
  const url = portal.hostname === '' ? '' : `  https://${neutral(portal.hostname)}/mcp`;
  const width = Math.max(0, ...portal.servers.map(({ id }) => id.length));
  const others = portal.servers_declared ? [] : ['    the document does not say which servers it has'];
  const servers = portal.access === 'no' ? [] : portal.servers.flatMap((server) => serverLines(server, width, style));
  const untold = portal.access === 'no' && portal.servers.length > 0 ? [`    none of its ${portal.servers.length} servers`] : [];
  return [`${verdict(portal, style)}${url}`, `    ${neutral(portal.why)}`, ...servers, ...untold, ...others];
}

const verdict = ({ id, access }: Pick<PortalAccess, 'id' | 'access'>, style: Style, width = 0): string => {
  const { symbol, word, paint } = accessMarks[access];
  return `${style[paint](symbol)} ${style.bold(neutral(id).padEnd(width))}  ${style[paint](word)}`;
};

function serverLines(server: ServerAccess, width: number, style: Style): readonly string[] {
  const views = server.access === 'no' ? [] : viewLines(server);
  return [`  ${verdict(server, style, width)}  ${neutral(server.why)}`, ...views.map((line) => `      ${line}`)];
}

/** What is said of tools and prompts by name; nothing where all are shown as they are. */
export const viewLines = ({ tools, prompts }: Pick<ServerAccess, 'tools' | 'prompts'>): readonly string[] => [
  ...viewLine('tools', tools),
  ...viewLine('prompts', prompts),
];

function viewLine(word: string, view: ToolView): readonly string[] {
  if (isSilent(view)) return [];
  const renamed = view.shown.map((name) =>
    Object.hasOwn(view.renamed, name) ? `${neutral(name)} as ${neutral(view.renamed[name] ?? '')}` : neutral(name),
  );
  const parts = [
    ...(renamed.length === 0 ? [] : [`shown: ${renamed.join(', ')}`]),
    ...(view.hidden.length === 0 ? [] : [`hidden: ${view.hidden.map(neutral).join(', ')}`]),
    `all others ${view.default === 'enabled' ? 'shown' : 'hidden'}`,
  ];
  return [`${word}: ${parts.join('; ')}`];
}

const signs = { gained: '+', lost: '-', renamed: '~' } as const;
const paints = { gained: 'green', lost: 'red', renamed: 'yellow' } as const;

export function changesText(who: string, { ref, changes }: Compared, style: Style): string {
  const lines = changes.map((change) => style[paints[change.change]](changeLine(change)));
  return [`${style.bold(neutral(who))} ${changesSummary({ ref, changes })}`, ...lines].join('\n');
}

export function changesSummary({ ref, changes }: Compared): string {
  const count = (word: AccessChange['change']): number => changes.filter(({ change }) => change === word).length;
  if (changes.length === 0) return `has the same access as in ${neutral(ref)}.`;
  const counts = [
    `${count('gained')} gained`,
    `${count('lost')} lost`,
    ...(count('renamed') === 0 ? [] : [`${count('renamed')} renamed`]),
  ];
  return `compared with ${neutral(ref)}: ${counts.join(', ')}.`;
}

/** One line, harmless in a terminal; it starts as a line of a diff does. */
export function changeLine({ change, portal, server, tool, prompt, before, after, why }: AccessChange): string {
  const named =
    tool === undefined ? (prompt === undefined ? [] : [`prompt ${every(prompt, 'prompts')}`]) : [`tool ${every(tool, 'tools')}`];
  const what = [`portal ${portal}`, ...(server === undefined ? [] : [`server ${server}`]), ...named].join(', ');
  const reason = why === '' ? '' : ` (${why})`;
  return neutral(`${signs[change]} ${what}: ${wordOf(before)} → ${wordOf(after)}${reason}`);
}

const every = (name: string, plural: string): string => (name === '*' ? `* (all ${plural} without a row of their own)` : name);

const isAnswer = (word: string): word is Answer => Object.hasOwn(accessMarks, word);
const wordOf = (word: string): string => (isAnswer(word) ? accessMarks[word].word : word);
