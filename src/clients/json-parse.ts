import { brokenAt, type FileText } from './broken-file.ts';

/** A value of a JSON text, with its place in it. */
export type JsonNode = { readonly start: number; readonly end: number } & (
  | { readonly type: 'object'; readonly members: readonly JsonMember[]; readonly trailingComma: boolean }
  | { readonly type: 'array'; readonly items: readonly JsonNode[]; readonly trailingComma: boolean }
  | { readonly type: 'scalar'; readonly value: string | number | boolean | null }
);
/** `start` is where the key's quote stands. */
export type JsonMember = { readonly key: string; readonly start: number; readonly value: JsonNode };

type Reader = { readonly file: FileText; at: number; depth: number };

const deepest = 500;

/** Reads JSON as editors take it in their settings: with comments, and commas before a closing bracket. Throws a `UsageError`. */
export function parseJson(file: FileText): JsonNode {
  const reader: Reader = { file, at: file.text.startsWith('\uFEFF') ? 1 : 0, depth: 0 };
  const root = readValue(reader);
  skipBlank(reader);
  if (reader.at < file.text.length) throw unexpected(reader, 'the end of the file');
  return root;
}

/** What a node stands for. Of a key that is there twice the last one counts, as for every client. */
export function valueOf(node: JsonNode): unknown {
  if (node.type === 'scalar') return node.value;
  if (node.type === 'array') return node.items.map(valueOf);
  return Object.fromEntries(node.members.map(({ key, value }) => [key, valueOf(value)]));
}

/** The offset behind the white space and comments that start at `at`. */
export function behindBlank({ text, name }: FileText, at: number): number {
  const blank = /(?:[ \t\r\n]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
  blank.lastIndex = at;
  blank.test(text);
  const end = blank.lastIndex;
  if (text.startsWith('/*', end)) throw brokenAt({ text, name }, end, 'the comment has no end');
  return end;
}

function skipBlank(reader: Reader): void {
  reader.at = behindBlank(reader.file, reader.at);
}

function readValue(reader: Reader): JsonNode {
  skipBlank(reader);
  const { at: start } = reader;
  const sign = reader.file.text[start];
  if (sign === '"') {
    const value = readString(reader);
    return { type: 'scalar', value, start, end: reader.at };
  }
  return sign === '{' || sign === '[' ? readNested(reader, sign) : readWord(reader);
}

function readNested(reader: Reader, sign: '{' | '['): JsonNode {
  const start = reader.at;
  if (++reader.depth > deepest) throw brokenAt(reader.file, start, 'the values are nested too deeply');
  reader.at += 1;
  const [members, items]: [JsonMember[], JsonNode[]] = [[], []];
  const close = sign === '{' ? '}' : ']';
  let trailingComma = false;
  for (let first = true; !takes(reader, close); first = false) {
    if (!first && !trailingComma) throw unexpected(reader, `"," or "${close}"`);
    if (sign === '{') members.push(readMember(reader));
    else items.push(readValue(reader));
    trailingComma = takes(reader, ',');
  }
  reader.depth -= 1;
  const place = { start, end: reader.at, trailingComma };
  return sign === '{' ? { type: 'object', members, ...place } : { type: 'array', items, ...place };
}

function readMember(reader: Reader): JsonMember {
  skipBlank(reader);
  const { at: start } = reader;
  if (reader.file.text[start] !== '"') throw unexpected(reader, 'a key in double quotes');
  const key = readString(reader);
  if (!takes(reader, ':')) throw unexpected(reader, '":"');
  return { key, start, value: readValue(reader) };
}

function readString(reader: Reader): string {
  const { text } = reader.file;
  const { at: start } = reader;
  let end = start + 1;
  while (end < text.length && text[end] !== '"' && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
  if (text[end] !== '"') throw brokenAt(reader.file, start, 'the string has no end');
  reader.at = end + 1;
  try {
    return String(JSON.parse(text.slice(start, end + 1)));
  } catch {
    throw brokenAt(reader.file, start, 'the string has an escape or a control character that JSON does not know');
  }
}

function readWord(reader: Reader): JsonNode {
  const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
  const { at: start } = reader;
  word.lastIndex = start;
  const found = word.exec(reader.file.text)?.[0];
  if (found === undefined) throw unexpected(reader, 'a value');
  reader.at += found.length;
  // One of the words above, so one of these types.
  const value = JSON.parse(found) as number | boolean | null;
  return { type: 'scalar', value, start, end: reader.at };
}

function takes(reader: Reader, sign: string): boolean {
  skipBlank(reader);
  if (reader.file.text[reader.at] !== sign) return false;
  reader.at += 1;
  return true;
}

function unexpected(reader: Reader, wanted: string) {
  const isEnd = reader.at >= reader.file.text.length;
  return brokenAt(reader.file, reader.at, isEnd ? `the file ends where ${wanted} is missing` : `${wanted} is missing here`);
}
