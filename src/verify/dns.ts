import { lookup } from 'node:dns/promises';
import type { Api } from '../engine/api.ts';
import { isIP } from '../kinds/document/network.ts';
import { dnsRecord } from '../kinds/dns-record.ts';
import { gatewayTarget } from '../kinds/dns/gateway.ts';
import { recordRow, type RecordRow } from '../kinds/dns/record-row.ts';
import { Cancelled, UserError } from '../lib/errors.ts';
import { judge, type Check, type Judge } from './check.ts';

/** The records of a hostname in the account; undefined where its zone is not there, a sentence where it cannot be read. */
export type Records = readonly RecordRow[] | undefined | string;

/** Looks a hostname up in the account's zones: its own records, and those of a wildcard over it. */
export async function recordsOf(api: Api, hostname: string): Promise<Records> {
  const state = { type: 'CNAME', name: hostname };
  const flags = { absent: false, protect: false, sinks: [], place: undefined };
  try {
    const listed = await dnsRecord.list({
      api,
      desired: [{ kind: 'dns_record', key: `${hostname}/CNAME`, state, ...flags }],
      everything: false,
    });
    const wildcard = `*.${hostname.split('.').slice(1).join('.')}`;
    const rows = listed.filter(({ type }) => ['A', 'AAAA', 'CNAME'].includes(type)).map(recordRow);
    const own = rows.filter(({ name }) => name === hostname);
    return own.length > 0 ? own : rows.filter(({ name }) => name === wildcard);
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof Cancelled) throw error;
    return error.code === 'zone_not_found' ? undefined : error.message;
  }
}

export type Name = {
  readonly hostname: string;
  readonly records: Records;
  /** Where a portal's record has to lead; undefined for any other hostname. */
  readonly target: string | undefined;
  /** The name is asked for elsewhere (`--resolve`, a proxy): only the account tells of it. */
  readonly isResolved: boolean;
  readonly timeoutMs: number;
};

/** Whether a hostname leads where it should. Addresses and names of this machine have nothing to check. */
export async function checkDns(name: Name): Promise<readonly Check[]> {
  const { hostname, isResolved } = name;
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 || hostname === 'localhost') return [];
  const of = judge('dns', hostname);
  const record = name.target === undefined ? undefined : checkRecord({ ...name, target: name.target }, of);
  if (record?.ok === false) return [record];
  const told = record === undefined ? [] : [record];
  if (isResolved)
    return told.length > 0 ? told : [of.skipped({ name: 'resolution', detail: 'asked for elsewhere (--resolve or a proxy)' })];
  return [...told, await checkResolution(name, of)];
}

/** The record of a portal: the API makes none with it. */
function checkRecord({ hostname, records, target }: Name & { readonly target: string }, of: Judge): Check {
  const name = 'record';
  if (/\.(workers|pages)\.dev$/.test(hostname)) return of.passed({ name, detail: 'Cloudflare has it by itself' });
  if (records === undefined) return of.skipped({ name, detail: 'no zone of this account fits it' });
  if (typeof records === 'string') return of.skipped({ name, detail: records });
  const cause = 'The API makes no DNS record for a portal: without a proxied CNAME clients get 522, or 530 with error 1016.';
  const fix = `mcp-portal dns, or: mcp-portal dns add ${hostname} CNAME ${target} --proxied`;
  const [record] = records;
  if (record === undefined)
    return of.failed({ name, detail: `there is none; a proxied CNAME to ${target} is needed`, cause, fix });
  const detail = `${record.type} to ${record.content}${record.proxied ? ', proxied' : ', not proxied'}`;
  if (record.type === 'CNAME' && record.content === target && record.proxied) return of.passed({ name, detail });
  const hint = record.content.endsWith('.cloudflareaccess.com') ? ' (the team domain is no target for a portal)' : '';
  return of.failed({ name, detail: `${detail}${hint}; needed: a proxied CNAME to ${target}`, cause, fix });
}

export const portalTarget = gatewayTarget;

async function checkResolution({ hostname, records, timeoutMs }: Name, of: Judge): Promise<Check> {
  const name = 'resolution';
  try {
    const addresses = await within(lookup(hostname, { all: true }), timeoutMs);
    const [first] = addresses;
    return of.passed({
      name,
      detail: `${first?.address ?? 'no address'}${addresses.length > 1 ? ` and ${addresses.length - 1} more` : ''}`,
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    const hasRecord = Array.isArray(records) && records.length > 0;
    return of.failed({
      name,
      detail: `does not resolve (${code})`,
      cause: hasRecord
        ? 'Its record is there: it is too new, or the zone is not active yet.'
        : 'There is no DNS record for this name.',
      fix: hasRecord
        ? 'Wait a minute; then look at the name servers of the zone: mcp-portal doctor'
        : `Make its record, such as: mcp-portal dns add ${hostname} CNAME TARGET --proxied`,
    });
  }
}

/** Resolvers have time limits of their own, and long ones. */
async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('late'), { code: `no answer within ${ms / 1000} s` })), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
