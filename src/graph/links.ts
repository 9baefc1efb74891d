import { addressOf, type Desired, type Kind, type Reference } from '../engine/kind.ts';
import { isPlain, memberOf } from '../engine/values.ts';
import type { Edge, Node } from './picture.ts';
import { columnOf, type Cast } from './places.ts';

/** What leads from one column into another. A token that a server signs in with, for example, does not. */
const ways: ReadonlySet<string> = new Set(
  'who>group who>policy group>group group>policy policy>portal policy>server portal>server server>origin'.split(' '),
);

/** An edge, and its other end where the document does not have it. */
type Link = { readonly edge: Edge; readonly node?: Node };

/** What a resource and its part mention, as edges from the left to the right. */
export function linksOf([address, resource]: readonly [string, Desired], cast: Cast, kinds: readonly Kind[]): readonly Link[] {
  const part = cast.parts.get(address);
  const mentions = [...mentionsOf(resource, kinds), ...(part === undefined ? [] : mentionsOf(part, kinds))];
  const links = mentions.flatMap((mention) => linkTo(mention, [address, resource], cast));
  const policies = links.filter(({ edge }) => columnOf(kindIn(edge.from)) === 'policy' && !edge.dotted);
  if (policies.length < 2) return links;
  const ranks = new Map(policies.map(({ edge }, index) => [edge, String(index + 1)]));
  return links.map((link) => ({ ...link, edge: { ...link.edge, label: ranks.get(link.edge) ?? link.edge.label } }));
}

const kindIn = (address: string): string => address.slice(0, Math.max(0, address.indexOf(':')));

function mentionsOf({ kind, state, follows = [] }: Desired, kinds: readonly Kind[]): readonly Reference[] {
  const followed = follows.map((address) => ({ kind: kindIn(address), ref: address.slice(address.indexOf(':') + 1) }));
  return [...(kinds.find((each) => each.kind === kind)?.references(state) ?? []), ...followed];
}

function linkTo(mention: Reference, [near, resource]: readonly [string, Desired], { shown }: Cast): readonly Link[] {
  const far = resolved(mention, shown);
  const [here, there] = [columnOf(resource.kind), columnOf(mention.kind)];
  if (here === undefined || there === undefined || far === near) return [];
  const isInward = ways.has(`${there}>${here}`);
  if (!isInward && !ways.has(`${here}>${there}`)) return [];
  const [from, to] = isInward ? [far, near] : [near, far];
  const label = here === 'portal' ? linkLabel(memberOf(resource.state['servers'], mention.ref)) : '';
  const edge = { from, to, label, dotted: here === 'server' && there === 'policy' };
  if (shown.has(far)) return [{ edge }];
  const sort = mention.kind.replaceAll('_', ' ');
  return [{ edge, node: { id: far, column: there, sort, name: mention.ref, notes: [], marks: ['not in the document'] } }];
}

/** By key, or by the name of a resource that the document has under another key. */
function resolved({ kind, ref }: Reference, shown: Cast['shown']): string {
  const address = addressOf(kind, ref);
  if (shown.has(address)) return address;
  return [...shown].find(([, other]) => other.kind === kind && other.state['name'] === ref)?.[0] ?? address;
}

/** What a portal says about one of its servers, in a few words. */
function linkLabel(link: unknown): string {
  const rows = Object.values(Object(memberOf(link, 'tools') ?? {}));
  const hidden = rows.filter((row) => isPlain(row) && row['enabled'] === false).length;
  const shown = rows.filter((row) => isPlain(row) && row['enabled'] === true).length;
  return [
    ...(memberOf(link, 'default') === 'disabled' ? [`tools shown: only ${shown}`] : []),
    ...(memberOf(link, 'default') !== 'disabled' && hidden > 0 ? [`tools hidden: ${hidden}`] : []),
    ...(memberOf(link, 'on_behalf') === true ? ['own login'] : []),
  ].join(', ');
}
