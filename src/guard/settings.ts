import { UserError, UsageError } from '../lib/errors.ts';
import { fileReason } from '../secrets/file-reason.ts';
import type { World } from '../world.ts';
import type { Limit } from './buckets.ts';
import { sha256 } from './digest.ts';
import { digestOfEntry, keyEntries, knownKey, type KnownKey } from './keys.ts';

/** The start of the names of the environment variables: `MCP_PORTAL` in `MCP_PORTAL_API_KEYS`. */
export function envPrefix(text: string): string {
  const prefix = text.replace(/_+$/, '');
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(prefix)) return prefix;
  throw new UsageError(`--env-prefix must be the start of a variable's name, not "${text}"`, {
    hint: 'With CFPB_MCP, the keys are read from CFPB_MCP_API_KEYS.',
  });
}

/**
 * The keys in `PREFIX_API_KEYS` and in the file, as digests: what opens the guard is not kept. Throws a `UserError`
 * where there is none, since a guard that lets everybody in is none.
 */
export async function readKeys(
  world: Pick<World, 'env' | 'files'>,
  prefix: string,
  keysFile: string | undefined,
): Promise<readonly KnownKey[]> {
  const name = `${prefix}_API_KEYS`;
  const inFile = keysFile === undefined ? '' : await readKeysFile(world.files, keysFile);
  const keys = [...keysOf(world.env[name] ?? '', name), ...keysOf(inFile, keysFile ?? '')];
  if (keys.length > 0) return [...new Map(keys.map((key) => [key.hex, key])).values()];
  const places = keysFile === undefined ? name : `${name}, and none in ${keysFile}`;
  throw new UserError(`there is no API key in ${places}: the guard does not start without one`, {
    code: 'no_api_keys',
    hint: `Set ${name} to one key or several, parted by commas. "mcp-portal guard keys new" makes one.`,
  });
}

async function readKeysFile(files: World['files'], path: string): Promise<string> {
  try {
    return await files.read(path);
  } catch (cause) {
    throw new UserError(`the keys cannot be read from ${path}: ${fileReason(cause)}`, { code: 'keys_unreadable', cause });
  }
}

const keysOf = (text: string, source: string): readonly KnownKey[] =>
  keyEntries(text).map((entry, at) => {
    const digest = digestOfEntry(entry) ?? sha256(Buffer.from(entry).toString('latin1'));
    if (digest !== 'malformed') return knownKey(digest);
    throw new UserError(`entry ${at + 1} of ${source} is no digest: sha256: and 64 hexadecimal digits are needed`, {
      code: 'malformed_key',
      hint: '"mcp-portal guard keys hash" prints the digest of a key.',
    });
  });

/** The limit for each key: `PREFIX_RATE_LIMIT_RPS` (2) and `PREFIX_RATE_LIMIT_BURST` (5). */
export function readLimit(env: World['env'], prefix: string): Limit {
  const [rpsName, burstName] = [`${prefix}_RATE_LIMIT_RPS`, `${prefix}_RATE_LIMIT_BURST`];
  return {
    rps: numberIn(env[rpsName], { name: rpsName, fallback: 2, least: 0, means: '0 or more (0: no limit)' }),
    burst: numberIn(env[burstName], { name: burstName, fallback: 5, least: 1, means: '1 or more' }),
  };
}

type Meaning = { readonly name: string; readonly fallback: number; readonly least: number; readonly means: string };

function numberIn(text: string | undefined, { name, fallback, least, means }: Meaning): number {
  if (text === undefined || text.trim() === '') return fallback;
  const number = Number(text);
  if (/^\s*\d*\.?\d+\s*$/.test(text) && number >= least) return number;
  throw new UserError(`${name} must be a number, ${means}, not "${text}"`, { code: 'invalid_rate_limit' });
}
