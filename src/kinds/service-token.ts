import * as z from 'zod/mini';
import type { Api } from '../engine/api.ts';
import type { Kind } from '../engine/kind.ts';
import { isPlain } from '../engine/values.ts';
import type { Write } from '../engine/write.ts';
import { canonicalDuration, parseDuration } from '../lib/duration.ts';
import { ApiError, UserError } from '../lib/errors.ts';
import { isIssued, isText, noSecret, withSecret, type Token } from './access/issued-token.ts';
import { frozenToken, keepFrozen, meltedToken, tokenFreezing } from './access/token-freeze.ts';
import { tokenOperations } from './access/token-operations.ts';
import { described, name } from './document/fragments.ts';
import { desiredFrom, section, withoutUndefined } from './document/section.ts';
import { missingFromSinks } from './mcp/stored-token.ts';

type TokenState = { readonly name?: string; readonly duration?: string; readonly enabled?: boolean };

const durationText = 'a duration is written as Go does (8760h; there are no days or years), or is the word forever';

const entrySchema = () =>
  z.strictObject({
    name: z.optional(name()),
    duration: described(
      z.optional(z.string().check(z.refine((text) => text === 'forever' || parseDuration(text) !== undefined, durationText))),
      'How long the token lives, such as 8760h, or "forever".',
    ),
    enabled: described(z.optional(z.boolean()), 'false turns the secret off and keeps the token.'),
    out: described(z.optional(z.union([z.string(), z.array(z.string())])), 'Sinks for the secret of a new token.'),
  });

/**
 * A service token: how a bot signs in. Its secret is shown once, by the answer to the creation.
 * API: `zeroTrust.access.serviceTokens` of the official SDK.
 */
export const serviceToken: Kind<TokenState, Token> = {
  kind: 'service_token',
  title: 'service token',
  section: section({
    name: 'service_tokens',
    shape: 'map',
    schema: entrySchema,
    expand: (entry) => {
      const { name: tokenName, duration, enabled, out = [] } = entry.value;
      return [desiredFrom(entry, { kind: 'service_token', state: { name: tokenName, duration, enabled }, sinks: [out].flat() })];
    },
  }),
  fields: { duration: { serverDefault: '8760h' }, enabled: { serverDefault: true } },
  refersTo: [],
  references: () => [],
  prunable: true,
  yieldsSecret: true,

  list: ({ api }) => listTokens(api),
  namesakes: (api) => listTokens(api),
  identify: (token) => ({ id: token.id, identity: meltedToken(token).name, name: meltedToken(token).name }),
  identities: ({ key, state }) => [state.name ?? key],
  // expires_at is never compared: even a token that lives for ever has one (Q60).
  toState: (token) => {
    const { name: tokenName, duration, enabled } = meltedToken(token);
    return withoutUndefined({ name: tokenName, duration: spelled(duration), enabled });
  },
  initial: (key, state) => ({ name: key, ...state }),
  settle: (state) => withoutUndefined({ ...state, duration: spelled(state.duration) }),
  remarks: missingFromSinks,
  impact: (action) => (action === 'delete' ? 'whoever signs in with this token is locked out at once' : undefined),

  create: async (write) => {
    const { api, key, state } = write;
    const body = { ...state, name: state.name ?? key };
    // What the look-up has to say is worth more than that the first answer was lost.
    let trouble: unknown;
    const find = () =>
      recover(write, body).catch((error: unknown) => {
        trouble = error;
        throw error;
      });
    const answer = await api.post<unknown>(api.path('access', 'service_tokens'), body, { find }).catch((error: unknown) => {
      throw trouble ?? error;
    });
    return withSecret(isIssued(answer) ? answer : await takeBack(api, body.name, answer));
  },
  // Only what changed is sent: a duration that is sent again would move the expiry (Q63).
  update: async ({ api, live, state, changed }) => {
    const body = Object.fromEntries(Object.entries(state).filter(([field]) => changed.includes(field)));
    return { live: await api.put<Token>(api.path('access', 'service_tokens', live.id), keepFrozen(live, body)) };
  },
  remove: (api, token) => api.remove(api.path('access', 'service_tokens', token.id)),
  operations: { ...tokenOperations, ...tokenFreezing },
  frozen: frozenToken,
  toEntry: (key, state) => ({ section: 'service_tokens', key, value: state }),
};

