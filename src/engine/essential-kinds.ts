import type { Kind } from './kind.ts';

/**
 * The kinds that make up what a document is for (a kind with an `output`, such as a portal): what it
 * mentions, what stands in the entries of others, what mentions these, and what they reach into. Whoever
 * looks at an account without naming anything reads these alone: credentials that serve for them may not
 * reach the others.
 */
export function essentialKinds(kinds: readonly Kind[]): readonly Kind[] {
  const roots = kinds.filter((kind) => kind.output !== undefined);
  if (roots.length === 0) return kinds;
  const parts = kinds.filter((kind) => kind.section === undefined);
  const found = new Set([...roots, ...parts].map(({ kind }) => kind));
  const named = (name: string): Kind | undefined => kinds.find(({ kind }) => kind === name);
  for (const name of found) for (const mentioned of named(name)?.refersTo ?? []) found.add(mentioned);
  const reached = new Set([...found].flatMap((name) => named(name)?.reachesInto ?? []));
  // What is looked at because of these is no reason to look further.
  return kinds.filter(({ kind, refersTo }) => found.has(kind) || reached.has(kind) || refersTo.some((name) => found.has(name)));
}
