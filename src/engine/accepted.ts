/** A tool or prompt that was accepted into the lock file, as far as a document can ask for it. */
export type AcceptedItem = { readonly name: string; readonly readOnly: boolean };

/** What was accepted of the servers, by id: patterns in a document mean these names and no others. */
export type Accepted = {
  readonly servers: ReadonlyMap<string, { readonly [list in 'tools' | 'prompts']: readonly AcceptedItem[] }>;
};
