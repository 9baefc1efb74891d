import type * as z from 'zod/mini';
import type { Accepted } from './accepted.ts';
import type { Api } from './api.ts';
import type { FieldRules } from './field-rules.ts';
import type { Frozen } from './frozen.ts';
import type { Operation } from './operation.ts';
import type { Readiness } from './readiness.ts';
import type { Reading } from './reading.ts';
import type { SinkContent } from './stored-secrets.ts';
import type { Update, Write, Written } from './write.ts';

/** `KIND:KEY`, such as `server:health-ledger`. The word that plans, options and messages use. */
export type Address = `${string}:${string}`;

export const addressOf = (kind: string, key: string): Address => `${kind}:${key}`;

/** Where something stands in the documents. `path` is the YAML path, such as `servers.github.url`. */
export type Place = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
};

/** What a resource says, in the document's words: names instead of ids, `Secret`s instead of secrets. */
export type State = { readonly [field: string]: unknown };

/** A resource that the document wants (or, with `absent`, wants gone). */
export type Desired<S extends State = State> = {
  readonly kind: string;
  readonly key: string;
  readonly state: S;
  readonly absent: boolean;
  readonly protect: boolean;
  /** Sinks for a secret that this resource yields when it is created. */
  readonly sinks: readonly string[];
  readonly place: Place | undefined;
  /** Resources that come first when this one is made, and last when it is removed, beside its references. */
  readonly follows?: readonly Address[];
  /** Why the document implies this resource, where no entry of its own says so. */
  readonly why?: string;
  /** Something else in the run needs it: made when it is missing, and never changed. */
  readonly onlyIfMissing?: true;
  /** A command names it: what goes away does so because of that, whatever a document says. */
  readonly asked?: true;
};

/** A live object, as its kind listed it. */
export type Existing<L = unknown> = {
  readonly kind: string;
  readonly id: string;
  /** What the object is found by. Two objects of a kind with the same identity are a conflict. */
  readonly identity: string;
  /** The natural name by which people know the object. */
  readonly name: string;
  readonly live: L;
};

/** A mention of another resource: its key in the document, its live name, or its id. */
export type Reference = { readonly kind: string; readonly ref: string };

/** Translates between names (above `kinds/`) and ids (below), for the objects that a run has read. */
export type Names = {
  /** The document's key for a live id; else its live name when that is unambiguous; else the id. */
  nameOf(kind: string, id: string): string;
  /** The live id of a key, a live name or an id. Throws a `UserError` when there is none. */
  idOf(kind: string, ref: string): string;
  /** A reference in the one spelling that `nameOf` gives, so that both sides compare equal. */
  canonical(kind: string, ref: string): string;
};

/** What a kind may look at beside its own objects. */
export type Peers = {
  readonly names: Names;
  /** The live object bound to a document's resource. */
  live(address: Address): Existing | undefined;
  existing(kind: string): readonly Existing[];
  desired(kind: string): readonly Desired[];
  /** What the sinks of a document's resource hold, where they can be read back. */
  stored(address: Address): readonly SinkContent[];
};

/** A secret that Cloudflare showed once, with what belongs to it. `values` go to the sinks as they are. */
export type YieldedSecret = { readonly name: string; readonly values: { readonly [field: string]: string } };

/** One YAML section: its entries' schema, and what an entry stands for. */
export type Section = {
  readonly name: string;
  readonly shape: 'map' | 'list';
  /** Built only when the section is used: building a schema costs more than checking one. */
  schema(): z.core.$ZodType;
  /** The resources that one entry stands for; short forms are spelled out here. */
  expand(entry: Entry, document: Sections): readonly Desired[];
  /** What the schema cannot say: names that do not exist, combinations that cannot work. */
  check?(entry: Entry, document: Sections): readonly Finding[];
};

/** A validated entry of a section. */
export type Entry = {
  readonly section: string;
  readonly key: string;
  readonly value: { readonly [field: string]: unknown };
  readonly place: Place;
  /** The place of a field inside the entry, for findings: `at('access', 'policies', 0)`. */
  at(...path: readonly (string | number)[]): Place;
};

/** The validated document, by section. */
export type Sections = {
  entries(section: string): readonly Entry[];
  entry(section: string, key: string): Entry | undefined;
  /** The lock file beside the document; undefined where there is none. */
  readonly lock?: Accepted | undefined;
};

/** Something to say about the document, with its place. */
export type Finding = {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly place?: Place | undefined;
  /** The line at `place` may hold a secret: it is not shown. */
  readonly sensitive?: true;
};

