import type { Existing } from '../engine/kind.ts';
import { UnsafePlanError } from '../lib/errors.ts';
import type { Intent } from './intent.ts';
import { policies, unknown, type Surroundings } from './surroundings.ts';

/**
 * The words of `--policy` as a document takes them: its own keys, and other live policies by id. A name
 * that two live policies have is never guessed at.
 */
export async function policyRefs(words: readonly string[], around: Surroundings): Promise<readonly string[]> {
  const keys = around.keys('policies');
  const declared = words.map(
    (word) => keys.find((key) => key === word) ?? keys.find((key) => around.said('policies', key, 'name') === word),
  );
  if (!declared.includes(undefined)) return declared.flatMap((key) => key ?? []);
  const live = await around.live('policy');
  return words.map((word, at) => declared[at] ?? idOf(word, live, keys));
}

/** What is to be said of live policies that were named: plans show them by id, and a document does not know their names. */
export function policyRemarks(
  words: readonly string[],
  refs: readonly string[],
  around: Surroundings,
): Pick<Intent, 'notices' | 'unsavable'> {
  const named = words
    .map((word, at) => ({ word, ref: refs[at] ?? word }))
    .filter(({ word, ref }) => ref !== word && !around.keys('policies').includes(ref));
  return {
    notices: named.map(({ word, ref }) => `--policy: "${word}" is the live policy ${ref}`),
    unsavable: named.map(({ word }) => `the policy "${word}" is not in the document`),
  };
}

function idOf(word: string, live: readonly Existing[], keys: readonly string[]): string {
  if (live.some(({ id }) => id === word)) return word;
  const [only, ...others] = live.filter(({ name }) => name === word);
  if (only === undefined) throw unknown(word, policies, [...keys, ...live.map(({ name }) => name)]);
  if (others.length === 0) return only.id;
  const ids = [only, ...others].map(({ id }) => id);
  throw new UnsafePlanError(`the name "${word}" belongs to ${ids.length} live policies: ${ids.join(', ')}`, {
    code: 'ambiguous_name',
    hint: 'use the id of the one that you mean',
  });
}

/**
 * The warnings about missing access that are not true: Cloudflare has an application with policies,
 * which a document without `access` leaves alone.
 */
export async function hushedFor(
  app: { readonly kind: string; readonly identity: string },
  around: Surroundings,
): Promise<readonly string[]> {
  const live = (await around.live(app.kind)).find(({ identity }) => identity === app.identity);
  return live === undefined || hasNoPolicy(around.state(live)['access']) ? [] : ['MCP001'];
}

const hasNoPolicy = (access: unknown): boolean =>
  typeof access === 'object' &&
  access !== null &&
  'policies' in access &&
  Array.isArray(access.policies) &&
  access.policies.length === 0;
