import { resolve } from 'node:path';
import { UsageError } from '../lib/errors.ts';
import type { World } from '../world.ts';
import type { Env } from './interpolate.ts';

const assignment = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(.*)$/;

/**
 * The variables of a dotenv text: `KEY=value`, `export KEY=value`, comments, empty lines. Single
 * quotes keep everything as it is, double quotes know `\n`, `\t`, `\"` and `\\`; both may span lines.
 * Without quotes, a `#` after a space starts a comment. Lines that assign nothing are skipped.
 */
export function parseDotenv(text: string): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const [, name, rest = ''] = assignment.exec((lines[index] ?? '').trim()) ?? [];
    if (name === undefined) continue;
    const value = quotedValue(rest, lines.slice(index + 1));
    found.set(name, value?.text ?? rest.replace(/(^|\s+)#.*$/, '').trimEnd());
    index += value?.further ?? 0;
  }
  return Object.fromEntries(found);
}

/** A value in quotes and how many of the following lines it takes; undefined when it is not quoted. */
function quotedValue(
  rest: string,
  following: readonly string[],
): { readonly text: string; readonly further: number } | undefined {
  const quote = rest.charAt(0);
  if (quote !== "'" && quote !== '"') return undefined;
  const closed = quote === "'" ? /^'([^']*)'/ : /^"((?:[^"\\]|\\[^])*)"/;
  let body = rest;
  for (let further = 0; further <= following.length; further++) {
    const inner = closed.exec(body)?.[1];
    if (inner !== undefined) return { text: quote === "'" ? inner : unescaped(inner), further };
    body += `\n${following[further] ?? ''}`;
  }
  return undefined;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
const unescaped = (text: string): string => text.replace(/\\([^])/g, (_, letter: string) => escapes[letter] ?? letter);

/** The environment with the file of `--env-file` below it: what the process has set wins. */
export async function withEnvFile(world: World, path: string): Promise<Env> {
  try {
    const text = await world.files.read(resolve(world.cwd, path));
    return { ...parseDotenv(text), ...definedOnly(world.env) };
  } catch (cause) {
    throw new UsageError(`the environment file ${path} cannot be read`, {
      hint: 'check the path given with --env-file',
      path,
      cause,
    });
  }
}

const definedOnly = (env: Env): Env => Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
