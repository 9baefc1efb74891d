import type * as z from 'zod/mini';
import { chooseBranch } from './union-branch.ts';
import type { NodePath } from './node.ts';

/** What a schema has against a value, reduced to the few things that a reader is told. */
export type Complaint =
  | {
      readonly is: 'type';
      readonly path: NodePath;
      readonly expected: readonly string[];
      readonly words: readonly string[];
    }
  | { readonly is: 'unknown'; readonly path: NodePath; readonly key: string }
  | { readonly is: 'missing'; readonly path: NodePath; readonly oneOf: readonly string[] }
  | { readonly is: 'value'; readonly path: NodePath; readonly says: string };

/** Whether the document says something at a path below the entry. */
export type Exists = (path: NodePath) => boolean;

/** Complaints of a schema's issues; `path` is where the schema stands below the entry. */
export function complaintsOf(issues: readonly z.core.$ZodIssue[], path: NodePath, exists: Exists): readonly Complaint[] {
  return issues.flatMap((issue) => fromIssue(issue, [...path, ...issue.path], exists));
}

function fromIssue(issue: z.core.$ZodIssue, path: NodePath, exists: Exists): readonly Complaint[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ is: 'unknown', path: [...path, key], key }));
  if (issue.code === 'invalid_key') return [{ is: 'value', path, says: `the key is not allowed: ${sayings(issue.issues)}` }];
  if (issue.code === 'custom') return [{ is: 'value', path, says: issue.message }];
  if (path.length > 0 && !exists(path)) return [{ is: 'missing', path, oneOf: [] }];
  if (issue.code === 'invalid_union') return fromUnion(issue, path, exists);
  const own = ownMessage(issue.message);
  if (own !== undefined) return [{ is: 'value', path, says: own }];
  if (issue.code === 'invalid_type') return [{ is: 'type', path, expected: [issue.expected], words: [] }];
  if (issue.code === 'invalid_value') return [{ is: 'type', path, expected: [], words: issue.values.map(String) }];
  return [{ is: 'value', path, says: saying(issue) }];
}

function fromUnion(issue: z.core.$ZodIssueInvalidUnion, path: NodePath, exists: Exists): readonly Complaint[] {
  if (issue.inclusive === false) return [{ is: 'value', path, says: 'more than one of its forms is given: keep one' }];
  if (issue.options !== undefined) return [{ is: 'type', path, expected: [], words: issue.options.map(String) }];
  const own = ownMessage(issue.message);
  if (own !== undefined) return [{ is: 'value', path, says: own }];
  return chooseBranch(
    issue.errors.map((errors) => complaintsOf(errors, path, exists)),
    path,
  );
}

/** The schema author's sentence; undefined for zod's own. */
const ownMessage = (message: string): string | undefined =>
  /^(Invalid |Too (big|small)|Unrecognized key|No matching|Expected |Required)/.test(message) || message === ''
    ? undefined
    : message;

const sayings = (issues: readonly z.core.$ZodIssue[]): string =>
  issues.map((issue) => ownMessage(issue.message) ?? saying(issue)).join('; ');

function saying(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small') return limit(issue, issue.minimum, issue.inclusive === false ? 'more than' : 'at least');
  if (issue.code === 'too_big') return limit(issue, issue.maximum, issue.inclusive === false ? 'less than' : 'at most');
  if (issue.code === 'not_multiple_of') return `must be a multiple of ${issue.divisor}`;
  if (issue.code !== 'invalid_format') return issue.message;
  const name = formats[issue.format];
  if (name !== undefined) return `is not ${name}`;
  return issue.pattern === undefined ? `is not a valid ${issue.format}` : `does not match ${issue.pattern}`;
}

const formats: Readonly<Record<string, string>> = {
  url: 'a URL',
  email: 'an email address',
  uuid: 'a UUID',
  hostname: 'a host name',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  date: 'a date such as 2026-11-01',
};

type Limited = z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall;

function limit(issue: Limited, bound: number | bigint, comparison: string): string {
  const wanted = issue.exact === true ? 'exactly' : comparison;
  if (issue.origin === 'string')
    return bound === 1 && comparison === 'at least' ? 'must not be empty' : `must have ${wanted} ${bound} characters`;
  if (issue.origin === 'array' || issue.origin === 'set')
    return bound === 1 && comparison === 'at least' ? 'must not be empty' : `must have ${wanted} ${bound} items`;
  return `must be ${wanted} ${bound}`;
}
