import { canonicalHostname } from '../document/network.ts';
import { liveRecords } from './record-identity.ts';
import { canonicalRecord, liveContent } from './records.ts';

/** A live record as `dns list` shows it. */
export type RecordRow = {
  readonly id: string;
  readonly zone: string;
  readonly type: string;
  readonly name: string;
  readonly content: string;
  readonly proxied: boolean;
  /** Seconds, or `auto`. */
  readonly ttl: number | string | undefined;
  readonly comment: string | null;
};

/** Throws for what is no record: the listing of records gives nothing else. */
export function recordRow(live: unknown): RecordRow {
  const [record] = liveRecords([{ kind: 'dns_record', id: '', identity: '', name: '', live }]);
  if (record === undefined) throw new Error('a listing of DNS records gave something else');
  const { id, zone, type, ttl, proxied = false, comment } = record;
  const name = canonicalHostname(record.name);
  const state = canonicalRecord({ type, name, content: liveContent(record), proxied, ...(ttl === undefined ? {} : { ttl }) });
  return { id, zone: zone.name, type, name, content: state.content ?? '', proxied, ttl: state.ttl, comment: comment ?? null };
}
