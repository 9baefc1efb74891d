import { columns, type Node, type Picture } from './picture.ts';

export type Box = {
  readonly node: Node;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};
export type Layout = { readonly boxes: ReadonlyMap<string, Box>; readonly width: number; readonly height: number };

export const lineHeight = 16;
const padding = 8;
const gap = { x: 70, y: 14, margin: 16 };
/** The width of a character of a monospaced font of 12 pixels. */
const character = 7.3;

/**
 * A column for each sort that there is, from the left to the right. Within a column the boxes stand in
 * the order of their neighbours on the left, so that few lines cross.
 */
export function layOut(picture: Picture, linesOf: (node: Node) => readonly string[]): Layout {
  const boxes = new Map<string, Box>();
  const height = Math.max(
    ...columns.map((column) =>
      columnHeight(
        picture.nodes.filter((node) => node.column === column),
        linesOf,
      ),
    ),
  );
  let x = gap.margin;
  for (const column of columns) {
    const nodes = inOrder(
      picture.nodes.filter((node) => node.column === column),
      picture,
      boxes,
    );
    if (nodes.length === 0) continue;
    const width =
      Math.max(...nodes.flatMap((node) => linesOf(node).map((line) => Array.from(line).length))) * character + 2 * padding;
    let y = gap.margin + (height - columnHeight(nodes, linesOf)) / 2;
    for (const node of nodes) {
      const lines = linesOf(node);
      boxes.set(node.id, { node, lines, x, y, width, height: boxHeight(lines) });
      y += boxHeight(lines) + gap.y;
    }
    x += width + gap.x;
  }
  return { boxes, width: Math.max(x - gap.x, gap.margin) + gap.margin, height: height + 2 * gap.margin };
}

const boxHeight = (lines: readonly string[]): number => lines.length * lineHeight + padding;

const columnHeight = (nodes: readonly Node[], linesOf: (node: Node) => readonly string[]): number =>
  nodes.reduce((sum, node) => sum + boxHeight(linesOf(node)) + gap.y, 0) - (nodes.length === 0 ? 0 : gap.y);

/** By the middle of the neighbours that have their place already; those without any keep theirs. */
function inOrder(nodes: readonly Node[], { edges }: Picture, boxes: ReadonlyMap<string, Box>): readonly Node[] {
  const places = new Map<string, number[]>();
  for (const { from, to } of edges) {
    const box = boxes.get(from);
    if (box !== undefined) places.set(to, [...(places.get(to) ?? []), box.y + box.height / 2]);
  }
  const middle = ({ id }: Node): number => {
    const all = places.get(id) ?? [];
    return all.length === 0 ? Infinity : all.reduce((sum, y) => sum + y, 0) / all.length;
  };
  const ranked = nodes.map((node, index) => ({ node, index, at: middle(node) }));
  return ranked.toSorted((a, b) => (a.at === b.at ? a.index - b.index : a.at - b.at)).map(({ node }) => node);
}
