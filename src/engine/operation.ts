import type { FieldChange } from './plan-types.ts';
import type { Obstacle, Peers, State } from './kind.ts';
import type { Update, Written } from './write.ts';

/** What an operation is told, by the words of its command: `{ overlap: '24h' }`. */
export type OperationInput = { readonly [word: string]: string };

/**
 * Something that the API does to a live object and that no field of a document says: reading a
 * server's tools again, a new secret for a token. It goes the way of every change: planned, shown,
 * agreed to, carried out.
 */
export type Operation<S extends State = State, L = unknown> = {
  /** Why the plan has it: "its tools are read again". */
  reason(live: L, input: OperationInput): string;
  /** Who notices, in a sentence. */
  impact?(live: L, input: OperationInput): string | undefined;
  /** The differences that it makes, as far as they are known before. */
  fields(live: L, input: OperationInput, peers: Peers): readonly FieldChange[];
  /** Kinds that it has to see beside its own. */
  readonly reads?: readonly string[];
  /** Why there is nothing to do: "frozen already". */
  needless?(live: L): string | undefined;
  /** What forbids it. */
  obstacles?(live: L, peers: Peers): readonly Obstacle[];
  /** True when the answer carries a secret. */
  readonly yieldsSecret?: true;
  run(write: Update<S, L>, input: OperationInput): Promise<Written<L>>;
};
