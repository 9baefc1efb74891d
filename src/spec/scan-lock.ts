import type { Item } from '../exposure/items.ts';
import type { Lock, LockedServer } from '../exposure/lock.ts';

type ItemDraft = { -readonly [K in keyof Item]: Item[K] };
type ServerDraft = { accepted: string; readonly tools: ItemDraft[]; readonly prompts: ItemDraft[] };

/** Where the reading is: what the next deeper line belongs to. */
type Reading = {
  readonly servers: Map<string, LockedServer>;
  server: ServerDraft | undefined;
  items: ItemDraft[] | undefined;
  item: ItemDraft | undefined;
};

const start = /^(?:#.*\n)*version: 1\nservers:(?: \{\})?\n/;
const space = 32;
const quote = 39;

/**
 * Reads a lock file that is just as `lockText` writes it, line by line: some thirty times as fast as YAML
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
  if (source.charCodeAt(at + 6) !== space) return takeOuter(reading, source, { at, end });
  if (!source.startsWith('      ', at)) return false;
  const isFact = source.charCodeAt(at + 7) === space && reading.item !== undefined;
  return isFact ? takeFact(reading.item, source.slice(at + 8, end)) : takeItem(reading, nameIn(source.slice(at + 6, end)));
}

/** The lines of servers. */
function takeOuter(reading: Reading, source: string, { at, end }: Span): boolean {
  const line = source.slice(at, end);
  if (line.startsWith('      ')) return takeItem(reading, nameIn(line.slice(6)));
  if (line.startsWith('    ')) return takeServerLine(reading, line.slice(4));
  return line.startsWith('  ') && takeServer(reading, nameIn(line.slice(2)));
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

const digestSize = 64;

function takeFact(item: ItemDraft | undefined, line: string): boolean {
  if (item === undefined) return false;
  const colon = line.indexOf(': ');
  const name = line.slice(0, colon);
  const value = line.slice(colon + 2);
  if (name === 'description' || name === 'schema' || name === 'annotations') {
    item[name] = value.slice(1, -1);
    return value.length === digestSize + 2 && value.charCodeAt(0) === quote;
  }
  if (name === 'size') return (item.size = Number(value)) >= 0;
  if (name === 'text_size') return (item.textSize = Number(value)) >= 0;
  if (name === 'read_only') return (item.readOnly = value === 'true');
  item.text = value.slice(1, -1).replaceAll("''", "'");
  return name === 'text' && value.length > 1 && value.startsWith("'") && value.endsWith("'");
}

/** The name before the colon that ends a line; undefined where quotes would have to be read. */
function nameIn(line: string): string | undefined {
  if (!line.endsWith(':')) return undefined;
  const name = line.slice(0, -1);
  if (name.startsWith('"')) return /^"([^"\\]+)"$/.exec(name)?.[1];
  return /^[A-Za-z][\w-]*$/.test(name) ? name : undefined;
}
