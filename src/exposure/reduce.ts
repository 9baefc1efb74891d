import { createHash } from 'node:crypto';
import { canonicalJson, isPlain, type Plain } from '../engine/values.ts';
import { withoutTokens } from '../lib/token-shapes.ts';
import { neutral } from '../render/value.ts';
import type { Item } from './items.ts';

/** What of a description is kept to be read: the digest is about the whole. */
const longestText = 200;

/**
 * A server of the API's listing with its tools and prompts reduced to `Item`s, page by page: their
 * names stay where other readers of the listing look for them.
 */
export const withItems = (server: Plain): Plain => ({
  ...server,
  ...(Array.isArray(server['tools']) ? { tools: itemsOf(server['tools']) } : {}),
  ...(Array.isArray(server['prompts']) ? { prompts: itemsOf(server['prompts']) } : {}),
});

const itemsOf = (rows: readonly unknown[]): readonly Item[] => rows.filter(isPlain).map(itemOf);

/** A tool (or prompt) as `tools/list` gives it, reduced. */
export function itemOf(raw: Plain): Item {
  const { name, title, description, inputSchema, outputSchema, arguments: parameters, annotations } = raw;
  const definition = { title, inputSchema, outputSchema, arguments: parameters, annotations };
  const text = typeof description === 'string' ? description : '';
  return {
    name: typeof name === 'string' ? name : '',
    readOnly: isPlain(annotations) && annotations['readOnlyHint'] === true,
    text: shortened(text),
    size: jsonSize(definition),
    textSize: text === '' ? 0 : jsonSize(text),
    ...digest('schema', { inputSchema, outputSchema, arguments: parameters }),
    ...digest('description', { title, description }),
    ...digest('annotations', { annotations }),
  };
}

/** A secret in clear in a description is not spread into files and terminals. */
const shortened = (text: string): string =>
  neutral(
    withoutTokens(
      Array.from(text.slice(0, 2 * longestText))
        .slice(0, longestText)
        .join(''),
    ),
  ) + (Array.from(text.slice(0, 2 * longestText + 2)).length > longestText ? '…' : '');

function digest<Name extends string>(name: Name, part: Plain): { readonly [name in Name]?: string } {
  const said = Object.values(part).some((value) => value !== undefined && value !== null);
  // A computed key loses its literal type.
  return (said ? { [name]: sha256(canonicalOf(part)) } : {}) as { readonly [name in Name]?: string };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** JSON with sorted keys. What is nested deeper than any reader follows counts as one and the same. */
function canonicalOf(value: unknown): string {
  try {
    return canonicalJson(value);
  } catch (error) {
    if (error instanceof RangeError) return 'nested too deeply';
    throw error;
  }
}

function jsonSize(value: unknown): number {
  try {
    return JSON.stringify(value).length;
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
}
