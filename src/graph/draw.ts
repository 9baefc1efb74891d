import { rulesIn, ruleText } from '../access/rule.ts';
import type { Desired, Kind } from '../engine/kind.ts';
import { memberOf } from '../engine/values.ts';
import { linksOf } from './links.ts';
import { peopleOf } from './people.ts';
import { around, edgeId, type Edge, type Node, type Picture } from './picture.ts';
import { castOf, columnOf } from './places.ts';

export type Drawn = {
  readonly desired: readonly Desired[];
  readonly kinds: readonly Kind[];
  /** More marks by address, such as that a server is not ready in the account. */
  readonly marks?: ReadonlyMap<string, readonly string[]>;
};

/** The picture of a document, made of its resources and what they mention. */
export function draw({ desired, kinds, marks }: Drawn): Picture {
  const cast = castOf(desired);
  const shown = [...cast.shown];
  const people = shown.flatMap(([, resource]) => peopleOf(resource));
  const links = shown.flatMap((one) => linksOf(one, cast, kinds));
  const hosts = shown.flatMap(([address, { state }]) =>
    links.some(({ edge }) => edge.from === address) ? [] : hostOf(address, state['url']),
  );
  const edges = withoutTwins([...people, ...links, ...hosts].map(({ edge }) => edge));
  const resources = shown.map(([address, resource]): Node => {
    const part = cast.parts.get(address);
    const title = kinds.find(({ kind }) => kind === resource.kind)?.title ?? resource.kind;
    const said = marksOf(resource, part);
    return { ...nodeOf(address, resource, part), sort: title, marks: [...said, ...(marks?.get(address) ?? [])] };
  });
  const ends = [...links, ...hosts].flatMap(({ node }: { readonly node?: Node }) => node ?? []);
  const all = new Map([...people.map(({ node }) => node), ...resources, ...ends].map((node) => [node.id, node]));
  // What leads to no portal and no server is not part of this picture.
  const gates = [...all.values()].filter(({ column }) => isGate(column)).map(({ id }) => id);
  return around({ nodes: [...all.values()], edges }, new Set(gates));
}

/** What has an Access application of its own. */
const isGate = (column: string | undefined): boolean => column === 'portal' || column === 'server';

function nodeOf(id: string, { kind, key, state }: Desired, part: Desired | undefined): Omit<Node, 'sort' | 'marks'> {
  const text = (field: string): readonly string[] => (typeof state[field] === 'string' ? [state[field]] : []);
  const rules = (list: string, word: string): readonly string[] => {
    const said = rulesIn(state[list]).map(ruleText);
    return said.length === 0 ? [] : [`${word} ${said.join(', ')}`];
  };
  const column = columnOf(kind) ?? 'who';
  const policies = column === 'server' ? memberOf(part?.state['access'], 'policies') : undefined;
  const gate = Array.isArray(policies) ? [`policies: ${policies.map(String).join(', ')}`] : [];
  const notes = [
    ...text('decision'),
    ...text('hostname'),
    ...rules('require', 'requires'),
    ...rules('exclude', 'excludes'),
    ...gate,
  ];
  return { id, column, name: key, notes };
}

const marksOf = ({ kind, absent, protect }: Desired, part: Desired | undefined): readonly string[] => [
  ...(isGate(columnOf(kind)) && part === undefined && !absent ? ['unprotected'] : []),
  ...(absent ? ['absent'] : []),
  ...(protect ? ['protect'] : []),
];

/** The host of a server that runs neither behind a tunnel nor on a Worker of the document. */
function hostOf(from: string, url: unknown): readonly { readonly edge: Edge; readonly node: Node }[] {
  if (typeof url !== 'string' || !URL.canParse(url)) return [];
  const { host } = new URL(url);
  const id = JSON.stringify(['host', host]);
  return [
    {
      edge: { from, to: id, label: '', dotted: false },
      node: { id, column: 'origin', sort: 'host', name: host, notes: [], marks: [] },
    },
  ];
}

/** Each edge once; and not the policy of a server that lets into its portal already, which would say the same twice. */
function withoutTwins(edges: readonly Edge[]): readonly Edge[] {
  const unique = [...new Map(edges.map((edge) => [edgeId(edge), edge])).values()];
  const main = new Set(unique.map(edgeId));
  const portalsOf = (server: string) => unique.filter(({ to, dotted }) => to === server && !dotted).map(({ from }) => from);
  const isTwin = ({ from, to, dotted }: Edge): boolean =>
    dotted && portalsOf(to).some((portal) => main.has(JSON.stringify([from, portal])));
  return unique.filter((edge) => !isTwin(edge));
}
