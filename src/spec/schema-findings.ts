import type * as z from 'zod/mini';
import type { Finding } from '../engine/kind.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { isHiddenKey, isSecretivePath } from '../lib/secretive.ts';
import { complaintsOf, type Complaint } from './complaint.ts';
import { isWriteOnly, knownKeys } from './known-keys.ts';
import { keyPlaceAt, nodeAt, placeAt, type Node, type NodePath } from './node.ts';
import { alternatives, describe, describeType, problem, quoted } from './report.ts';
import { pathText } from './source.ts';
import { expectedText, typeHint } from './type-words.ts';

/** A value that its schema refused: the whole document, where the value stands, and the refusals. */
export type Refused = {
  readonly root: Node;
  readonly path: NodePath;
  readonly schema: z.core.$ZodType;
  readonly issues: readonly z.core.$ZodIssue[];
};

/** What every entry may say, beside what its schema knows. */
export const entryFlags = ['absent', 'protect'] as const;

const knownAt = (refused: Refused, parent: NodePath): readonly string[] =>
  parent.length === 0 ? [...knownKeys(refused.schema, parent), ...entryFlags] : knownKeys(refused.schema, parent);

/** A schema's issues as findings with places and hints. A misspelt key does not also count as missing. */
export function schemaFindings(refused: Refused): readonly Finding[] {
  const exists = (path: NodePath): boolean => nodeAt(refused.root, [...refused.path, ...path]) !== undefined;
  const complaints = complaintsOf(refused.issues, [], exists);
  const meant = new Set(complaints.flatMap((complaint) => meantPath(complaint, refused)));
  return complaints
    .filter((complaint) => complaint.is !== 'missing' || !meant.has(pathText(complaint.path)))
    .map((complaint) => ({ ...toFinding(complaint, refused), ...(isSecretive(complaint, refused) ? { sensitive: true } : {}) }));
}

function meantPath(complaint: Complaint, refused: Refused): readonly string[] {
  if (complaint.is !== 'unknown') return [];
  const parent = complaint.path.slice(0, -1);
  const meant = didYouMean(complaint.key, knownAt(refused, parent));
  return meant === undefined ? [] : [pathText([...parent, meant])];
}

/** Where a secret is expected, and also under a misspelling of its key, the value may be one. */
function isSecretive(complaint: Complaint, refused: Refused): boolean {
  if (isWriteOnly(refused.schema, complaint.path)) return true;
  if (complaint.is !== 'unknown') return false;
  const parent = complaint.path.slice(0, -1);
  const meant = didYouMean(complaint.key, knownAt(refused, parent));
  return meant !== undefined && isWriteOnly(refused.schema, [...parent, meant]);
}

function toFinding(complaint: Complaint, refused: Refused): Finding {
  const path = [...refused.path, ...complaint.path];
  if (complaint.is === 'unknown')
    return unknownKey(complaint.key, {
      root: refused.root,
      path,
      known: knownAt(refused, complaint.path.slice(0, -1)),
    });
  if (complaint.is === 'missing') return missing(complaint.oneOf, path, refused.root);
  if (complaint.is === 'type') return wrongType(complaint, path, refused);
  return problem('MCP109', `${pathText(path)}: ${complaint.says}`, { place: placeAt(refused.root, path) });
}

/** A key that is not known; `known` are the keys that may stand there. */
export function unknownKey(
  key: string,
  at: { readonly root: Node; readonly path: NodePath; readonly known: readonly string[] },
): Finding {
  const parent = at.path.slice(0, -1);
  const where = parent.length === 0 ? 'the document' : pathText(parent);
  const place = keyPlaceAt(at.root, at.path);
  if (at.known.includes(key)) {
    return problem('MCP102', `the key ${quoted(key)} cannot be combined with the others in ${where}`, {
      place,
      hint: 'keep one of them',
    });
  }
  const meant = didYouMean(key, at.known);
  const list = at.known.length === 0 ? undefined : `known here: ${at.known.join(', ')}`;
  const which = isHiddenKey(at.path) ? 'an unknown key' : `unknown key ${quoted(key)}`;
  return problem('MCP102', `${which} in ${where}`, {
    place,
    hint: meant === undefined ? list : `did you mean ${quoted(meant)}?`,
  });
}

function missing(oneOf: readonly string[], path: NodePath, root: Node): Finding {
  if (oneOf.length > 0)
    return problem('MCP104', `${pathText(path)} needs one of ${alternatives(oneOf.map(quoted))}`, {
      place: keyPlaceAt(root, path),
    });
  const key = quoted(String(path.at(-1)));
  const parent = path.slice(0, -1);
  return problem('MCP104', `missing key ${key} in ${pathText(parent)}`, {
    place: { ...keyPlaceAt(root, parent), path: pathText(path) },
  });
}

type WrongType = Extract<Complaint, { readonly is: 'type' }>;

function wrongType(complaint: WrongType, path: NodePath, { root, schema }: Refused): Finding {
  const node = nodeAt(root, path);
  const found = isWriteOnly(schema, complaint.path) || isSecretivePath(path) ? describeType : describe;
  const value = node?.type === 'scalar' ? node.value : node?.type === 'list' ? [] : node?.type === 'map' ? {} : undefined;
  const meant = typeof value === 'string' ? didYouMean(value, complaint.words) : undefined;
  const code = complaint.words.length > 0 && node?.type === 'scalar' ? 'MCP109' : 'MCP103';
  const message = `${pathText(path)}: expected ${expectedText(complaint)}, found ${found(value)}`;
  const hint = meant === undefined ? typeHint(complaint.expected, value) : `did you mean ${quoted(meant)}?`;
  return problem(code, message, { place: placeAt(root, path), hint });
}
