import { rulesIn, ruleText } from '../access/rule.ts';
import { addressOf, type Desired, type Kind, type Reference, type State } from '../engine/kind.ts';
import { isPlain, memberOf } from '../engine/values.ts';
import { linkLabel } from './link-label.ts';
import type { Column, Edge, Node, Picture } from './picture.ts';

/** Where the kinds of resources stand. A kind without a place is not drawn. */
const places: Readonly<Record<string, Column>> = {
  service_token: 'who',
  group: 'group',
  policy: 'policy',
  portal: 'portal',
  server: 'server',
  tunnel: 'origin',
  worker: 'origin',
};
/** What leads from one column into another: a mention the other way round, or along. A credential of a server does not. */
const ways: ReadonlySet<string> = new Set(
  'who>group who>policy group>group group>policy policy>portal policy>server portal>server server>origin'.split(' '),
);

export type Drawn = {
  readonly desired: readonly Desired[];
  readonly kinds: readonly Kind[];
  /** More marks by address, such as what is not ready in the account. */
  readonly marks?: ReadonlyMap<string, readonly string[]>;
};

/** The picture of a document, from its resources and what they mention. */
export function draw(drawn: Drawn): Picture {
  const shown = drawn.desired.filter(({ kind }) => places[kind] !== undefined);
  const parts = drawn.desired.filter(({ kind }) => isPart(kind, drawn.kinds));
  const known = new Map(shown.map((resource) => [addressOf(resource.kind, resource.key), resource]));
  const links = [...shown, ...parts].flatMap((resource) => linksOf(resource, drawn, known));
  const people = shown.flatMap(peopleOf);
  const hosts = shown.flatMap((server) => hostOf(server, links));
  const edges = merged([...people, ...links, ...hosts].map(({ edge }) => edge));
  const nodes = [
    ...people.map(({ node }) => node),
    ...shown.map((resource) => nodeOf(resource, parts, drawn)),
    ...[...links, ...hosts].flatMap(({ node }) => node ?? []),
  ];
  const used = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const isDrawn = ({ id, column }: Node): boolean => used.has(id) || column === 'portal' || column === 'server';
  return { nodes: unique(nodes.filter(isDrawn)), edges: withoutRepeats(edges) };
}

/** A resource that no section of its own declares is a part of the one whose key it has. */
const isPart = (kind: string, kinds: readonly Kind[]): boolean =>
  kinds.some((each) => each.kind === kind && each.section === undefined && each.refersTo.length > 0);

const ownerOf = (part: Desired, known: ReadonlyMap<string, Desired>): string | undefined =>
  [...known].find(([, { key, place }]) => key === part.key && place?.path === part.place?.path)?.[0];

type Link = { readonly edge: Edge; readonly node?: Node };

function linksOf(resource: Desired, { kinds }: Drawn, known: ReadonlyMap<string, Desired>): readonly Link[] {
  const kind = kinds.find((each) => each.kind === resource.kind);
  const own = addressOf(resource.kind, resource.key);
  const near = known.has(own) ? own : ownerOf(resource, known);
  if (kind === undefined || near === undefined) return [];
  const follows = (resource.follows ?? []).map((address) => ({ kind: address.split(':')[0] ?? '', ref: address.slice(address.indexOf(':') + 1) }));
  const mentions: readonly Reference[] = [...kind.references(resource.state), ...follows];
  const isRanked = ({ kind: word }: Reference) => word === 'policy' && mentions.filter((other) => other.kind === word).length > 1;
  const ranks = new Map<string, number>();
  return mentions.flatMap((mention) => {
    const far = resolve(mention, known);
    const rank = (ranks.get(mention.kind) ?? 0) + 1;
    ranks.set(mention.kind, rank);
    const way = wayBetween(near, far, mention);
    if (way === undefined || far === near) return [];
    const label = isRanked(mention) ? String(rank) : linkLabel(memberOf(resource.state['servers'], mention.ref));
    const edge = { ...way, label, dotted: way.from.startsWith('policy:') && way.to.startsWith('server:') };
    return [known.has(far) ? { edge } : { edge, node: liveOnly(far, mention) }];
  });
}

