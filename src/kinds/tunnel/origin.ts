import * as z from 'zod/mini';
import { isNothing, isPlain, type Plain } from '../../engine/values.ts';
import { described, once, wholeNumber } from '../document/fragments.ts';

const seconds = (description: string) => described(z.nullish(wholeNumber(0, 86_400)), description);
const flag = once(() => z.nullish(z.boolean()));
const text = once(() => z.nullish(z.string()));

const members = once(() => ({
  access: described(
    z.nullish(
      z.strictObject({
        required: z.optional(z.boolean()),
        teamName: z.optional(z.string()),
        audTag: z.optional(z.array(z.string())),
      }),
    ),
    'The connector lets only requests through that Access has signed for these applications.',
  ),
  caPool: text(),
  connectTimeout: seconds('Seconds.'),
  disableChunkedEncoding: flag(),
  http2Origin: flag(),
  httpHostHeader: described(z.nullish(z.string()), 'The Host header that the service gets.'),
  keepAliveConnections: z.nullish(wholeNumber(0, 1_000_000)),
  keepAliveTimeout: seconds('Seconds.'),
  matchSNItoHost: flag(),
  noHappyEyeballs: flag(),
  noTLSVerify: described(z.nullish(z.boolean()), 'true accepts any certificate of the service.'),
  originServerName: described(z.nullish(z.string()), 'The name that its certificate has to have.'),
  proxyType: described(z.nullish(z.enum(['', 'socks'])), 'socks, where the service is to be a SOCKS5 proxy.'),
  tcpKeepAlive: seconds('Seconds.'),
  tlsTimeout: seconds('Seconds.'),
}));

/** How connectors speak to a service: `originRequest`, in the API's own words. */
export const originSchema = once(() => z.nullable(z.strictObject(members())));

const isKnown = (name: string): boolean => Object.hasOwn(members(), name);

/** What a document can say of a live `originRequest`; undefined where that is nothing: `{}` means the same (Q75). */
export const originFrom = (raw: unknown): Plain | undefined =>
  filled(Object.entries(isPlain(raw) ? raw : {}).filter(([name]) => isKnown(name)));

/** A request's `originRequest`: what the document says, beside what only others say. */
export function originToApi(origin: Plain | null | undefined, raw: unknown): Plain | undefined {
  const foreign = Object.entries(isPlain(raw) ? raw : {}).filter(([name]) => !isKnown(name));
  return filled([...foreign, ...Object.entries(origin ?? {})]);
}

/** Without the members that say nothing, which are sent for none (Q75). */
export function filled(entries: readonly (readonly [string, unknown])[]): Plain | undefined {
  const kept = entries.filter(([, value]) => !isNothing(value));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
