import { Cancelled, UserError } from '../lib/errors.ts';

/**
 * One thing that was looked at. `ok` is false only where it failed: a warning and what was not looked
 * at keep nothing from working. `fix` is the next step, `code` the stable word of an error.
 */
export type Check = {
  readonly name: string;
  readonly ok: boolean;
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly detail: string;
  readonly fix?: string;
  readonly code?: string;
};

export const passed = (name: string, detail: string): Check => ({ name, ok: true, status: 'ok', detail });

export const warned = (name: string, detail: string, fix?: string): Check => ({
  ...passed(name, detail),
  status: 'warning',
  ...withFix(fix),
});

export const failed = (name: string, detail: string, fix?: string): Check => ({
  ...passed(name, detail),
  ok: false,
  status: 'failed',
  ...withFix(fix),
});

export const skipped = (name: string, detail: string, fix?: string): Check => ({
  ...passed(name, detail),
  status: 'skipped',
  ...withFix(fix),
});

/** A failure in the words of the error, which say what to do. */
export const failedBy = (name: string, { message, facts, code }: UserError): Check => ({
  ...failed(name, message, facts.hint),
  code,
});

const withFix = (fix: string | undefined): { readonly fix?: string } => (fix === undefined ? {} : { fix });

/** What came of something that Cloudflare or the user may spoil. */
export type Attempt<T> = { readonly value: T; readonly error?: never } | { readonly error: UserError; readonly value?: never };

/** Carries out `work`. Interruptions and bugs are thrown on: they are no findings. */
export async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof Cancelled) throw error;
    return { error };
  }
}
