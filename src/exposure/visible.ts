import { isPlain, memberOf } from '../engine/values.ts';
import { lists, type Catalogue, type Item, type List } from './items.ts';

/** What a server, or a portal's link to it, says about its tools and prompts, by their own names. */
export type Settings = { readonly [list in List]?: unknown };

/** A portal's link to a server, and what the server says for all portals. */
export type Link = {
  readonly server: string;
  /** `default`, `tools` and `prompts` as in the document. */
  readonly link: Settings & { readonly default?: unknown };
  readonly settings: Settings;
};

/** A tool or prompt as a portal has it. */
export type Offer = {
  readonly server: string;
  readonly list: List;
  /** The upstream's own name. */
  readonly own: string;
  /** What clients call it: `SERVER_TOOL`, with the alias where there is one. */
  readonly name: string;
  readonly description: string;
  readonly isVisible: boolean;
  readonly readOnly: boolean;
  /** Characters of the definition that a client gets, as JSON, and the tokens that those may be. */
  readonly characters: number;
  readonly tokens: number;
};

/** Whether clients see it: the portal's word counts before the server's, and that before the link's default. */
export function isVisible(own: string, list: List, { link, settings }: Omit<Link, 'server'>): boolean {
  const said = [link, settings].map((rows) => memberOf(memberOf(rows[list], own), 'enabled'));
  return said.find((enabled) => typeof enabled === 'boolean') ?? link.default !== 'disabled';
}

/** What clients call it. The API's order: the portal's alias, the server's, the upstream's name. */
export const nameOf = (own: string, list: List, link: Link): string =>
  `${link.server}_${saidOf('alias', { own, list }, link) ?? own}`;

type Spot = Pick<Offer, 'own' | 'list'>;

function saidOf(field: 'alias' | 'description', { own, list }: Spot, { link, settings }: Link): string | undefined {
  const said = [link, settings].map((rows) => memberOf(memberOf(rows[list], own), field));
  return said.find((text): text is string => typeof text === 'string' && text !== '');
}

/** Everything that a portal has of a server, by name; hidden ones too. */
export const offersOf = (link: Link, catalogue: Catalogue): readonly Offer[] =>
  lists.flatMap((list) =>
    catalogue[list].map((item) => offerOf(item, list, link)).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  );

function offerOf(item: Item, list: List, link: Link): Offer {
  const name = nameOf(item.name, list, link);
  const said = saidOf('description', { own: item.name, list }, link);
  const characters = charactersOf(item, name, said === undefined ? item.textSize : JSON.stringify(said).length);
  return {
    server: link.server,
    list,
    own: item.name,
    name,
    description: said ?? item.text,
    isVisible: isVisible(item.name, list, link),
    readOnly: item.readOnly,
    characters,
    tokens: Math.ceil(characters / 4),
  };
}

/** The definition as JSON is that of its parts: a comma stands in the place of two braces, and `{}` adds nothing. */
const charactersOf = ({ size }: Item, name: string, text: number): number =>
  JSON.stringify({ name }).length + (size > 2 ? size - 1 : 0) + (text === 0 ? 0 : text + '"description":,'.length);

/** The links of a portal's state, with what its servers say. */
export const linksOf = (portal: { readonly servers?: unknown }, settingsOf: (server: string) => Settings): readonly Link[] =>
  Object.entries(isPlain(portal.servers) ? portal.servers : {}).map(([server, link]) => ({
    server,
    link: isPlain(link) ? link : {},
    settings: settingsOf(server),
  }));
