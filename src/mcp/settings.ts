import type { Toolset } from './tool.ts';

/** What the person who starts the server allows. Nothing in a call can change it. */
export type Settings = {
  /** Nothing that changes anything is there at all. */
  readonly readOnly: boolean;
  /** Every plan is applied at once. */
  readonly autoApprove: boolean;
  /** A plan_id counts as consent: the client shows plans, and asks. */
  readonly approvePlanId: boolean;
  readonly allowDestroy: boolean;
  /** Only what belongs to this portal may change. */
  readonly portal: string | undefined;
  readonly toolsets: readonly Toolset[];
};
