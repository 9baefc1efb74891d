import type { Operation, OperationInput } from '../../engine/operation.ts';
import type { FieldChange } from '../../engine/plan-types.ts';
import type { State } from '../../engine/kind.ts';
import type { Update } from '../../engine/write.ts';
import { ApiError, UserError } from '../../lib/errors.ts';
import { isIssued, noSecret, withSecret, type Token } from './issued-token.ts';

const knownAfter = '(known after apply)';

const field = (path: string, before: unknown, after: unknown): FieldChange => ({
  path,
  before: before ?? null,
  after,
  sensitive: false,
  forces_replacement: false,
});

const pathOf = ({ api, live }: Update<State, Token>, ...parts: readonly string[]): string =>
  api.path('access', 'service_tokens', live.id, ...parts);

/** Gives a token its duration again, counted from now. The secret stays. API: `serviceTokens.refresh` of the official SDK. */
const refresh: Operation<State, Token> = {
  reason: () => 'its life is extended by its duration',
  fields: ({ expires_at: before }) => [field('expires_at', before, knownAfter)],
  run: async (write) => {
    const { api, live } = write;
    // Doing it twice does no harm, so a lost answer is only looked after, and asked for again.
    const find = async (): Promise<Token | undefined> => {
      const now = await api.get<Token>(pathOf(write));
      return now.expires_at === live.expires_at ? undefined : now;
    };
    return { live: { ...live, ...(await api.post<Token>(pathOf(write, 'refresh'), {}, { find })) } };
  },
};

/**
 * Gives a token a new secret; its client_id stays. `now` and `until` of the input are
 * times in RFC 3339: the old secret dies at the latter, and at once without it, as the API has it (Q62).
 * API: `serviceTokens.rotate`.
 */
const rotate: Operation<State, Token> = {
  yieldsSecret: true,
  reason: () => 'it gets a new secret; its client_id stays',
  impact: ({ previous_client_secret_expires_at: former }, { until, now = '' }) => {
    const old =
      until === undefined
        ? 'the old secret dies at once: whoever signs in with it is locked out until they have the new one'
        : `the old secret dies at ${until}: whoever signs in with it needs the new one by then`;
    const isAlive = former !== undefined && Date.parse(former) > Date.parse(now);
    return isAlive ? `${old}; the one before it, which was to work until ${former}, may die at once` : old;
  },
  fields: ({ previous_client_secret_expires_at: former }, { until }) => [
    { ...field('client_secret', '(secret)', '(known after apply)'), sensitive: true },
    ...(until === undefined ? [] : [field('previous_client_secret_expires_at', former, until)]),
  ],
  run: async (write, { until }) => {
    const body = until === undefined ? {} : { previous_client_secret_expires_at: until };
    const answer = await write.api
      .post<object>(pathOf(write, 'rotate'), body)
      .catch((error: unknown) => afterLoss(error, write, until));
    const token = { ...write.live, ...answer };
    if (!isIssued(token)) {
      const cause = noSecret(`the rotation of the service token "${write.live.name}"`);
      throw new ApiError(`${cause.message} ${lostSecret(until)}`, { code: 'secret_lost', hint: againHint(until) });
    }
    return withSecret(token);
  },
};

export const tokenOperations = { refresh, rotate } as const;

/** What a rotation leaves behind whose new secret nobody has. */
export const lostSecret = (until: OperationInput[string] | undefined): string =>
  until === undefined
    ? 'The new secret is lost, and the old one is dead.'
    : `The new secret is lost; the old one works until ${until}.`;

const againHint = (until: string | undefined): string => `run rotate again${until === undefined ? '' : ' before then'}`;

/**
 * After a rotation whose answer was lost. It is never sent again: a second one would end the secret that the
 * first one made, and with it the overlap of the one in use. The version of the secret tells whether it happened.
 */
async function afterLoss(error: unknown, write: Update<State, Token>, until: string | undefined): Promise<never> {
  if (!(error instanceof UserError) || error.code !== 'outcome_unknown') throw error;
  const { client_secret_version: before } = write.live;
  const now = await write.api.get<Token>(pathOf(write)).catch(() => undefined);
  const after = now?.client_secret_version;
  const facts = { code: 'outcome_unknown', request: error.facts.request, cause: error };
  const lost = 'The answer to the rotation was lost';
  if (before === undefined || after === undefined) {
    const hint = 'try the secret that is in use: where it has died, run rotate again';
    throw new ApiError(`${lost}, and Cloudflare does not tell whether it was carried out.`, { ...facts, hint });
  }
  if (after > before)
    throw new ApiError(`${lost}, but it was carried out (client_secret_version ${before} → ${after}). ${lostSecret(until)}`, {
      ...facts,
      hint: againHint(until),
    });
  const hint = 'wait a minute, see in service-token list --json whether client_secret_version has risen, then run rotate again';
  throw new ApiError(
    `${lost}, and it seems not to have been carried out (client_secret_version is still ${before}): the secret in use stays.`,
    { ...facts, hint },
  );
}
