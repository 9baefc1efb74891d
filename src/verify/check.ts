/** The way of a request, from the name to the list of tools, in the order in which one layer rests on another. */
export const layers = ['dns', 'tunnel', 'origin', 'server', 'access', 'membership', 'endpoint'] as const;
export type Layer = (typeof layers)[number];

/**
 * One thing that was looked at. `ok` is false only where it failed: a warning and what could not be judged
 * keep nothing from working. `cause` says why in general, `fix` the one next step.
 */
export type Check = {
  readonly layer: Layer;
  /** A server id, a portal id or a hostname. */
  readonly subject: string;
  readonly name: string;
  readonly ok: boolean;
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly detail: string;
  readonly cause?: string;
  readonly fix?: string;
};

/** Why something fails, and what to do about it. */
export type Cause = { readonly cause: string; readonly fix: string };

type Said = { readonly name: string; readonly detail: string };
/** The four outcomes, for one layer and subject. */
export type Judge = {
  passed(said: Said): Check;
  warned(said: Said & Partial<Cause>): Check;
  failed(said: Said & Cause): Check;
  /** What could not be judged: `detail` says what stands before it. */
  skipped(said: Said): Check;
};

export function judge(layer: Layer, subject: string): Judge {
  const check = (status: Check['status'], said: Said & Partial<Cause>): Check => {
    const { name, detail, cause, fix } = said;
    const why = { ...(cause === undefined ? {} : { cause }), ...(fix === undefined ? {} : { fix }) };
    return { layer, subject, name, ok: status !== 'failed', status, detail, ...why };
  };
  return {
    passed: (said) => check('ok', said),
    warned: (said) => check('warning', said),
    failed: (said) => check('failed', said),
    skipped: (said) => check('skipped', said),
  };
}

/** The first failure of these, as a later layer mentions it. */
export function failureIn(checks: readonly Check[]): string | undefined {
  const failed = checks.find(({ ok }) => !ok);
  return failed === undefined ? undefined : `${failed.layer} of ${failed.subject} failed`;
}

/** A check that failed because an earlier layer did could not be judged. */
export const excused = (check: Check, before: string | undefined): Check =>
  check.ok || before === undefined ? check : judge(check.layer, check.subject).skipped({ name: check.name, detail: before });
