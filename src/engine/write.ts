import type { Api } from './api.ts';
import type { Names, Peers, State, YieldedSecret } from './kind.ts';

/** What a write is given. */
export type Write<S extends State = State> = {
  readonly api: Api;
  readonly key: string;
  /** Create: the initial state. Update: the live state overlaid with the desired one. */
  readonly state: S;
  readonly names: Names;
  readonly peers: Peers;
};
export type Update<S extends State = State, L = unknown> = Write<S> & {
  readonly live: L;
  /** The paths of the fields that differ. */
  readonly changed: readonly string[];
};

/** The live object after a write, and the secret that only this answer carries. */
export type Written<L = unknown> = { readonly live: L; readonly secret?: YieldedSecret };
