import type { Item } from '../exposure/items.ts';
import type { Lock, LockedServer } from '../exposure/lock.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type ItemDraft = Writable<Item>;
type ServerDraft = { accepted: string; readonly tools: ItemDraft[]; readonly prompts: ItemDraft[] };

/** Where the reading is: what the next deeper line belongs to. */
type Reading = {
  readonly servers: Map<string, LockedServer>;
  server: ServerDraft | undefined;
  items: ItemDraft[] | undefined;
  item: ItemDraft | undefined;
};

const start = /^(?:#.*\n)*version: 1\nservers:(?: \{\})?\n/;

/**
 * Reads a lock file that is just as `lockText` writes it, line by line: some fifty times as fast as YAML
 * is read, which counts where a command is to answer at once. Undefined at the first line that differs.
 */
export function scanLock(source: string): Lock | undefined {
  const head = start.exec(source);
  if (head === null || !source.endsWith('\n')) return undefined;
  const reading: Reading = { servers: new Map(), server: undefined, items: undefined, item: undefined };
  for (let at = head[0].length; at < source.length;) {
    const end = source.indexOf('\n', at);
    if (!takeLine(reading, source, { at, end })) return undefined;
    at = end + 1;
  }
  return { servers: reading.servers };
}

type Span = { readonly at: number; readonly end: number };

/** By its indentation: a server, a fact of it or a list, a name, a fact of that. False for any other line. */
function takeLine(reading: Reading, source: string, { at, end }: Span): boolean {
  if (source.startsWith('        ', at)) return takeFact(reading.item, source, { at: at + 8, end });
  if (source.startsWith('      ', at)) return takeItem(reading, nameIn(source, { at: at + 6, end }));
  if (source.startsWith('    ', at)) return takeServerLine(reading, source.slice(at + 4, end));
  return source.startsWith('  ', at) && takeServer(reading, nameIn(source, { at: at + 2, end }));
}

function takeServer(reading: Reading, id: string | undefined): boolean {
  if (id === undefined || reading.servers.has(id)) return false;
  reading.server = { accepted: '', tools: [], prompts: [] };
  reading.items = undefined;
  reading.item = undefined;
  reading.servers.set(id, reading.server);
  return true;
}

function takeServerLine(reading: Reading, line: string): boolean {
  const { server } = reading;
  if (server === undefined) return false;
  reading.item = undefined;
  reading.items = line === 'tools:' ? server.tools : line === 'prompts:' ? server.prompts : undefined;
  if (reading.items !== undefined) return reading.items.length === 0;
  if (!line.startsWith("accepted: '") || !line.endsWith("'")) return false;
  server.accepted = line.slice("accepted: '".length, -1);
  return true;
}

function takeItem(reading: Reading, name: string | undefined): boolean {
  if (name === undefined || reading.items === undefined) return false;
  reading.item = { name, text: '', readOnly: false, size: 0, textSize: 0 };
  reading.items.push(reading.item);
  return true;
}

function takeFact(item: ItemDraft | undefined, source: string, { at, end }: Span): boolean {
  if (item === undefined) return false;
  for (const part of ['description', 'schema', 'annotations'] as const) {
    if (!source.startsWith(part, at)) continue;
    const from = at + part.length + 3;
    item[part] = source.slice(from, end - 1);
    return source.startsWith(": '", from - 3) && end - from === 65;
  }
  return takeOther(item, source.slice(at, end));
}

function takeOther(item: ItemDraft, line: string): boolean {
  if (line.startsWith('size: ')) return (item.size = Number(line.slice(6))) >= 0;
  if (line.startsWith('text_size: ')) return (item.textSize = Number(line.slice(11))) >= 0;
  if (line === 'read_only: true') return (item.readOnly = true);
  const text = /^text: '(.*)'$/.exec(line)?.[1];
  if (text === undefined) return false;
  item.text = text.replaceAll("''", "'");
  return true;
}

/** The name before the colon that ends a line; undefined where quotes would have to be read. */
function nameIn(source: string, { at, end }: Span): string | undefined {
  if (source[end - 1] !== ':') return undefined;
  const name = source.slice(at, end - 1);
  if (name.startsWith('"')) return /^"([^"\\]+)"$/.exec(name)?.[1];
  return /^[A-Za-z][\w-]*$/.test(name) ? name : undefined;
}
