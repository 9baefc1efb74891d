import type { Finding, Section } from '../engine/kind.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { interpolate, isOneVariable, type Env } from './interpolate.ts';
import { placeAt, type MapNode, type Node } from './node.ts';
import { describe, problem } from './report.ts';
import { unknownKey } from './schema-findings.ts';
import { toValue, type Reading } from './to-value.ts';

/** The keys of the document beside its sections. */
const rootKeys = ['version', 'account'] as const;

type Root = { readonly account: string | undefined; readonly findings: readonly Finding[] };

/** `version`, `account`, and whether every other key of the document is a section. */
export function readRoot(root: MapNode, sections: readonly Section[], reading: Reading): Root {
  const known = [...rootKeys, ...sections.map((section) => section.name)];
  const strangers = [...root.pairs.keys()].filter((key) => !known.includes(key));
  const unknown = strangers.map((key) => unknownKey(key, { root, path: [key], known }));
  const account = readAccount(root, reading);
  const misspelt = strangers.some((key) => didYouMean(key, ['version']) !== undefined);
  const version = misspelt && !root.pairs.has('version') ? [] : versionFindings(root);
  return { account: account.value, findings: [...unknown, ...version, ...account.findings] };
}

function versionFindings(root: MapNode): readonly Finding[] {
  const version = root.pairs.get('version')?.value;
  const place = placeAt(root, ['version']);
  if (version === undefined)
    return [problem('MCP104', 'missing key "version" in the document', { place, hint: 'start with `version: 1`' })];
  const value = version.type === 'scalar' ? version.value : undefined;
  if (value === 1) return [];
  const message = `version: this program reads version 1, found ${found(version)}`;
  return [problem('MCP110', message, { place, hint: 'write `version: 1`' })];
}

function readAccount(
  root: MapNode,
  reading: Reading,
): { readonly value: string | undefined; readonly findings: readonly Finding[] } {
  const node = root.pairs.get('account')?.value;
  if (node === undefined) return { value: undefined, findings: [] };
  if (isUnset(node, reading.env)) return { value: undefined, findings: [] };
  const value = toValue(node, ['account'], reading);
  if (value === null || value === '') return { value: undefined, findings: [] };
  if (typeof value === 'string') return { value, findings: [] };
  const hint = node.type === 'scalar' ? 'put quotes around it' : undefined;
  const finding = problem('MCP103', `account: expected a string, found ${found(node)}`, {
    place: placeAt(root, ['account']),
    hint,
  });
  return { value: undefined, findings: [finding] };
}

/** `account: ${CLOUDFLARE_ACCOUNT_ID}` without that variable leaves the account out: it may come from elsewhere. */
const isUnset = (node: Node, env: Env): boolean =>
  node.type === 'scalar' &&
  typeof node.value === 'string' &&
  isOneVariable(node.value) &&
  interpolate(node.value, env).bad.length > 0;

const found = (node: Node): string => (node.type === 'scalar' ? describe(node.value) : `a ${node.type}`);
