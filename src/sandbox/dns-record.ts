import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { checkMembers, flag, type Members, text, texts } from './check.ts';
import { isObject, type JsonObject, pick, said } from './json.ts';
import { invalid } from './refusal.ts';
import { compressedIpv6 } from './rules.ts';
import type { DnsRow, ZoneRow } from './state.ts';

const types = ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'NS', 'SRV', 'CAA', 'PTR', 'HTTPS', 'SVCB', 'TLSA', 'URI', 'LOC', 'DS'];
const members: Members = {
  type: { type: 'string', required: true, oneOf: types },
  name: { type: 'string', required: true },
  content: { type: 'string' },
  ttl: { type: 'number' },
  proxied: { type: 'boolean' },
  comment: { type: 'string' },
  tags: { type: 'array' },
  settings: { type: 'object' },
  priority: { type: 'number' },
  data: { type: 'object' },
};
/** The types that Cloudflare can stand in front of. */
export const proxiable: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);
const plainSettings = { flatten_cname: false, ipv4_only: false, ipv6_only: false };

/** A record's members as they are kept: full name, one spelling per content, automatic TTL when proxied. */
export const recordBody = (zone: ZoneRow, sent: JsonObject): JsonObject => {
  checkMembers(sent, members, 1004);
  const body = said(sent);
  const type = text(body['type']);
  const proxied = flag(body['proxied']);
  if (proxied && !proxiable.has(type)) throw invalid(9004, 'This record type cannot be proxied.');
  const settings = isObject(body['settings']) ? body['settings'] : {};
  return {
    ...pick(body, ['type', 'priority', 'data']),
    name: fullName(zone, text(body['name'])),
    content: contentOf(type, body),
    proxied,
    ttl: proxied ? 1 : ttlOf(body),
    comment: text(body['comment']) || null,
    tags: texts(body['tags']),
    ...(proxied && type === 'CNAME' ? { settings: { ...plainSettings, ...settings } } : {}),
  };
};

/** `@`, a short name and a full name all mean the full one, in lower case and Punycode. */
const fullName = (zone: ZoneRow, given: string): string => {
  const name = given.replace(/\.$/, '').toLowerCase();
  const ascii = domainToASCII(name) || name;
  if (ascii === '@' || ascii === zone.name) return zone.name;
  return ascii.endsWith(`.${zone.name}`) ? ascii : `${ascii}.${zone.name}`;
};

const contentOf = (type: string, body: JsonObject): string => {
  const content = text(body['content']);
  if (type === 'A' && !isIPv4(content)) throw invalid(9005, 'Content for A record must be a valid IPv4 address.');
  if (type === 'AAAA' && !isIPv6(content)) throw invalid(9006, 'Content for AAAA record must be a valid IPv6 address.');
  if (content === '' && body['data'] === undefined) throw invalid(1004, 'DNS Validation Error: content is required');
  if (type === 'AAAA') return compressedIpv6(content);
  return type === 'CNAME' || type === 'NS' || type === 'MX' ? content.replace(/\.$/, '').toLowerCase() : content;
};

const ttlOf = (body: JsonObject): number => {
  const ttl = Number(body['ttl'] ?? 1);
  if (ttl === 1 || (ttl >= 60 && ttl <= 86_400)) return ttl;
  throw invalid(9021, 'Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.');
};

/** Refuses a record that cannot stand beside the others on its name. */
export const checkConflicts = (others: readonly DnsRow[], body: JsonObject): void => {
  const same = others.filter((each) => each.body['name'] === body['name']);
  const has = (...wanted: readonly string[]): boolean => same.some((each) => wanted.includes(text(each.body['type'])));
  const type = text(body['type']);
  if (type === 'CNAME' && has('A', 'AAAA', 'CNAME')) {
    throw invalid(81053, 'An A, AAAA, or CNAME record with that host already exists.');
  }
  const isAddress = type === 'A' || type === 'AAAA';
  if (isAddress && has('CNAME')) throw invalid(81054, 'A CNAME record with that host already exists.');
  const identical = same.some((each) =>
    ['type', 'content', 'data'].every((member) => JSON.stringify(each.body[member]) === JSON.stringify(body[member])),
  );
  if (!identical) return;
  throw isAddress ? invalid(81058, 'An identical record already exists.') : invalid(81057, 'The record already exists.');
};
