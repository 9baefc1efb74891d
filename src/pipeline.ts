import { createHash } from 'node:crypto';
import { apply, type ApplyOptions } from './engine/apply.ts';
import type { Api } from './engine/api.ts';
import type { Desired, Kind, Peers } from './engine/kind.ts';
import { makePlan, type Proposal } from './engine/plan.ts';
import type { Outcome, Plan } from './engine/plan-types.ts';
import { readBack } from './engine/read-back.ts';
import { canonicalJson } from './engine/values.ts';
import type { LoadedSpec } from './load-spec.ts';
import { withoutSilenced } from './spec/silence.ts';

export type ProposeOptions = {
  readonly api: Api;
  readonly kinds: readonly Kind[];
  /** With the texts, what their comments silence is not said of live state either. */
  readonly spec: Pick<LoadedSpec, 'desired' | 'findings'> & Partial<Pick<LoadedSpec, 'sources'>>;
  readonly prune?: boolean;
  readonly narrowed?: boolean;
  readonly targets?: readonly string[];
  readonly resendSecrets?: boolean;
  readonly showUnmanaged?: boolean;
  /** What the sinks of the document's resources hold; nothing where left out. */
  readonly stored?: Peers['stored'];
};

/** Reads live state and says what it takes to match the document. Writes nothing. */
export async function propose({ spec, ...options }: ProposeOptions): Promise<Proposal> {
  const { desired, findings, sources = [] } = spec;
  const proposal = await makePlan({ ...options, desired, findings });
  const diagnostics = withoutSilenced(proposal.plan.diagnostics, sources);
  return { ...proposal, plan: { ...proposal.plan, diagnostics } };
}

/** The same resources, wanted gone: what `destroy` plans. */
export const withoutAll = (desired: readonly Desired[]): readonly Desired[] =>
  desired.map((resource) => ({ ...resource, absent: true, why: 'destroy' }));

/** A fingerprint of what a plan would do, and of the live values that it was made from. */
export function planId(plan: Plan): string {
  const essence = { account: plan.account, changes: plan.changes, left_in_place: plan.left_in_place };
  return `sha256:${createHash('sha256').update(canonicalJson(essence)).digest('hex')}`;
}

export type CommitOptions = ApplyOptions & {
  /** The same account with nothing remembered, to read back. */
  fresh(): Api;
  readonly kinds: readonly Kind[];
  readonly desired: readonly Desired[];
  sleep(ms: number): Promise<void>;
};

/** What a run did. `kept` has a sentence for each field that Cloudflare changed or ignored. */
export type Report = {
  readonly outcomes: readonly Outcome[];
  readonly kept: readonly string[];
  readonly interrupted: boolean;
};

/** Carries out a proposal, then reads the touched kinds back and compares. */
export async function commit(options: CommitOptions): Promise<Report> {
  const { fresh, kinds, desired, proposal, signal, sleep } = options;
  const outcomes = await apply(options);
  const kept = signal.aborted
    ? []
    : await readBack({ api: options.api, fresh, kinds, outcomes, signal, sleep, run: { ...proposal, desired } });
  return { outcomes, kept, interrupted: signal.aborted };
}

/** What a finished run has to show: each declared portal's URL, for example. */
export function outputsOf(
  proposal: Proposal,
  desired: readonly Desired[],
): { readonly [plural: string]: { readonly [key: string]: { readonly url: string } } } {
  const outputs: { [plural: string]: { [key: string]: { readonly url: string } } } = {};
  for (const resource of desired.filter((one) => !one.absent)) {
    const bound = proposal.names.bound(`${resource.kind}:${resource.key}`);
    const kind = proposal.kinds.find((one) => one.kind === resource.kind);
    const output = bound === undefined ? undefined : kind?.output?.(resource.key, kind.toState(bound.live, proposal.peers));
    if (output !== undefined) (outputs[`${resource.kind}s`] ??= {})[resource.key] = output;
  }
  return outputs;
}
