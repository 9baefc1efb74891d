import type { Address } from '../engine/kind.ts';
import type { OperationInput } from '../engine/operation.ts';
import type { Outcome, Plan } from '../engine/plan-types.ts';
import type { Edit } from '../spec/edit.ts';
import type { Intent } from '../verbs/intent.ts';
import type { Surroundings } from '../verbs/surroundings.ts';

/** What a call wants changed. It is planned anew when it is applied: nothing of a plan is carried out from memory. */
export type Wish = {
  /** What people call it: `put server github`. */
  readonly title: string;
  /** The document that it starts from: the files of the program, one file, a text that the call brought, or nothing. */
  readonly base: Base;
  /** Edits laid over the document, limited to what they name. Without this and `operation`: the whole document. */
  intend?(around: Surroundings): Promise<Intent>;
  /** Edits that are known before the account was looked at. */
  readonly foreseen?: readonly Edit[];
  readonly operation?: {
    readonly kind: string;
    readonly operation: string;
    readonly refs: readonly string[] | undefined;
    readonly input: OperationInput;
  };
  readonly prune?: boolean;
  readonly targets?: readonly string[];
  /** Secrets that the call itself brought, by the name under which its edits mention them: `env:NAME`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Code that the call itself brought, by the name of the file that its edits mention. */
  readonly code?: Readonly<Record<string, string>>;
  readonly resendSecrets?: boolean;
  /** Sentences on what was taken otherwise than it was said. */
  readonly warnings?: readonly string[];
};
export type Base =
  | { readonly is: 'files' }
  | { readonly is: 'file'; readonly path: string }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'nothing' };

/** A live object that a plan is about. */
export type Bound = { readonly id: string; readonly live: unknown };

/** A wish that is planned. */
export type Draft = {
  readonly plan: Plan;
  /** The live objects that the plan is about, as they are now: plain data. */
  readonly fingerprint: unknown;
  /** Sentences on what is worth knowing beside the plan. */
  readonly notices: readonly string[];
  /** Which references are read and sent where: `server:github is sent env:GITHUB_TOKEN`. */
  readonly sends: readonly string[];
  /** Where the secret goes that a resource yields or has yielded; empty for one that yields none. */
  places(address: Address): readonly string[];
  bound(address: Address): Bound | undefined;
  /** The addresses of a kind that the wish is about. */
  addresses(kind: string): readonly Address[];
  /** The changes that do not belong to a portal: neither it, nor what it reaches. */
  outside(portal: string): readonly Address[];
  /** The command line that does the same, as a person types it. */
  readonly command: string;
  carryOut(onOutcome: (outcome: Outcome) => void): Promise<Done>;
};

/** What became of it. `document` is what `apply -o json` prints, without secrets. */
export type Done = { readonly ok: boolean; readonly document: Readonly<Record<string, unknown>> };

/** What a command of the program gave. */
export type Ran = {
  readonly code: number;
  readonly document: Readonly<Record<string, unknown>>;
  readonly notices: readonly string[];
};

export type CommandCall = {
  readonly name: string;
  readonly args?: readonly string[];
  readonly options?: Readonly<Record<string, readonly (string | true)[]>>;
  readonly base?: Base;
};

/** What tools need of the program: the one spine of all commands, in a world that the call cannot leave. */
export type Workbench = {
  /** Plans a wish. Reads only. Aborting `signal` lets nothing new start. */
  draft(wish: Wish, signal: AbortSignal): Promise<Draft>;
  /** Runs a command that only reads, for its JSON. */
  command(call: CommandCall, signal: AbortSignal): Promise<Ran>;
  /** Whether the program has a command. */
  has(name: string): boolean;
  /** The text of the program's document, where there is one. */
  documentText(): Promise<string | undefined>;
};
