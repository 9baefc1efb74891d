import type { Api } from '../engine/api.ts';
import { addressOf, type Desired, type Existing, type Kind, type Peers } from '../engine/kind.ts';
import { bind } from '../engine/bind.ts';
import { createNames } from '../engine/names.ts';
import { createReader, type Reader } from '../engine/reader.ts';
import { Cancelled, UserError } from '../lib/errors.ts';

export type ReadOptions = {
  readonly api: Api;
  readonly kinds: readonly Kind[];
  readonly desired: readonly Desired[];
  readonly stored: Peers['stored'];
};

/** What the account has. A kind that the credentials may not read is `unread`, with the reason. */
export type Account = {
  readonly api: Api;
  readonly peers: Peers;
  existing(kind: string): readonly Existing[];
  unread(kind: string): string | undefined;
};

const needed = ['server', 'portal'];

/** One listing per kind, all at once. Without servers and portals there is nothing to verify: those failures are thrown. */
export async function readAccount({ api, kinds, desired, stored }: ReadOptions, further: readonly string[]): Promise<Account> {
  const own = desired.filter(({ kind }) => [...needed, ...further].includes(kind));
  const reader = createReader({ api, kinds, desired: own });
  const unread = new Map<string, string>();
  await Promise.all([
    reader.ensure(needed),
    ...further.map(async (kind) => {
      const reason = await reading(reader, kind);
      if (reason !== undefined) unread.set(kind, reason);
    }),
  ]);
  const declared = new Set(own.map(({ kind, key }) => addressOf(kind, key)));
  const names = createNames({ isDeclared: (address) => declared.has(address), existing: reader.existing });
  const peers: Peers = {
    names,
    live: names.bound,
    existing: reader.existing,
    desired: (kind) => own.filter((resource) => resource.kind === kind),
    stored,
  };
  bind({ kinds, desired: own, reader, names, peers });
  return { api, peers, existing: reader.existing, unread: (kind) => unread.get(kind) };
}

async function reading(reader: Reader, kind: string): Promise<string | undefined> {
  try {
    await reader.ensure([kind]);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof Cancelled) throw error;
    return error.message;
  }
}
