import type { ConfigFile } from './config-path.ts';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** What a client is to be told. `url` ends in `/mcp`; `name` is what the client calls the portal. */
export type Wanted = { readonly name: string; readonly url: string; readonly serviceToken: boolean };

/** Why something cannot be had, and what works instead. */
export type Refusal = { readonly reason: string; readonly instead: string };

type Common = {
  readonly title: string;
  /** Where it goes, in one line. */
  readonly summary: string;
  /** Traps that are known, each in a sentence or two. */
  hints(wanted: Wanted): readonly string[];
  /** Set where the client cannot send the headers of a service token. */
  readonly noServiceToken?: Refusal;
};

/** A client that keeps its servers in a file, or in a text that looks like one: `{ SECTION: { NAME: ENTRY } }`. */
export type EntryClient = Common & {
  readonly is: 'entry';
  readonly format: 'json' | 'yaml' | 'toml';
  readonly section: string;
  entry(wanted: Wanted): JsonObject;
  /** Questions that the client asks for secrets, listed beside the section. */
  inputs?(wanted: Wanted): readonly JsonObject[];
  /** Left out where no file of the client's own exists: `noFile` says why. */
  readonly file?: ConfigFile;
  readonly noFile?: string;
};

/** An API that takes the server as a part of a request's body. */
export type RequestClient = Common & {
  readonly is: 'request';
  readonly format: 'json';
  body(wanted: Wanted): JsonObject;
  readonly noFile: string;
};

/** A client with nothing but a page to click through. */
export type StepsClient = Common & {
  readonly is: 'steps';
  readonly format: 'steps';
  steps(wanted: Wanted): readonly string[];
  readonly noFile: string;
};

/** A place where people use a portal. Facts, no behaviour: see `fragment.ts` for the texts. */
export type Client = EntryClient | RequestClient | StepsClient;