const listTokens = (api: Api): Promise<readonly Token[]> =>
  api.list<Token>(api.path('access', 'service_tokens'), { perPage: 1000 });

const spelled = (duration: string | undefined): string | undefined =>
  duration === undefined ? undefined : canonicalDuration(duration);

/** A token without a known secret must not stay: the next run would take it for one that is in use. */
async function takeBack(api: Api, tokenName: string, answer: unknown): Promise<never> {
  const cause = noSecret(`the creation of the service token "${tokenName}"`);
  const id = isPlain(answer) ? answer['id'] : undefined;
  if (!isText(id)) strayToken(`A service token "${tokenName}" may be there now`, cause);
  return await removeAgain(api, { id, name: tokenName }, cause);
}

async function removeAgain(api: Api, { id, name: tokenName }: Pick<Token, 'id' | 'name'>, cause: unknown): Promise<never> {
  await api
    .remove(api.path('access', 'service_tokens', id))
    .catch(() => strayToken(`The service token "${tokenName}" (${id}) is there now`, cause));
  throw cause;
}

/**
 * After a creation whose answer was lost: the token may exist with a secret that nobody has. It is
 * rotated at once, so that its new secret reaches the sink (Q59); where that fails it is removed, so
 * that the next run makes it anew instead of taking it for one whose secret is known.
 */
async function recover({ api, peers }: Write<TokenState>, body: NamedState): Promise<Token | undefined> {
  const found = await listTokens(api).catch((cause: unknown) =>
    strayToken(`The service token "${body.name}" may be there now`, cause),
  );
  const before = new Set(peers.existing('service_token').map(({ id }) => id));
  const [token, ...others] = found.filter((candidate) => candidate.name === body.name && !before.has(candidate.id));
  if (token === undefined) return undefined;
  if (others.length > 0 || !isUntouched(token, body)) throw foreign([token, ...others], body.name);
  const path = api.path('access', 'service_tokens', token.id, 'rotate');
  try {
    const rotated = { ...token, ...(await api.post<object>(path, {}, { find: async () => undefined })) };
    if (isIssued(rotated)) return rotated;
    throw noSecret(`the rotation of the service token "${body.name}"`);
  } catch (cause) {
    return await removeAgain(api, token, cause);
  }
}

type NamedState = TokenState & { readonly name: string };

/** A token as our request has made it, and nobody has used since. */
function isUntouched(token: Token, { duration, enabled }: TokenState): boolean {
  const isAsSent =
    (duration === undefined || spelled(duration) === spelled(token.duration)) && (enabled ?? true) === (token.enabled ?? true);
  return isAsSent && (token.client_secret_version ?? 1) === 1 && !isText(token.last_seen_at);
}

/** Another run may have made it in the meantime, and a rotation would end the secret that it was given. */
const foreign = (tokens: readonly Token[], tokenName: string): ApiError =>
  new ApiError(
    `The answer to the creation of the service token "${tokenName}" was lost, and what is there now may be somebody else's: ${tokens.map(({ id }) => id).join(', ')}.`,
    { hint: 'delete the one that nobody uses, then run again' },
  );

/** A token with a secret that nobody has: the next run would take it for one that is in use. */
function strayToken(what: string, cause: unknown): never {
  if (!(cause instanceof UserError)) throw cause;
  const hint = 'end it with mcp-portal service-token revoke, or give it a secret with service-token rotate, then run again';
  throw new ApiError(`${cause.message} ${what}, and nobody has its secret.`, { hint, cause, request: cause.facts.request });
}
