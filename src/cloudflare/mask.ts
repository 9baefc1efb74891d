import { isFields } from './envelope.ts';
import { isForm } from './request.ts';

/** `text` is a Worker's secret; `headers` are those inside `auth_credentials`. */
const secretFields = new Set(['auth_credentials', 'client_secret', 'tunnel_secret', 'text', 'headers']);
const patterns = [/\bcfast_[A-Za-z0-9_-]+/g, /\bcf[a-z]{1,4}_[A-Za-z0-9_-]{30,}/g, /\b[0-9a-f]{64}\b/gi];
const mark = '(secret)';

/** Replaces the given secrets, and whatever looks like one of Cloudflare's, in a message of Cloudflare. */
export function mask(text: string, secrets: readonly string[]): string {
  const spellings = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  const longestFirst = [...new Set(spellings)].filter((each) => each !== '').toSorted((a, b) => b.length - a.length);
  const masked = longestFirst.reduce((rest, secret) => rest.replaceAll(patternOf(secret), mark), text);
  return patterns.reduce((rest, pattern) => rest.replace(pattern, mark), masked);
}

/** A short secret is taken for one only where it stands by itself: as a part of words it would be everywhere. */
function patternOf(secret: string): RegExp {
  const literal = secret.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return new RegExp(secret.length < 8 ? `(?<![\\w/])${literal}(?![\\w/])` : literal, 'g');
}

/** The values of a request body that Cloudflare may repeat in its message and nobody should read. */
export async function secretsIn(body: unknown): Promise<readonly string[]> {
  if (!isForm(body)) return collect(body, false);
  const parts = await Promise.all([...body.values()].map(async (part) => (typeof part === 'string' ? part : await part.text())));
  return parts.flatMap((part) => collect(parsed(part), false));
}

function collect(value: unknown, secret: boolean): readonly string[] {
  if (typeof value === 'string') return secret ? [value, ...collect(parsed(value), false)] : [];
  if (Array.isArray(value)) return value.flatMap((each) => collect(each, secret));
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([name, each]) => collect(each, secret || secretFields.has(name)));
}

/** `auth_credentials` is JSON inside a string: the header values in it are secrets of their own. */
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? undefined : value;
  } catch {
    return undefined;
  }
}
