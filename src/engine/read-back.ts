import { addressOf, type Api, type Desired, type Kind } from './kind.ts';
import { makePlan, type Proposal } from './plan.ts';
import type { NameTable } from './names.ts';
import type { Change, Outcome } from './plan-types.ts';

export type ReadBackOptions = {
  /** An API whose listings are read anew. */
  fresh(): Api;
  readonly kinds: readonly Kind[];
  readonly desired: readonly Desired[];
  readonly outcomes: readonly Outcome[];
  readonly names: NameTable;
  sleep(ms: number): Promise<void>;
};

/** What Cloudflare holds after a run, and where that is not what was sent. */
export type ReadBack = { readonly proposal: Proposal | undefined; readonly kept: readonly string[] };

/** Answers may lag behind writes for a moment: a difference counts only when it is still there. */
const patience = [0, 500, 1500, 3000];

/**
 * Reads the touched kinds again and compares: a field that the API changed or ignored is named.
 * Only resources that this run wrote are judged.
 */
export async function readBack(options: ReadBackOptions): Promise<ReadBack> {
  const done = options.outcomes.filter((outcome) => outcome.ok);
  const written = new Set(done.map((outcome) => outcome.address));
  const desired = options.desired.filter((resource) => written.has(addressOf(resource.kind, resource.key)));
  if (desired.length === 0) return { proposal: undefined, kept: [] };
  let result: ReadBack = { proposal: undefined, kept: [] };
  for (const wait of patience) {
    if (wait > 0) await options.sleep(wait);
    const proposal = await makePlan({ api: options.fresh(), kinds: options.kinds, desired, findings: [], names: options.names });
    result = { proposal, kept: proposal.plan.changes.filter((change) => written.has(change.address)).map(keptSentence) };
    if (result.kept.length === 0) return result;
  }
  return result;
}

function keptSentence(change: Change): string {
  if (change.action === 'create') return `${change.address}: Cloudflare accepted it, and does not show it`;
  if (change.action === 'delete') return `${change.address}: Cloudflare accepted the deletion, and still shows it`;
  const fields = change.fields.map((field) => `${field.path}: Cloudflare kept ${JSON.stringify(field.before)}, the document says ${JSON.stringify(field.after)}`);
  return `${change.address}: ${fields.join('; ')}`;
}
