import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../lib/errors.ts';
import type { Item } from '../exposure/items.ts';
import type { Lock, LockedServer } from '../exposure/lock.ts';
import type { World } from '../world.ts';
import type { Node, Pair, ScalarValue } from './node.ts';
import { parseSources } from './parse-sources.ts';
import { scanLock } from './scan-lock.ts';
import type { Source } from './source.ts';

const fileName = 'portal.lock.yaml';

/** Where the lock of a document is: beside its first file, as a path of the working directory. */
export function lockPathOf(sources: readonly Pick<Source, 'name'>[]): string {
  const name = sources[0]?.name;
  return name === undefined || name === '-' || name === '<stdin>' ? fileName : join(dirname(name), fileName);
}

/**
 * The lock file at a path; undefined where there is none. Throws a `UsageError` for a file that is no
 * lock: half of one would make tools pass for accepted, or hide them.
 */
export async function readLock(world: Pick<World, 'cwd' | 'files'>, path: string): Promise<Lock | undefined> {
  const text = await textOf(world, path);
  if (text === undefined) return undefined;
  const scanned = scanLock(text);
  if (scanned !== undefined) return scanned;
  const [parsed] = await parseSources([{ name: path, text }]);
  if (parsed?.ok !== true) throw broken(path, parsed?.findings[0]?.message ?? 'it is no YAML');
  if (scalarAt(parsed.root, 'version') !== 1) throw broken(path, 'version: 1 is missing');
  const servers = pairsOf(fieldOf(parsed.root, 'servers')).map(([id, { value }]) => [id, serverOf(value)] as const);
  return { servers: new Map(servers) };
}

async function textOf({ cwd, files }: Pick<World, 'cwd' | 'files'>, path: string): Promise<string | undefined> {
  try {
    return await files.read(resolve(cwd, path));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw broken(path, cause instanceof Error ? cause.message : String(cause));
  }
}

const broken = (path: string, why: string): UsageError =>
  new UsageError(`${path} cannot be used as a lock file: ${why}`, {
    code: 'invalid_lock',
    path,
    hint: 'take it from version control, or delete it and write it anew: mcp-portal lock --accept',
  });

const serverOf = (node: Node): LockedServer => ({
  accepted: textAt(node, 'accepted') ?? '',
  tools: itemsOf(fieldOf(node, 'tools')),
  prompts: itemsOf(fieldOf(node, 'prompts')),
});

const itemsOf = (node: Node | undefined): readonly Item[] => pairsOf(node).map(([name, { value }]) => itemOf(name, value));

function itemOf(name: string, node: Node): Item {
  const { schema, description, annotations } = {
    schema: textAt(node, 'schema'),
    description: textAt(node, 'description'),
    annotations: textAt(node, 'annotations'),
  };
  return {
    name,
    text: textAt(node, 'text') ?? '',
    readOnly: scalarAt(node, 'read_only') === true,
    size: numberAt(node, 'size'),
    textSize: numberAt(node, 'text_size'),
    ...(schema === undefined ? {} : { schema }),
    ...(description === undefined ? {} : { description }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

const pairsOf = (node: Node | undefined): readonly (readonly [string, Pair])[] => (node?.type === 'map' ? [...node.pairs] : []);

const fieldOf = (node: Node, name: string): Node | undefined => (node.type === 'map' ? node.pairs.get(name)?.value : undefined);

function scalarAt(node: Node, name: string): ScalarValue | undefined {
  const field = fieldOf(node, name);
  return field?.type === 'scalar' ? field.value : undefined;
}

function textAt(node: Node, name: string): string | undefined {
  const value = scalarAt(node, name);
  return value === undefined || value === null ? undefined : String(value);
}

function numberAt(node: Node, name: string): number {
  const value = scalarAt(node, name);
  return typeof value === 'number' ? value : 0;
}