/**
 * A resource type. Nothing outside `kinds/` names one or branches on one: what shared code needs to know is a member
 * here. Members are methods, so that a kind with its own `S` (state) and `L` (live object) stands in the table as a plain `Kind`.
 */
export type Kind<S extends State = State, L = unknown> = {
  /** The word in addresses: `server`. */
  readonly kind: string;
  /** The word in sentences: "MCP server". */
  readonly title: string;
  readonly section?: Section;
  readonly fields: FieldRules;
  /** Kinds that this kind's states can mention. */
  readonly refersTo: readonly string[];
  references(state: S): readonly Reference[];

  list(reading: Reading): Promise<readonly L[]>;
  namesakes?(api: Api): Promise<readonly L[]>; // a listing to `identify`, where the API lets two have one identity
  identify(live: L): Omit<Existing, 'kind' | 'live'>;
  /** The identities under which a desired resource may already exist, best first. */
  identities(desired: Desired<S>, peers: Peers): readonly string[];
  /** The live object in the document's words, canonical: the same spelling as `settle` gives. */
  toState(live: L, peers: Peers): S;
  /** The state of a new object: the desired one with what a creation fills in, such as `name`. */
  initial?(key: string, state: S): S;
  /** The desired state in canonical form, with what can only be decided beside the live one. */
  settle?(state: S, live: S | undefined, peers: Peers): S;
  /** Why this resource cannot be planned at all: a foreign object stands where it must go. */
  obstacles?(desired: Desired<S>, bound: Existing<L> | undefined, peers: Peers): readonly Obstacle[];
  /** Who notices a change, in a sentence. */
  impact?(action: 'update' | 'replace' | 'delete', live: S, peers: Peers): string | undefined;
  /** What is worth saying about a desired resource beside its live object: warnings of the plan. */
  remarks?(desired: Desired<S>, bound: Existing<L>, peers: Peers): readonly Finding[];
  /** What more people can reach after the run: notes of the plan. `before` is undefined for what is created. */
  widens?(desired: Desired<S>, states: { readonly before: S | undefined; readonly after: S }, peers: Peers): readonly Finding[];

  create(write: Write<S>): Promise<Written<L>>;
  update(write: Update<S, L>): Promise<Written<L>>;
  remove(api: Api, live: L): Promise<void>;
  /** Where deleting and creating is not all that a replacement takes. */
  replace?(write: Update<S, L>): Promise<Written<L>>;
  /** `state` without its mention of a resource that goes away; kinds that cannot let go leave it out. */
  release?(state: S, gone: Address): S;
  /** The kinds whose removal takes along what mentions them: a server's application goes with it. */
  readonly goesWith?: readonly string[];
  /** What can be done to a live object beside changing what it says, by name: a server's `sync`. */
  readonly operations?: { readonly [name: string]: Operation<S, L> };
  /** Set where a kill switch holds the object. `toState` gives what it says without that, so nothing undoes it. */
  frozen?(live: L): Frozen | undefined;
  /** True when creating this kind shows a secret once. */
  readonly yieldsSecret?: true;
  /** Starts whatever makes the object ready, when waiting for it. */
  prepare?(api: Api, live: L): Promise<void>;
  readiness?(live: L): Readiness;
  /** What a run prints when it is done: a portal's URL. */
  output?(key: string, live: S): { readonly url: string };
  /** True when an undeclared live object of this kind goes with `--prune` once nothing mentions it. */
  readonly prunable?: true;
  /** Live objects that belong to this one without being mentioned by it: a server's application. */
  reaches?(existing: Existing<L>, peers: Peers): readonly Existing[];
  /** The command that removes one object of this kind, for a run that leaves it in place. */
  removedBy?(live: L): string;
  /** The kinds that `reaches` looks at. */
  readonly reachesInto?: readonly string[];
  /** The zones that a desired resource needs: a new sandbox account gets them. */
  zones?(state: S): readonly string[];
  /** The live object as an entry of the document, for `export`; undefined where another entry implies it. */
  toEntry?(key: string, state: S, peers: Peers): DocumentEntry | undefined;
};

/** A part of a document: `value` is laid into the entry `key` of `section` (lists have no keys). */
export type DocumentEntry = { readonly section: string; readonly key?: string; readonly value: State };

/** Why a resource cannot be planned. `ids` name the live objects that are in the way. */
export type Obstacle = { readonly message: string; readonly ids: readonly string[]; readonly hint?: string };
