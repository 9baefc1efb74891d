import { isPlain, memberOf, type Plain } from '../engine/values.ts';

/** The two lists that a server offers. */
export const lists = ['tools', 'prompts'] as const;
export type List = (typeof lists)[number];

/** SHA-256 in hexadecimal digits; left out where the upstream says nothing of the kind. */
export type Digests = {
  /** `inputSchema` and `outputSchema`; of a prompt its `arguments`. */
  readonly schema?: string;
  /** `title` and `description`. */
  readonly description?: string;
  readonly annotations?: string;
};

/** A tool or prompt of an upstream, reduced to what exposure is about: its schema is nearly all of an answer. */
export type Item = Digests & {
  readonly name: string;
  /** True where the upstream says `readOnlyHint`: a hint, which nobody enforces. */
  readonly readOnly: boolean;
  /** The start of the description, in one line and harmless in a terminal. */
  readonly text: string;
  /** Characters of the definition as JSON, without name and description. */
  readonly size: number;
  /** Characters of the description as JSON. */
  readonly textSize: number;
};

/** What a server offers, as Cloudflare read it last. */
export type Catalogue = { readonly [list in List]: readonly Item[] };

/** What a live server offers, where its listing kept that; undefined while nobody has looked (Q17). */
export function catalogueOf(server: unknown): Catalogue | undefined {
  if (!Array.isArray(memberOf(server, 'tools')) && !Array.isArray(memberOf(server, 'prompts'))) return undefined;
  return { tools: itemsIn(server, 'tools'), prompts: itemsIn(server, 'prompts') };
}

/** Names are unique within a list: what comes twice counts once. */
function itemsIn(server: unknown, list: List): readonly Item[] {
  const rows = memberOf(server, list);
  const items = (Array.isArray(rows) ? rows : []).filter(isPlain).map(itemFrom);
  return [...new Map(items.map((item) => [item.name, item])).values()];
}

const itemFrom = (row: Plain): Item => ({
  name: textIn(row, 'name'),
  readOnly: row['readOnly'] === true,
  text: textIn(row, 'text'),
  size: numberIn(row, 'size'),
  textSize: numberIn(row, 'textSize'),
  ...digestsIn(row),
});

/** The digests of a row, without those that it does not have. */
function digestsIn(row: Plain): Digests {
  const { schema, description, annotations } = row;
  return {
    ...(typeof schema === 'string' ? { schema } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof annotations === 'string' ? { annotations } : {}),
  };
}

const textIn = (row: Plain, field: string): string => (typeof row[field] === 'string' ? row[field] : '');
const numberIn = (row: Plain, field: string): number => (typeof row[field] === 'number' ? row[field] : 0);
