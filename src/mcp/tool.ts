import type { Outcome } from '../engine/plan-types.ts';
import type { InputSchema } from './arguments.ts';

export type Toolset = 'core' | 'kinds' | 'cloudflare';
export const toolsets: readonly Toolset[] = ['core', 'kinds', 'cloudflare'];

/** The hints of the protocol; each tool says all four. */
export type Hints = {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
};

export type Values = Readonly<Record<string, unknown>>;

/** What a call is answered with: a result, or a question to the person that comes back with an answer. */
export type Answer =
  | {
      readonly is: 'result';
      readonly value: Values;
      /** What we say ourselves: counts and next steps, nothing that others wrote. */
      readonly text: string;
      /** What others wrote, for the text copy: it is marked as data. */
      readonly quoted?: string | undefined;
      readonly isError?: boolean;
    }
  | { readonly is: 'question'; readonly message: string; readonly state: string };

/** One call, as a tool sees it. */
export type Call = {
  readonly tool: string;
  /** The digest of the arguments: an answer counts only for the call that asked. */
  readonly digest: string;
  /** Whether the client can show a question to a person. */
  readonly canAsk: boolean;
  /** The person's answer, where this is the call that brings it. */
  readonly reply: { readonly state: string; readonly accepted: boolean } | undefined;
  /** Aborted when the client says that it does not want the call any more; not when it just goes away. */
  readonly signal: AbortSignal;
  progress(outcome: Outcome, done: number, total: number): void;
  /** For the journal. */
  note(facts: Values): void;
};

export type Tool = {
  readonly name: string;
  readonly description: string;
  readonly toolset: Toolset;
  /** True for a tool that changes something, or may. */
  readonly changes: boolean;
  readonly hints: Hints;
  readonly input: InputSchema;
  run(args: Values, call: Call): Promise<Answer>;
};

/** Reads, in a world that others change too. */
export const reading: Hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };
export const offline: Hints = { ...reading, openWorldHint: false };
/** Adds or changes; doing it twice is doing it once. */
export const changing: Hints = { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true };
export const destroying: Hints = { ...changing, destructiveHint: true };

/** An argument as text; `fallback` where it is none. */
export function textIn(values: Values, name: string, fallback = ''): string {
  const value = values[name];
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : fallback;
}