/** By key, or as a live thing's name that the document declares under another key. */
function resolve({ kind, ref }: Reference, known: ReadonlyMap<string, Desired>): string {
  const address = addressOf(kind, ref);
  if (known.has(address)) return address;
  return [...known].find(([, other]) => other.kind === kind && other.state['name'] === ref)?.[0] ?? address;
}

/** Edges run from the left to the right, whoever mentions whom. */
function wayBetween(near: string, far: string, mention: Reference): { readonly from: string; readonly to: string } | undefined {
  const [here, there] = [places[near.split(':')[0] ?? ''], places[mention.kind]];
  if (ways.has(`${there}>${here}`)) return { from: far, to: near };
  return ways.has(`${here}>${there}`) ? { from: near, to: far } : undefined;
}

const liveOnly = (id: string, { kind, ref }: Reference): Node => ({
  id,
  column: places[kind] ?? 'who',
  sort: kind.replaceAll('_', ' '),
  name: ref,
  notes: [],
  marks: ['not in the document'],
});

function nodeOf(resource: Desired, parts: readonly Desired[], { kinds, marks }: Drawn): Node {
  const { kind, key, state, absent, protect } = resource;
  const id = addressOf(kind, key);
  const part = parts.find((one) => one.key === key && one.place?.path === resource.place?.path);
  const column = places[kind] ?? 'who';
  const isGate = column === 'portal' || column === 'server';
  return {
    id,
    column,
    sort: kinds.find((each) => each.kind === kind)?.title ?? kind,
    name: key,
    notes: notesOf(state, column === 'server' ? part?.state : undefined),
    marks: [
      ...(isGate && part === undefined && !absent ? ['unprotected'] : []),
      ...(absent ? ['absent'] : []),
      ...(protect ? ['protect'] : []),
      ...(marks?.get(id) ?? []),
    ],
  };
}

function notesOf(state: State, part: State | undefined): readonly string[] {
  const text = (field: string): readonly string[] => (typeof state[field] === 'string' ? [state[field]] : []);
  const rules = (list: string, word: string) => {
    const said = rulesIn(state[list]).map(ruleText);
    return said.length === 0 ? [] : [`${word} ${said.join(', ')}`];
  };
  const policies = memberOf(part?.['access'], 'policies');
  const gate = Array.isArray(policies) ? [`policies: ${policies.map(String).join(', ')}`] : [];
  return [...text('decision'), ...text('hostname'), ...rules('require', 'requires'), ...rules('exclude', 'excludes'), ...gate];
}

/** How many rules of one sort are drawn each on its own. */
const mostOfASort = 4;

/** Whom a policy or group includes without a resource that says so. */
function peopleOf({ kind, key, state }: Desired): readonly (Link & { readonly node: Node })[] {
  const rules = rulesIn(state['include']).filter((rule) => !['group', 'service_token'].some((word) => word in rule));
  const bySort = Map.groupBy === undefined ? group(rules) : Map.groupBy(rules, sortOf);
  const to = addressOf(kind, key);
  return [...bySort].flatMap(([sort, some]) => {
    const names = some.length > mostOfASort ? [`${some.length} of them`] : some.map((rule) => ruleText(rule).slice(sort.length).trim());
    return names.map((name) => {
      const id = some.length > mostOfASort ? JSON.stringify([sort, to]) : JSON.stringify([sort, name]);
      const node: Node = { id, column: 'who', sort, name, notes: [], marks: [] };
      return { node, edge: { from: id, to, label: '', dotted: false } };
    });
  });
}

type Rule = ReturnType<typeof rulesIn>[number];
const sortOf = (rule: Rule): string => (isPlain(rule['raw']) ? (Object.keys(rule['raw'])[0] ?? 'raw') : (Object.keys(rule)[0] ?? ''));
