import type { Existing, State } from '../engine/kind.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { UsageError } from '../lib/errors.ts';

/** What a verb may look at to say what it wants: the document as it is, and the account. */
export type Surroundings = {
  /** A value of the document, with its variables replaced; undefined where it says nothing. */
  said(...path: readonly string[]): unknown;
  /** The keys of a section of the document. */
  keys(section: string): readonly string[];
  /** The live objects of a kind: one listing, read when it is first asked for. */
  live(kind: string): Promise<readonly Existing[]>;
  /** A live object in the document's words. */
  state(existing: Existing): State;
};

export type Wanted = {
  readonly kind: string;
  readonly section: string;
  /** The word in sentences. */
  readonly title: string;
};

export const servers: Wanted = { kind: 'server', section: 'servers', title: 'server' };
export const portals: Wanted = { kind: 'portal', section: 'portals', title: 'portal' };
export const policies: Wanted = { kind: 'policy', section: 'policies', title: 'policy' };
export const serviceTokens: Wanted = { kind: 'service_token', section: 'service_tokens', title: 'service token' };

/** The live object with this id or name, or undefined. */
export async function findLive(ref: string, { kind }: Wanted, around: Surroundings): Promise<Existing | undefined> {
  const all = await around.live(kind);
  return all.find(({ id }) => id === ref) ?? all.find(({ name }) => name === ref);
}

/** Refuses words that neither the document nor the account knows, with the nearest one that they do. */
export async function assertKnown(refs: readonly string[], wanted: Wanted, around: Surroundings): Promise<void> {
  const keys = around.keys(wanted.section);
  const strange = refs.filter((ref) => !keys.includes(ref));
  if (strange.length === 0) return;
  const live = await around.live(wanted.kind);
  for (const ref of strange) {
    if (!live.some(({ id, name }) => id === ref || name === ref))
      throw unknown(ref, wanted, [...keys, ...live.map(({ name }) => name)]);
  }
}

/** Refuses to change what the document wants gone: the change would be its removal. */
export function assertWanted(key: string, { section }: Wanted, around: Surroundings): void {
  if (around.said(section, key, 'absent') !== true) return;
  throw new UsageError(`${section}.${key} is absent: true in the document`, { hint: 'take absent: true out first' });
}

/** An entry that is to be gone. What the document protects stays protected. */
export const gone = (section: string, key: string, around: Surroundings): { readonly absent: true; readonly protect?: true } => ({
  absent: true,
  ...(around.said(section, key, 'protect') === true ? { protect: true } : {}),
});

/** The error for a word that nothing has. */
export function unknown(ref: string, { title }: Wanted, known: readonly string[]): UsageError {
  const guess = didYouMean(ref, known);
  const all = [...new Set(known)];
  const some = all.length > 10 ? [...all.slice(0, 10), '…'] : all;
  return new UsageError(`there is no ${title} "${ref}"`, {
    code: 'not_found',
    hint: guess === undefined ? `there ${some.length === 0 ? 'are none' : `are: ${some.join(', ')}`}` : `did you mean ${guess}?`,
  });
}
