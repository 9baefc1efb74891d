import * as z from 'zod';
import type { Api } from '../engine/api.ts';
import type { Kind } from '../engine/kind.ts';
import type { Written } from '../engine/write.ts';
import { canonicalDuration, parseDuration } from '../lib/duration.ts';
import { ApiError, UserError } from '../lib/errors.ts';
import { Secret } from '../secrets/secret.ts';
import { name } from './shared/fragments.ts';
import { desiredFrom, section, withoutUndefined } from './shared/section.ts';

type TokenState = { readonly name?: string; readonly duration?: string; readonly enabled?: boolean };
type Token = {
  readonly id: string;
  readonly name: string;
  readonly client_id: string;
  readonly client_secret?: string;
  readonly duration?: string;
  readonly enabled?: boolean;
  readonly expires_at?: string;
  /** Only beside a token that this run has made: what a server may be given to sign in with. */
  readonly secret?: Secret;
};

const durationText = 'a duration is written as Go does (8760h; there are no days or years), or is the word forever';

const entrySchema = () =>
  z.strictObject({
    name: name().optional(),
    duration: z
      .string()
      .refine((text) => text === 'forever' || parseDuration(text) !== undefined, durationText)
      .optional()
      .describe('How long the token lives, such as 8760h, or "forever".'),
    enabled: z.boolean().optional().describe('false turns the secret off and keeps the token.'),
    out: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .describe('Sinks for the secret of a new token.'),
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
  identify: (token) => ({ id: token.id, identity: token.name, name: token.name }),
  identities: ({ key, state }) => [state.name ?? key],
  // expires_at is never compared: even a token that lives for ever has one (Q60).
  toState: (token) => withoutUndefined({ name: token.name, duration: spelled(token.duration), enabled: token.enabled }),
  initial: (key, state) => ({ name: key, ...state }),
  settle: (state) => withoutUndefined({ ...state, duration: spelled(state.duration) }),
  impact: (action) => (action === 'delete' ? 'whoever signs in with this token is locked out at once' : undefined),

  create: async ({ api, key, state }) => {
    const tokenName = state.name ?? key;
    const path = api.path('access', 'service_tokens');
    // What the look-up has to say is worth more than that the first answer was lost.
    let trouble: unknown;
    const find = () =>
      recover(api, tokenName).catch((error: unknown) => {
        trouble = error;
        throw error;
      });
    const created = await api.post<Token>(path, { ...state, name: tokenName }, { find }).catch((error: unknown) => {
      throw trouble ?? error;
    });
    return withSecret(created.expires_at === undefined ? { ...(await readAgain(api, created)), ...created } : created);
  },
  // Only what changed is sent: a duration that is sent again would move the expiry (Q63).
  update: async ({ api, live, state, changed }) => {
    const body = Object.fromEntries(Object.entries(state).filter(([field]) => changed.includes(field)));
    return { live: await api.put<Token>(api.path('access', 'service_tokens', live.id), body) };
  },
  remove: (api, token) => api.remove(api.path('access', 'service_tokens', token.id)),
  toEntry: (key, state) => ({ section: 'service_tokens', key, value: state }),
};

const listTokens = (api: Api): Promise<readonly Token[]> =>
  api.list<Token>(api.path('access', 'service_tokens'), { perPage: 1000 });

const spelled = (duration: string | undefined): string | undefined =>
  duration === undefined ? undefined : canonicalDuration(duration);

/** The answer to a creation may leave the expiry out. The secret is worth more than that: a failure here is none. */
async function readAgain(api: Api, created: Token): Promise<Token> {
  try {
    return await api.get<Token>(api.path('access', 'service_tokens', created.id));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return created;
  }
}

/**
 * After a creation whose answer was lost: the token may exist with a secret that nobody has. It is
 * rotated at once, so that its new secret reaches the sink (Q59); where that fails it is removed, so
 * that the next run makes it anew instead of taking it for one whose secret is known.
 */
async function recover(api: Api, tokenName: string): Promise<Token | undefined> {
  const found = await listTokens(api).catch((cause: unknown) =>
    strayToken(`The service token "${tokenName}" may be there now`, cause),
  );
  const token = found.find((candidate) => candidate.name === tokenName);
  if (token === undefined) return undefined;
  const path = api.path('access', 'service_tokens', token.id);
  try {
    return { ...token, ...(await api.post<Token>(`${path}/rotate`, {}, { find: async () => undefined })) };
  } catch (cause) {
    await api.remove(path).catch(() => strayToken(`The service token "${tokenName}" (${token.id}) is there now`, cause));
    throw cause;
  }
}

/** A token with a secret that nobody has: the next run would take it for one that is in use. */
function strayToken(what: string, cause: unknown): never {
  if (!(cause instanceof UserError)) throw cause;
  const hint = 'delete it in the dashboard and run again, or rotate it: mcp-portal service-token rotate';
  throw new ApiError(`${cause.message} ${what}, and nobody has its secret.`, { hint, cause, request: cause.facts.request });
}

function withSecret(token: Token): Written<Token> {
  const { client_secret: secret, ...live } = token;
  if (secret === undefined) return { live };
  const values = { client_id: token.client_id, client_secret: secret, expires_at: token.expires_at ?? '' };
  return { live: { ...live, secret: Secret.of('created', secret) }, secret: { name: token.name, values } };
}
