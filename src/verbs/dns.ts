import { UsageError } from '../lib/errors.ts';
import { set, type Edit } from '../spec/edit.ts';
import { isPlain } from '../spec/edit-plain.ts';
import type { Intent } from './intent.ts';
import type { Surroundings } from './surroundings.ts';

/** The words of `dns add` and `dns remove`. */
export type RecordWords = {
  readonly name: string;
  readonly type: string;
  readonly content?: string | undefined;
  readonly zone?: string | undefined;
  readonly proxied?: boolean | undefined;
  /** Seconds, or `auto`. */
  readonly ttl?: string | undefined;
  readonly comment?: string | undefined;
  readonly priority?: number | undefined;
};

/** One record more. One with the same identity is changed to what is said. */
export function addRecord(words: RecordWords, around: Document): Intent {
  const { proxied, comment, priority, content } = words;
  const identity = identityOf(words);
  const fields = said({ content, proxied, ttl: ttlOf(words.ttl), comment, priority });
  const value = said({ ...identity, ...fields });
  const entry = entryOf(words, around);
  const { absent: _absent, ...kept } = entry ?? identity;
  return {
    ...about(value),
    save: [{ op: 'put-item', path: ['dns'], fields: entry ?? value, value: said({ ...kept, ...fields }) }],
  };
}

/** One record less. Where several have the name and type, the content says which. */
export function removeRecord(words: RecordWords, around: Document): Intent {
  const { content } = words;
  const fields = said({ ...identityOf(words), content });
  const gone = entriesLike(words, around).filter((entry) => content === undefined || entry['content'] === content);
  const save = gone.map((entry): Edit => ({ op: 'drop-items', path: ['dns'], fields: entry }));
  return { ...about({ ...fields, absent: true }), save };
}

/** What a record needs of its surroundings. */
type Document = Pick<Surroundings, 'said'>;

/** For looking ahead, before the document is read. */
export const emptyDocument: Document = { said: () => undefined };

type Entry = Readonly<Record<string, unknown>>;

/** Of these types a document has one on a name, as a rule; of the others several, told apart by their content. */
const standsAlone = new Set(['A', 'AAAA', 'CNAME']);

/** The entry of the document that the record is. */
function entryOf(words: RecordWords, around: Document): Entry | undefined {
  const entries = entriesLike(words, around);
  const same = entries.find((entry) => entry['content'] === words.content);
  return same ?? (entries.length === 1 && standsAlone.has(words.type.toUpperCase()) ? entries[0] : undefined);
}

/** The entries of the document with the name and type, short and full names alike. */
function entriesLike(words: RecordWords, around: Document): readonly Entry[] {
  const entries = around.said('dns');
  const name = fullName(words);
  return (Array.isArray(entries) ? entries : []).filter(
    (entry: unknown): entry is Entry => isPlain(entry) && entry['type'] === words.type.toUpperCase() && fullName(entry) === name,
  );
}

function fullName({ name, zone }: { readonly name?: unknown; readonly zone?: unknown }): string {
  const [own, apex] = [name, zone].map((text) => (typeof text === 'string' ? text.toLowerCase().replace(/\.$/, '') : ''));
  if (apex === undefined || apex === '' || own === apex || own?.endsWith(`.${apex}`) === true) return own ?? '';
  return own === '@' ? apex : `${own}.${apex}`;
}

/** The run is about one record: the document's others are not looked at. */
const about = (record: object): Omit<Intent, 'save'> => ({
  edits: [set(['dns'], [record], 'the record')],
  named: ({ kind, place }) => kind === 'dns_record' && place?.path === 'dns[0]',
  about: ['dns[0]'],
});

function identityOf({ zone, type, name }: RecordWords): Entry {
  if (zone === undefined && !name.includes('.'))
    throw new UsageError(`"${name}" is not a full name`, { hint: 'write the whole name, or add --zone ZONE' });
  return said({ zone, type: type.toUpperCase(), name });
}

const said = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function ttlOf(text: string | undefined): number | string | undefined {
  if (text === undefined || text === 'auto') return text;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--ttl must be a number of seconds or auto, not "${text}"`);
}
