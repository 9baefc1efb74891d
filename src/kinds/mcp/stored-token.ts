import { addressOf, type Desired, type Existing, type Finding, type Peers } from '../../engine/kind.ts';
import type { SinkContent } from '../../engine/stored-secrets.ts';
import { memberOf } from '../../engine/values.ts';
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
 * A live token whose sinks are there and do not have its secret. Only said, since another machine may
 * have it; nothing is said where no file is there, or where a sink keeps it that cannot be read back.
 */
export function missingFromSinks({ key, sinks, place }: Desired, token: Existing, { stored }: Peers): readonly Finding[] {
  const contents = stored(addressOf('service_token', key)).filter(({ sink }) => sinks.includes(sink));
  if (contents.length === 0 || sinks.some(keepsElsewhere) || storedTokenSecret(token, contents) !== undefined) return [];
  const where = contents.map(({ sink }) => sink).join(', ');
  return [
    {
      severity: 'info',
      code: 'MCP211',
      message: `service_tokens.${key}: the secret of the live token is not in ${where}`,
      place,
      hint: 'where it is nowhere else, make a new one: mcp-portal service-token rotate',
    },
  ];
}

function keepsElsewhere(sink: string): boolean {
  const parsed = parseSink(sink);
  return parsed.ok && (parsed.sink.to === 'github' || parsed.sink.to === 'cmd');
}
