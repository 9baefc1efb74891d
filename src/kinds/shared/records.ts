import type { Plain } from '../../engine/values.ts';
import { canonicalAddress, canonicalHostname } from './network.ts';

export const recordTypes = ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'NS', 'SRV', 'CAA'] as const;

/** A DNS record in the document's words. `name` is full; a `ttl` of "auto" is 1 in the API. */
export type RecordState = {
  readonly zone?: string;
  readonly type: string;
  readonly name: string;
  readonly content?: string;
  readonly proxied?: boolean;
  readonly ttl?: number | string;
  readonly comment?: string | null;
  readonly priority?: number;
};

/** The full name: short names are relative to the zone, `@` is the zone itself (Q66). */
export function fullName(name: string, zone: string | undefined): string {
  const host = canonicalHostname(name);
  if (zone === undefined) return host;
  const apex = canonicalHostname(zone);
  if (host === '@' || host === apex) return apex;
  return host.endsWith(`.${apex}`) ? host : `${host}.${apex}`;
}

/** Content as the API gives it back (Q68). */
export function canonicalContent(type: string, content: string): string {
  if (type === 'AAAA') return canonicalAddress(content);
  if (type === 'CNAME' || type === 'MX' || type === 'NS') return canonicalHostname(content);
  if (type === 'TXT') return unquoted(content);
  return content.trim().replaceAll(/\s+/g, ' ');
}

const unquoted = (text: string): string => (/^"[^"]*"$/.test(text) ? text.slice(1, -1) : text);

/** The members of a request. `settings` is never among them: sent for a portal it breaks it (Q10). */
export function recordBody(state: RecordState): Plain {
  const { type, name, content = '', proxied, ttl, comment, priority } = state;
  return {
    type,
    name,
    ...(structured(type, content, priority) ?? { content, ...(priority === undefined ? {} : { priority }) }),
    ttl: ttl === undefined || ttl === 'auto' ? 1 : ttl,
    ...(proxied === undefined ? {} : { proxied }),
    ...(comment === undefined || comment === null ? {} : { comment }),
  };
}

/** SRV and CAA are sent in parts; the API builds their content itself. */
function structured(type: string, content: string, priority: number | undefined): Plain | undefined {
  const parts = content.trim().split(/\s+/);
  if (type === 'SRV') {
    const [weight, port, target = ''] = parts.slice(-3);
    return { data: { priority: priority ?? Number(parts.length > 3 ? parts[0] : 0), weight: Number(weight), port: Number(port), target } };
  }
  if (type !== 'CAA') return undefined;
  const [flags, tag = '', ...value] = parts;
  return { data: { flags: Number(flags), tag, value: value.join(' ').replace(/^"|"$/g, '') } };
}
