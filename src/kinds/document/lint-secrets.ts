import type { Entry, Finding } from '../../engine/kind.ts';
import { looksLikeSecret } from '../../lib/secretive.ts';
import { warning } from './findings.ts';
import { secretParameter } from './lint-servers.ts';

const hint =
  'keep it out of the document (auth: takes env:NAME, file:PATH or cmd:COMMAND) and make a new one, because this one is known now';

type Path = readonly (string | number)[];

/** Values of an entry that look like secrets in clear, wherever they stand. They are never shown. */
export function literalSecrets(entry: Entry): readonly Finding[] {
  return pathsOf(entry.value, []).map((path) => {
    const place = entry.at(...path);
    const message = `${place.path} looks like it holds a secret`;
    return { ...warning({ code: 'MCP017', message, place, hint }), sensitive: true };
  });
}

function pathsOf(value: unknown, path: Path): readonly Path[] {
  if (typeof value === 'string') return isSecret(value, path) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return members.flatMap(([key, inner]) => pathsOf(inner, [...path, key]));
}

function isSecret(value: string, path: Path): boolean {
  const key = path.findLast((part) => typeof part === 'string') ?? '';
  if (!looksLikeSecret(value, key) || reference.test(value)) return false;
  // A rule about URLs says it already, with what to do.
  return !(path.length === 1 && key === 'url' && secretParameter(value) !== undefined);
}

/** Names of variables and files may look like anything; a command is in the document as it stands. */
const reference = /^(?:env|file|dotenv|github):\S*$/;
