import { groupBy } from '../engine/group-by.ts';

/** How something differs from an earlier version of the document. */
export type Change = 'added' | 'removed' | 'changed';

/** What stands before it, so that colour never says it alone. */
export const changeSign = (change: Change | undefined): string =>
  change === undefined ? '' : { added: '+ ', removed: '- ', changed: '~ ' }[change];

/** Columns from left to right: who, what they belong to, what lets them in, where, what they find there, and where that runs. */
export const columns = ['who', 'group', 'policy', 'portal', 'server', 'origin'] as const;
export type Column = (typeof columns)[number];

export type Node = {
  /** Unique; the address of a resource, where the node is one. */
  readonly id: string;
  readonly column: Column;
  /** What sort of thing it is, in a word or two. */
  readonly sort: string;
  readonly name: string;
  /** Further lines. */
  readonly notes: readonly string[];
  /** What deserves attention: `unprotected`, `absent`, … */
  readonly marks: readonly string[];
  readonly change?: Change;
};

/** Whether one of the marks is a warning. */
export const isWarned = ({ marks }: Pick<Node, 'marks'>): boolean => marks.some((mark) => mark !== 'protect');

export type Edge = {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Beside the main way: a policy that a server has and its portals have not. */
  readonly dotted: boolean;
  readonly change?: Change;
};

/** Who reaches what. The order of both lists is that of the document. */
export type Picture = { readonly nodes: readonly Node[]; readonly edges: readonly Edge[] };

export const edgeId = ({ from, to }: Edge): string => JSON.stringify([from, to]);

/** The later picture with what only the earlier one has, and with what differs marked. */
export function compare(before: Picture, after: Picture): Picture {
  return {
    nodes: compared(before.nodes, after.nodes, ({ id }) => id),
    edges: compared(before.edges, after.edges, edgeId),
  };
}

function compared<T extends { readonly change?: Change }>(
  before: readonly T[],
  after: readonly T[],
  idOf: (one: T) => string,
): readonly T[] {
  const olds = new Map(before.map((one) => [idOf(one), one]));
  const ids = new Set(after.map(idOf));
  return [
    ...after.map((one): T => {
      const old = olds.get(idOf(one));
      if (old === undefined) return { ...one, change: 'added' };
      return JSON.stringify(old) === JSON.stringify(one) ? one : { ...one, change: 'changed' };
    }),
    ...before.filter((one) => !ids.has(idOf(one))).map((one): T => ({ ...one, change: 'removed' })),
  ];
}

/** What can be reached from these nodes, along the edges and against them, without turning round. */
export function around({ nodes, edges }: Picture, ids: ReadonlySet<string>): Picture {
  const ahead = reached(ids, edges, 'to');
  // A policy of a server alone is part of the picture of the server.
  const alone = edges.filter(({ dotted, to }) => dotted && ahead.has(to)).map(({ from }) => from);
  const all = new Set([...ahead, ...reached(new Set([...ids, ...alone]), edges, 'from')]);
  return { nodes: nodes.filter(({ id }) => all.has(id)), edges: edges.filter(({ from, to }) => all.has(from) && all.has(to)) };
}

/** `end` is the end of the edges that is walked to. Backwards, dotted edges are left to the caller. */
function reached(start: ReadonlySet<string>, edges: readonly Edge[], end: 'from' | 'to'): ReadonlySet<string> {
  const near = end === 'to' ? 'from' : 'to';
  const byNear = groupBy(
    edges.filter(({ dotted }) => end === 'to' || !dotted),
    (edge) => edge[near],
  );
  const found = new Set(start);
  // A set that grows while it is walked is walked to its end.
  for (const id of found) for (const edge of byNear.get(id) ?? []) found.add(edge[end]);
  return found;
}
