import { holdsToken } from './token-shapes.ts';

/*
 * Where a secret may stand that somebody pasted in place of a reference to it: judged by the words
 * around it, because nothing in most values says that they are one.
 */
const secretWord = /secret|token|passw(?:or)?d|api[-_]?key|credential|authorization|bearer|private[-_]?key/i;
const exactWord = /^(?:auth|headers|env|out)$/i;

/** Whether what stands under this key may be a secret. */
const looksSecret = (key: string): boolean => exactWord.test(key) || secretWord.test(key);

type Path = readonly PropertyKey[];

/** Entries, tools and prompts are named by their authors, and "token-search" is a fine name. */
const isGivenName = (path: Path, index: number): boolean =>
  (index === 1 && path.length > 2) || ['tools', 'prompts'].includes(String(path[index - 1]));

/** `service_token` names a key of `service_tokens`; below `auth` it counts through that. */
const isMarked = (path: Path, index: number): boolean =>
  !/^(?:service_tokens?|\d+)$/.test(String(path[index])) && looksSecret(String(path[index])) && !isGivenName(path, index);

/** Whether the value at a YAML path may be a secret, by the keys that lead to it. */
export const isSecretivePath = (path: Path): boolean =>
  path[0] === 'service_tokens' || path.some((_, index) => isMarked(path, index));

/**
 * Whether a value is a secret by its looks: of a known form, or a long hexadecimal number under a key
 * such as `token`. The keys that mention service tokens may hold ids.
 */
export function looksLikeSecret(value: string, key: string): boolean {
  if (holdsToken(value)) return true;
  return secretWord.test(key) && !/^service_tokens?$/.test(key) && /^[0-9a-f]{32,}$/i.test(value);
}

/** Whether the last key of a path may itself be the secret: `auth: { s3cret: x }`. */
export function isHiddenKey(path: Path): boolean {
  const key = path.at(-1);
  if (typeof key !== 'string') return false;
  if (holdsToken(key)) return true;
  const colon = key.indexOf(':');
  if (colon !== -1 && looksSecret(key.slice(0, colon))) return true;
  if (!path.slice(0, -1).some((_, index) => isMarked(path, index))) return false;
  return !(path.at(-2) === 'headers' ? /^[A-Za-z][A-Za-z-]{0,39}$/ : /^[a-z_]{1,20}$/).test(key);
}

const keyInLine = /(?<![\w-])([\w-]+)["']?[ \t]*:/g;
const reference =
  /^\s*(?:["']?(?:env:\w+|file:[^\s,}\]"']+|cmd:.*|-|\$\{\w+\}|true|false|null)["']?\s*(?:[,}\]].*)?)?(?:(?:^|\s)#.*)?$/;
const wayToSignIn = /^\s*(?:(?:none|oauth)\s*(?:[,}#].*)?$|\{\s*(?:bearer|headers|service_token)\s*:)/;
const headerReferences =
  /^\s*\{(?:\s*["']?[A-Za-z][A-Za-z-]*["']?\s*:\s*["']?(?:env:\w+|file:[^\s,}"']+|cmd:[^,}"']+|\$\{\w+\})["']?\s*,?)+\s*\}/;
const tokenKey = /^\s*\[?[a-z0-9_, -]{1,40}\]?\s*(?:[,}\]#].*)?$/;
const userInUrl = /\w:\S.*@/;
const secretParameter = /[?&](?:key|sig|signature|[\w-]*(?:secret|token|password|api[-_]?key)[\w-]*)=/i;

/** Whether a line of a document may hold a secret in clear. */
export function isSecretiveLine(line: string): boolean {
  if (userInUrl.test(line) || secretParameter.test(line) || holdsToken(line)) return true;
  return [...line.matchAll(keyInLine)].some((match) => {
    const [whole, key = ''] = match;
    const value = line.slice(match.index + whole.length);
    if (!looksSecret(key) || reference.test(value) || (key === 'env' && /^\w/.test(value))) return false;
    if (key === 'auth' && wayToSignIn.test(value)) return false;
    if (key === 'headers' && headerReferences.test(value)) return false;
    return !(/^service_tokens?$/.test(key) && tokenKey.test(value));
  });
}

const leadingKey = /^(\s*(?:- +)*)["']?([\w-]+)["']?\s*:/;

/** How far back a text that cannot be read is looked through. */
const furthest = 200;

/**
 * The same for a line of a text that cannot be read: a secret above may go on here, behind a quote that
 * nobody closed, and so may what stands below a key such as `bearer:`. `index` counts from 0.
 */
export function isSecretiveSpot(lines: readonly string[], index: number): boolean {
  if (lines.slice(Math.max(0, index - furthest), index + 1).some(isSecretiveLine)) return true;
  let indent = Infinity;
  for (let at = index; at >= 0 && indent > 0; at--) {
    const [, margin = '', key] = leadingKey.exec(lines[at] ?? '') ?? [];
    if (key === undefined || margin.length >= indent) continue;
    if (at !== index && looksSecret(key)) return true;
    indent = margin.length;
  }
  return false;
}
