import type { Style } from '../render/style.ts';
import { neutral } from '../render/value.ts';
import { changeSign, type Change, type Edge, type Node, type Picture } from './picture.ts';

const paints = { added: 'green', removed: 'red', changed: 'yellow' } as const satisfies Record<Change, keyof Style>;

type Way = { readonly node: Node; readonly edge: Edge };
type Seen = {
  readonly into: (id: string) => readonly Way[];
  readonly outOf: (id: string) => readonly Way[];
  readonly style: Style;
};

/** The picture as a tree for each portal: who gets in by what, and what is there. */
export function graphText(picture: Picture, style: Style): string {
  const byId = new Map(picture.nodes.map((node) => [node.id, node]));
  const ways = (near: 'from' | 'to', far: 'from' | 'to') => {
    const found = new Map<string, Way[]>();
    for (const edge of picture.edges) {
      const node = byId.get(edge[far]);
      if (node !== undefined) found.set(edge[near], [...(found.get(edge[near]) ?? []), { node, edge }]);
    }
    return (id: string): readonly Way[] => found.get(id) ?? [];
  };
  const seen = { into: ways('to', 'from'), outOf: ways('from', 'to'), style };
  const portals = picture.nodes.filter(({ column }) => column === 'portal');
  const alone = picture.nodes.filter(({ id, column }) => column === 'server' && seen.into(id).every(({ edge }) => edge.dotted));
  const blocks = portals.map((portal) => portalLines(portal, seen));
  const rest =
    alone.length === 0
      ? []
      : [
          [
            'in no portal:',
            ...serverLines(
              alone.map((node) => ({ node, edge: undefined })),
              seen,
            ),
          ],
        ];
  const all = [...blocks, ...rest].map((lines) => lines.join('\n'));
  return all.length === 0 ? 'The document has no portals.' : all.join('\n\n');
}

const painted = (text: string, change: Change | undefined, style: Style): string => {
  const line = `${changeSign(change)}${neutral(text)}`;
  return change === undefined ? line : style[paints[change]](line);
};

function nodeText({ sort, name, notes, marks, change }: Node, style: Style): string {
  const details = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  const warned = marks.length === 0 ? '' : ` ${style.yellow(neutral(`[${marks.join('] [')}]`))}`;
  return `${painted(`${sort}${name === '' ? '' : ` ${name}`}${details}`, change, style)}${warned}`;
}

function portalLines(portal: Node, seen: Seen): readonly string[] {
  const policies = seen.into(portal.id).map((way) => `  ${wayText(way, seen)}${sources(way.node, seen)}`);
  const servers = seen.outOf(portal.id);
  return [
    nodeText(portal, { ...seen.style, dim: seen.style.bold }),
    ...(policies.length === 0 ? [] : ['  let in by', ...policies.map((line) => `  ${line}`)]),
    ...(servers.length === 0 ? [] : ['  has', ...serverLines(servers, seen).map((line) => `  ${line}`)]),
  ];
}

/** The edge counts as changed where its node does not say so already. */
function wayText({ node, edge }: Way, { style }: Seen): string {
  const label = edge.label === '' ? '' : ` {${neutral(edge.label)}}`;
  return `${nodeText({ ...node, ...(edge.change === undefined ? {} : { change: edge.change }) }, style)}${label}`;
}

/** Whom a policy or group is for, with the groups spelled out. */
function sources(node: Node, seen: Seen, within: readonly string[] = []): string {
  const all = seen.into(node.id).filter(({ node: { id } }) => !within.includes(id));
  if (all.length === 0) return '';
  return `: ${all.map((way) => `${wayText(way, seen)}${nested(sources(way.node, seen, [...within, node.id]))}`).join(', ')}`;
}

const nested = (text: string): string => (text === '' ? '' : ` (${text.slice(2)})`);

type MaybeWay = { readonly node: Node; readonly edge: Edge | undefined };

function serverLines(servers: readonly MaybeWay[], seen: Seen): readonly string[] {
  return servers.flatMap(({ node, edge }) => {
    const own = edge === undefined ? nodeText(node, seen.style) : wayText({ node, edge }, seen);
    const origins = seen.outOf(node.id).map((way) => wayText(way, seen));
    const gates = seen.into(node.id).filter((way) => way.edge.dotted);
    return [
      `  ${own}${origins.length === 0 ? '' : ` → ${origins.join(', ')}`}`,
      ...gates.map((way) => `    also let in by ${wayText(way, seen)}${sources(way.node, seen)}`),
    ];
  });
}
