import { bind } from './bind.ts';
import { groupBy } from './group-by.ts';
import type { Api } from './api.ts';
import { addressOf, type Desired, type Kind, type Obstacle, type Peers } from './kind.ts';
import { kindNamed } from './kind-named.ts';
import { createNames, looksLikeId, type NameTable } from './names.ts';
import { createReader, type Reader } from './reader.ts';

export type ContextOptions = {
  readonly api: Api;
  readonly kinds: readonly Kind[];
  readonly desired: readonly Desired[];
  readonly showUnmanaged?: boolean;
  readonly stored?: Peers['stored'];
  /** The run that is read back: `desired` is then only a part of its document. */
  readonly run?: Run;
};

/** What a run knew before it wrote: still true of what it did not write. */
export type Run = { readonly names: NameTable; readonly reader: Reader; readonly desired: readonly Desired[] };

/** Live state, and who is who in it. */
export type Context = {
  readonly reader: Reader;
  readonly names: NameTable;
  readonly peers: Peers;
  readonly obstacles: readonly Obstacle[];
};

/** One listing per kind in use, all at once, then identities. */
export async function readAndBind(options: ContextOptions): Promise<Context> {
  const { run, desired } = options;
  const document = run?.desired ?? desired;
  const declared = new Set(document.map((resource) => addressOf(resource.kind, resource.key)));
  const byKind = groupBy(document, (resource) => resource.kind);
  const reader = createReader({ ...options, everything: options.showUnmanaged === true, before: run?.reader });
  const names = run?.names ?? createNames({ isDeclared: (address) => declared.has(address), existing: reader.existing });
  const peers: Peers = {
    names,
    live: names.bound,
    existing: reader.existing,
    desired: (kind) => byKind.get(kind) ?? [],
    stored: options.stored ?? (() => []),
  };
  await reader.ensure(kindsInUse(options, names));
  const obstacles = bind({ kinds: options.kinds, desired, reader, names, peers });
  return { reader, names, peers, obstacles };
}

/** The kinds that the document has, and those that it mentions by a live name. */
function kindsInUse({ kinds, desired }: ContextOptions, names: NameTable): readonly string[] {
  const used = new Set(desired.map((resource) => resource.kind));
  for (const resource of desired) {
    for (const { kind, ref } of kindNamed(kinds, resource.kind).references(resource.state)) {
      if (!names.isDeclared(addressOf(kind, ref)) && !looksLikeId(ref)) used.add(kind);
    }
  }
  return [...used];
}
