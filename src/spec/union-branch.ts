import { didYouMean } from '../lib/did-you-mean.ts';
import type { Complaint } from './complaint.ts';
import type { NodePath } from './node.ts';

type Branch = readonly Complaint[];

/**
 * What to say when no form of a union fits: the complaints of the form that the author most likely
 * meant. Where the value is of no form's type, all of them are named instead.
 */
export function chooseBranch(branches: readonly Branch[], path: NodePath): readonly Complaint[] {
  const near = branches.filter((branch) => !branch.some((complaint) => rejects(complaint, path)));
  if (near.length === 0) return [noForm(branches.flat(), path)];
  const [first, ...rest] = near.toSorted((a, b) => distance(a) - distance(b));
  if (first === undefined) return [];
  const equal = [first, ...rest.filter((branch) => distance(branch) === distance(first))];
  const keys = equal.flatMap((branch) => missingKeys(branch, path).slice(0, 1));
  const undecided = equal.length > 1 && keys.length === equal.length && !keys.some((key) => isMeant(first, key));
  if (!undecided) return first;
  return [...first.filter((complaint) => complaint.is !== 'missing'), { is: 'missing', path, oneOf: [...new Set(keys)] }];
}

/** The value is not even of this form's type. */
const rejects = (complaint: Complaint, path: NodePath): boolean =>
  complaint.is === 'type' && complaint.path.length === path.length;

function noForm(complaints: readonly Complaint[], path: NodePath): Complaint {
  const types = complaints.filter((complaint) => complaint.is === 'type').filter((complaint) => rejects(complaint, path));
  return {
    is: 'type',
    path,
    expected: [...new Set(types.flatMap((complaint) => complaint.expected))],
    words: [...new Set(types.flatMap((complaint) => complaint.words))],
  };
}

/** Complaints deep inside count less: the author got that far in this form. A slip counts as one. */
function distance(branch: Branch): number {
  const depth = Math.min(...branch.map((complaint) => complaint.path.length));
  const slips = branch.filter((complaint) => complaint.is === 'missing' && isMeant(branch, String(complaint.path.at(-1))));
  return branch.reduce((sum, complaint) => sum + (complaint.path.length > depth ? 1 : 2), 0) - depth / 10 - 2 * slips.length;
}

const missingKeys = (branch: Branch, path: NodePath): readonly string[] =>
  branch
    .filter((complaint) => complaint.is === 'missing' && complaint.path.length === path.length + 1)
    .map((complaint) => String(complaint.path.at(-1)));

/** Whether an unknown key looks like the missing one. */
const isMeant = (branch: Branch, key: string): boolean =>
  branch.some((complaint) => complaint.is === 'unknown' && didYouMean(complaint.key, [key]) !== undefined);
