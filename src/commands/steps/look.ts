import type { Invocation } from '../../cli/command.ts';
import { bind } from '../../engine/bind.ts';
import { addressOf, type Existing, type Peers } from '../../engine/kind.ts';
import { createNames } from '../../engine/names.ts';
import { createReader } from '../../engine/reader.ts';
import { kinds } from '../../kinds/index.ts';
import { serverTrouble } from '../../kinds/mcp/server-row.ts';
import { neutral } from '../../render/value.ts';
import { openFor } from './run-verb.ts';
import { verbDocument } from './verb-document.ts';

/** A look at the account: `account` is its id. */
export type Seen = Peers & { readonly account: string };

/** What a listing looks at: some kinds of the account, with the document's names where there is one. */
export async function look(invocation: Pick<Invocation, 'world' | 'global'>, wanted: readonly string[]): Promise<Seen> {
  const document = await verbDocument(invocation);
  const { desired } = await document.edited([]);
  const api = await openFor(invocation, document, []);
  const own = desired.filter(({ kind }) => wanted.includes(kind));
  const declared = new Set(own.map(({ kind, key }) => addressOf(kind, key)));
  const reader = createReader({ api, kinds, desired: own });
  await reader.ensure(wanted);
  const names = createNames({ isDeclared: (address) => declared.has(address), existing: reader.existing });
  const peers: Peers = {
    names,
    live: names.bound,
    existing: reader.existing,
    desired: (kind) => own.filter((resource) => resource.kind === kind),
    stored: () => [],
  };
  bind({ kinds, desired: own, reader, names, peers });
  return { ...peers, account: api.account };
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
