import type { Invocation } from '../../cli/command.ts';
import type { Api } from '../../engine/api.ts';
import { bind } from '../../engine/bind.ts';
import { addressOf, type Existing, type Peers } from '../../engine/kind.ts';
import { createNames } from '../../engine/names.ts';
import { createReader } from '../../engine/reader.ts';
import { kinds } from '../../kinds/index.ts';
import { serverTrouble } from '../../kinds/mcp/server-row.ts';
import { neutral } from '../../render/value.ts';
import { openFor } from './run-verb.ts';
import { verbDocument, type VerbDocument } from './verb-document.ts';

/** A look at the account: `account` is its id. `sources` and `lock` are the document's, where there is one. */
export type Seen = Peers & { readonly account: string } & Pick<VerbDocument, 'sources' | 'lock'>;

export type LookOptions = {
  /** Codes of findings that do not keep from looking. */
  readonly overlooks?: readonly string[];
  /** Starts a listing of its own, whose answer then serves the kinds, too. */
  before?(api: Api): Promise<unknown>;
};

/** What a listing looks at: some kinds of the account, with the document's names where there is one. */
export async function look(
  invocation: Pick<Invocation, 'world' | 'global'>,
  wanted: readonly string[],
  { overlooks = [], before }: LookOptions = {},
): Promise<Seen> {
  const document = await verbDocument(invocation, overlooks);
  const { desired } = await document.edited([]);
  const api = await openFor(invocation, document, []);
  const own = desired.filter(({ kind }) => wanted.includes(kind));
  const declared = new Set(own.map(({ kind, key }) => addressOf(kind, key)));
  const early = before?.(api);
  const reader = createReader({ api, kinds, desired: own });
  await Promise.all([reader.ensure(wanted), early]);
  const names = createNames({ isDeclared: (address) => declared.has(address), existing: reader.existing });
  const peers: Peers = {
    names,
    live: names.bound,
    existing: reader.existing,
    desired: (kind) => own.filter((resource) => resource.kind === kind),
    stored: () => [],
  };
  bind({ kinds, desired: own, reader, names, peers });
  return { ...peers, account: api.account, sources: document.sources, lock: document.lock };
}

/** The order of listings: the account has none that means anything. */
export const byId = (a: Existing, b: Existing): number => (a.id < b.id ? -1 : 1);

/** A line or two for each server that is not ready: why, and the next step. */
export const troubles = (servers: readonly Existing[]): readonly string[] =>
  servers.flatMap((server) => {
    const trouble = serverTrouble(server);
    if (trouble === undefined) return [];
    return [
      `${neutral(server.id)}: ${neutral(trouble.why)}`,
      ...(trouble.next === undefined ? [] : [`    next: ${neutral(trouble.next)}`]),
    ];
  });
