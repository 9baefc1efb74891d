import { isPlain, type Plain } from '../../engine/values.ts';
import type { ZoneRecord } from './gateway.ts';
import type { TunnelMention } from './tunnel-target.ts';
import { canonicalAddress, canonicalHostname } from '../document/network.ts';

export const recordTypes = ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'NS', 'SRV', 'CAA'] as const;
/** The types that Cloudflare can stand in front of. */
export const proxiedTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

/** A record as it is listed. SRV and CAA come in parts; their `content` is only a rendering of those. */
export type DnsRecord = ZoneRecord & { readonly data?: Plain | null };

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
  /** Only of a record that is to be gone: the portal whose live hostname is its name. */
  readonly portal?: string;
  /** Instead of content: the tunnel that it leads to. */
  readonly tunnel?: TunnelMention;
};

/** The full name: short names are relative to the zone, `@` is the zone itself (Q66). */
export function fullName(name: string, zone: string | undefined): string {
  if (zone === undefined) return canonicalHostname(name);
  const apex = canonicalHostname(zone);
  const short = name.trim().replace(/\.$/, '');
  if (short === '@') return apex;
  // Joined before it is canonical: a label such as `10` alone would be read as an IPv4 address.
  const joined = canonicalHostname(`${short}.${apex}`);
  const whole = canonicalHostname(short);
  return whole === apex || whole.endsWith(`.${apex}`) ? whole : joined;
}

/** A record in the one spelling that both sides use (Q68): content by type, and a priority in its own field. */
export function canonicalRecord<S extends RecordState>(state: S): S {
  const { ttl, type, content } = state;
  const automatic = ttl === 1 || (ttl !== undefined && state.proxied === true); // Q70
  return {
    ...state,
    ...(automatic ? { ttl: 'auto' } : {}),
    ...(content === undefined ? {} : contentAndPriority(type, content, state.priority)),
  };
}

export const canonicalContent = (type: string, content: string): string => contentAndPriority(type, content, undefined).content;

type Spelled = { readonly content: string; readonly priority?: number };

function contentAndPriority(type: string, content: string, priority: number | undefined): Spelled {
  const own = priority === undefined ? {} : { priority };
  const parts = content.trim().split(/\s+/);
  if (type === 'AAAA') return { content: canonicalAddress(content.trim()), ...own };
  if (type === 'CNAME' || type === 'NS') return { content: canonicalHostname(content), ...own };
  if (type === 'TXT') return { content: unquoted(content), ...own };
  if (type === 'CAA') return { content: caaText(parts), ...own };
  if (type !== 'MX' && type !== 'SRV') return { content: parts.join(' '), ...own };
  const most = type === 'MX' ? 1 : 3;
  const target = canonicalHostname(parts.at(-1) ?? '');
  const bare = [...parts.slice(-most, -1), target].join(' ');
  return parts.length > most ? { content: bare, priority: priority ?? Number(parts[0]) } : { content: bare, ...own };
}

function caaText([flags = '0', tag = '', ...value]: readonly string[]): string {
  return `${flags} ${tag.toLowerCase()} "${value.join(' ').replace(/^"|"$/g, '')}"`;
}

/** TXT as one text: zone files and some answers put it in quotes, in several pieces when it is long. */
function unquoted(text: string): string {
  if (!/^\s*("(?:[^"\\]|\\.)*"\s*)+$/.test(text)) return text;
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, piece = '']) => piece.replaceAll(/\\(.)/g, '$1')).join('');
}

/** The content of a live record, from its parts where it has any. */
export function liveContent({ type, content = '', data }: DnsRecord): string {
  if (!isPlain(data)) return content;
  const part = (name: string): string => {
    const value = data[name];
    return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
  };
  if (type === 'SRV' && 'target' in data) return `${part('weight')} ${part('port')} ${part('target')}`;
  return type === 'CAA' && 'tag' in data ? `${part('flags')} ${part('tag')} ${part('value')}` : content;
}

export function livePriority({ priority, data }: DnsRecord): number | undefined {
  const inside = isPlain(data) ? data['priority'] : undefined;
  return priority ?? (typeof inside === 'number' ? inside : undefined);
}

/** The members of a request, from a canonical state. `settings` is never among them: sent for a portal it breaks it (Q10). */
export function recordBody({ type, name, content = '', proxied, ttl, comment, priority }: RecordState): Plain {
  return {
    type,
    name,
    ...(structured(type, content, priority) ?? { content, ...(priority === undefined ? {} : { priority }) }),
    ttl: ttl === undefined || ttl === 'auto' || proxied === true ? 1 : ttl,
    ...(proxied === undefined ? {} : { proxied }),
    ...(comment === undefined || comment === null || comment === '' ? {} : { comment }),
  };
}

/** SRV and CAA are sent in parts; the API builds their content itself. */
function structured(type: string, content: string, priority: number | undefined): Plain | undefined {
  const parts = content.split(' ');
  if (type === 'SRV') {
    const [weight, port, target = ''] = parts;
    return { data: { priority: priority ?? 0, weight: Number(weight), port: Number(port), target } };
  }
  if (type !== 'CAA') return undefined;
  const [flags, tag = '', ...value] = parts;
  return { data: { flags: Number(flags), tag, value: value.join(' ').replace(/^"|"$/g, '') } };
}
