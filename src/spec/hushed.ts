import type { Entry, Finding } from '../engine/kind.ts';
import { isSecretivePath } from '../lib/secretive.ts';
import type { NodePath } from './node.ts';

/** What may be repeated: references to secrets, and words that look like a key of the document. */
const harmless = /^(?:[a-z0-9_-]{1,40}|env:\w+|file:.+)$/;
/** Blotting out single letters would make nonsense of the sentence. */
const shortest = 4;

/** A section's own finding without the values of its entry that may be secrets. */
export function hushed(finding: Finding, entry: Entry): Finding {
  const secrets = secretsIn(entry.value, [entry.section, entry.key]);
  if (secrets.length === 0) return finding;
  const hush = (text: string): string => secrets.reduce((left, secret) => left.replaceAll(secret, '…'), text);
  const hint = finding.hint === undefined ? {} : { hint: hush(finding.hint) };
  return { ...finding, message: hush(finding.message), ...hint };
}

function secretsIn(value: unknown, path: NodePath): readonly string[] {
  if (typeof value === 'string') return value.length < shortest || harmless.test(value) || !isSecretivePath(path) ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => secretsIn(inner, [...path, key]));
}
