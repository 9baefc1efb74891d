import { addressOf, type Desired, type Existing, type Finding, type Peers } from '../../engine/kind.ts';
import type { SinkContent } from '../../engine/stored-secrets.ts';
import { isNothing, memberOf } from '../../engine/values.ts';
import type { Secret } from '../../secrets/secret.ts';
import { parseSink } from '../../secrets/sinks/parse-sink.ts';

export type TokenSecret = { readonly clientId: Secret; readonly clientSecret: Secret };

/**
 * The secret of a live service token, from the first sink that has one for its client_id. Of several
 * in a file the last counts: whoever rotates a token adds a line.
 */
export function storedTokenSecret(token: Existing, contents: readonly SinkContent[]): TokenSecret | undefined {
  const wanted = memberOf(token.live, 'client_id');
  const held = contents.flatMap(({ secrets }) =>
    secrets
      .flatMap(({ client_id: clientId, client_secret: clientSecret }) =>
        clientId !== undefined && clientSecret !== undefined && clientId.reveal() === wanted ? [{ clientId, clientSecret }] : [],
      )
      .slice(-1),
  );
  return held[0];
}

/**
 * A live token whose sinks do not have its secret. Only said, since another machine may have it: where no file
 * is there, only while nobody has used the token (a run that died may have made it), and never where a sink
 * keeps it that cannot be read back.
 */
export function missingFromSinks({ key, sinks, place }: Desired, token: Existing, { stored }: Peers): readonly Finding[] {
  const contents = stored(addressOf('service_token', key)).filter(({ sink }) => sinks.includes(sink));
  if (sinks.length === 0 || sinks.some(keepsElsewhere) || storedTokenSecret(token, contents) !== undefined) return [];
  if (contents.length === 0 && !isUnused(token)) return [];
  const where = (contents.length === 0 ? sinks : contents.map(({ sink }) => sink)).join(', ');
  return [
    {
      severity: 'info',
      code: 'MCP211',
      message: `service_tokens.${key}: the secret of the live token is not in ${where}${contents.length === 0 ? ', and nobody has used it yet' : ''}`,
      place,
      hint: 'where it is nowhere else, make a new one: mcp-portal service-token rotate',
    },
  ];
}

const isUnused = ({ live }: Existing): boolean => isNothing(memberOf(live, 'last_seen_at'));

function keepsElsewhere(sink: string): boolean {
  const parsed = parseSink(sink);
  return parsed.ok && parsed.sink.to !== 'file' && parsed.sink.to !== 'dotenv';
}
