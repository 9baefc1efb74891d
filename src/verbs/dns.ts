import { UsageError } from '../lib/errors.ts';
import { set } from '../spec/edit.ts';
import type { Intent } from './intent.ts';

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
export function addRecord(words: RecordWords): Intent {
  const fields = { ...identityOf(words), proxied: words.proxied, ttl: ttlOf(words.ttl), comment: words.comment, priority: words.priority };
  const value = said({ ...fields, content: words.content });
  const same = said({ ...identityOf(words), ...(standsAlone.has(fields.type) ? {} : { content: words.content }) });
  return { ...about(value), save: [{ op: 'put-item', path: ['dns'], fields: same, value }] };
}

/** Of these types a document has one on a name, as a rule; of the others several, told apart by their content. */
const standsAlone = new Set(['A', 'AAAA', 'CNAME']);

/** One record less. Where several have the name and type, the content says which. */
export function removeRecord(words: RecordWords): Intent {
  const fields = said({ ...identityOf(words), content: words.content });
  return { ...about({ ...fields, absent: true }), save: [{ op: 'drop-items', path: ['dns'], fields }] };
}

/** The run is about one record: the document's others are not looked at. */
const about = (record: object): Omit<Intent, 'save'> => ({
  edits: [set(['dns'], [record])],
  named: ({ kind, place }) => kind === 'dns_record' && place?.path === 'dns[0]',
  about: ['dns[0]'],
});

const identityOf = ({ zone, type, name }: RecordWords) => ({ zone, type: type.toUpperCase(), name });

const said = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function ttlOf(text: string | undefined): number | string | undefined {
  if (text === undefined || text === 'auto') return text;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--ttl must be a number of seconds or auto, not "${text}"`);
}
