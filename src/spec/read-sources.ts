import { resolve } from 'node:path';
import { UsageError } from '../lib/errors.ts';
import type { World } from '../world.ts';
import type { Source } from './source.ts';

const defaults = ['portal.yaml', 'portal.yml'] as const;

/**
 * The texts that `-f` names, in its order; `-` is standard input. Without any, `portal.yaml`, else
 * `portal.yml`, of the working directory. Throws a `UsageError` for a file that cannot be read.
 */
export async function readSources(world: World, files: readonly string[]): Promise<readonly Source[]> {
  const names = files.length > 0 ? files : [await defaultFile(world)];
  if (names.filter((name) => name === '-').length > 1) {
    throw new UsageError('standard input was given twice', { hint: 'use -f - once' });
  }
  return Promise.all(names.map((name) => readSource(world, name)));
}

/** The same for what works without a document, too: no file is no text. */
export async function readSourcesIfAny(world: World, files: readonly string[]): Promise<readonly Source[]> {
  const isThere = files.length > 0 || (await firstDefault(world)) !== undefined;
  return isThere ? readSources(world, files) : [];
}

async function firstDefault(world: World): Promise<string | undefined> {
  for (const name of defaults) if (await world.files.exists(resolve(world.cwd, name))) return name;
  return undefined;
}

async function defaultFile(world: World): Promise<string> {
  const name = await firstDefault(world);
  if (name !== undefined) return name;
  throw new UsageError(`no ${defaults.join(' or ')} in ${world.cwd}`, {
    hint: 'name the document with -f PATH, or make one: mcp-portal init asks for what it needs, mcp-portal export --out portal.yaml writes what the account has',
    path: defaults[0],
  });
}

async function readSource(world: World, name: string): Promise<Source> {
  if (name === '-') return asText({ name: '<stdin>', text: await world.stdin.text() });
  return asText({ name, text: await readText(world, name) });
}

/** Bytes that are no UTF-8 have become U+FFFD in the text; UTF-16 also leaves a NUL beside every letter. */
function asText(source: Source): Source {
  if (!/[\0\uFFFD]/.test(source.text)) return source;
  throw new UsageError(`${source.name} is not UTF-8`, { hint: 'save the file as UTF-8', path: source.name });
}

async function readText(world: World, name: string): Promise<string> {
  try {
    return await world.files.read(resolve(world.cwd, name));
  } catch (cause) {
    const { message, hint } = unreadable(name, cause);
    throw new UsageError(message, { hint, path: name, cause });
  }
}

function unreadable(name: string, cause: unknown): { readonly message: string; readonly hint: string } {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { message: `${name} does not exist`, hint: 'check the path given with -f' };
  if (code === 'EISDIR') return { message: `${name} is a directory`, hint: 'name a file in it with -f' };
  if (code === 'EACCES' || code === 'EPERM') return { message: `${name} may not be read`, hint: 'check who may read the file' };
  const reason = cause instanceof Error ? cause.message : String(cause);
  return { message: `${name} cannot be read: ${reason}`, hint: 'check the path given with -f' };
}
