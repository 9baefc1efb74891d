import * as z from 'zod/mini';
import type { Entry, Finding, Section } from '../engine/kind.ts';
import { isSecretivePath } from '../lib/secretive.ts';
import { keyPlaceAt, placeAt, type MapNode, type Node, type NodePath } from './node.ts';
import { describe, describeType, problem } from './report.ts';
import { entryFlags, schemaFindings } from './schema-findings.ts';
import { pathText } from './source.ts';
import { toValue, withTypedVariables, type Reading } from './to-value.ts';

/** An entry and what is wrong with it. With an error, `entry.value` is what the document says, unchecked. */
export type ReadEntry = { readonly entry?: Entry; readonly findings: readonly Finding[] };

type SectionReading = { readonly section: Section; readonly root: MapNode; readonly reading: Reading };
type EntryReading = SectionReading & {
  readonly schema: z.core.$ZodType;
  readonly node: Node;
  readonly key: string;
  readonly path: NodePath;
};
type Fields = Readonly<Record<string, unknown>>;

/** The entries of a section, checked against its schema, which is built only when the section has any. */
export function readEntries(options: SectionReading): readonly ReadEntry[] {
  const { section, root } = options;
  const node = root.pairs.get(section.name)?.value;
  if (node === undefined || (node.type === 'scalar' && node.value === null)) return [];
  if (node.type !== section.shape) return [misshapen(options, node)];
  const members =
    node.type === 'list' ? [...node.items.entries()] : [...node.pairs].map(([key, pair]) => [key, pair.value] as const);
  if (members.length === 0) return [];
  const schema = section.schema();
  return members.map(([key, value]) =>
    readEntry({ ...options, schema, node: value, key: String(key), path: [section.name, key] }),
  );
}

function misshapen({ section, root }: SectionReading, node: Node): ReadEntry {
  const path = [section.name];
  const say = isSecretivePath(path) ? describeType : describe;
  const found = node.type === 'scalar' ? say(node.value) : `a ${node.type}`;
  const hint = section.shape === 'list' ? 'write `- …` items' : 'write `name: …` entries';
  const finding = problem('MCP103', `${section.name}: expected a ${section.shape}, found ${found}`, {
    place: placeAt(root, path),
    hint,
  });
  return { findings: [finding] };
}

function readEntry(options: EntryReading): ReadEntry {
  const { path, reading, section } = options;
  const raw = toValue(options.node, path, reading);
  const { flags, rest, findings: flagFindings } = takeFlags(options, section.shape === 'map' && raw === null ? {} : raw);
  const { value, findings } = validated(options, rest, flags['absent'] === true);
  const entry = entryOf({
    section: section.name,
    key: options.key,
    root: options.root,
    path,
    value: { ...value, ...flags },
  });
  return { entry, findings: [...flagFindings, ...findings] };
}

type NewEntry = Pick<Entry, 'section' | 'key' | 'value'> & { readonly root: Node; readonly path: NodePath };

/** Places are worked out when somebody asks: most never are. */
const entryOf = ({ section, key, value, root, path }: NewEntry): Entry => ({
  section,
  key,
  value,
  get place() {
    return keyPlaceAt(root, path);
  },
  at: (...below) => placeAt(root, [...path, ...below]),
});

/** Takes `absent` and `protect` off an entry; its section's schema does not know them. */
function takeFlags(
  options: EntryReading,
  raw: unknown,
): { readonly flags: Fields; readonly rest: unknown; readonly findings: readonly Finding[] } {
  if (!isRecord(raw) || !entryFlags.some((flag) => Object.hasOwn(raw, flag))) return { flags: {}, rest: raw, findings: [] };
  const typed = withTypedVariables(options.node, raw, (path) => path.length === 1);
  const given = Object.entries(isRecord(typed) ? typed : raw).filter(([name]) => isFlag(name));
  const wrong = given.filter(([, value]) => typeof value !== 'boolean').map(([name]) => [...options.path, name]);
  return {
    flags: Object.fromEntries(given.filter(([, value]) => typeof value === 'boolean')),
    rest: Object.fromEntries(Object.entries(raw).filter(([name]) => !isFlag(name))),
    findings: wrong.map((path) =>
      problem('MCP103', `${pathText(path)}: expected true or false`, { place: placeAt(options.root, path) }),
    ),
  };
}

const isFlag = (name: string): boolean => entryFlags.some((flag) => flag === name);

/** An entry that is only to be gone need not be complete. */
function validated(
  options: EntryReading,
  raw: unknown,
  absent: boolean,
): { readonly value: Fields; readonly findings: readonly Finding[] } {
  const result = parseTyped(options, raw);
  if (result.success) return { value: recordOf(options.section, result.data), findings: [] };
  const { root, path, schema, reading } = options;
  const all = schemaFindings({ root, path, schema, issues: result.error.issues });
  const told = all.filter((finding) => !reading.broken.has(finding.place?.path ?? '') && !(absent && finding.code === 'MCP104'));
  return { value: isRecord(raw) ? raw : {}, findings: told };
}

/** Where the schema refuses a value that a variable gave as text, the text is read as YAML would. */
function parseTyped({ schema, node }: EntryReading, raw: unknown): z.core.util.SafeParseResult<unknown> {
  const first = z.safeParse(schema, raw);
  if (first.success) return first;
  const refused = first.error.issues.map((issue) => issue.path);
  const wanted = (path: NodePath): boolean => refused.some((start) => start.every((part, index) => part === path[index]));
  const typed = withTypedVariables(node, raw, wanted);
  if (typed === undefined) return first;
  const second = z.safeParse(schema, typed);
  return second.success || second.error.issues.length < first.error.issues.length ? second : first;
}

function recordOf(section: Section, value: unknown): Fields {
  if (isRecord(value)) return value;
  throw new Error(`the schema of the section ${section.name} gives no map`);
}

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
