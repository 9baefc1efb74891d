import type { Invocation } from '../cli/command.ts';
import type { Desired } from '../engine/kind.ts';
import { kindNamed } from '../engine/kind-named.ts';
import { recordRow } from '../kinds/dns/record-row.ts';
import { kinds } from '../kinds/index.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { tableText } from '../render/table.ts';
import { openFor } from './steps/run-verb.ts';
import { verbDocument } from './steps/verb-document.ts';
import type { dnsListOptions } from './table/dns.ts';

/** Lists the DNS records of the named zones, or of all that the account has. */
export async function run(invocation: Invocation<typeof dnsListOptions>): Promise<ExitCode> {
  const { options, output } = invocation;
  const api = await openFor(invocation, await verbDocument(invocation), []);
  const desired = options.zone.map(inZone);
  const records = await kindNamed(kinds, 'dns_record').list({ api, desired, everything: desired.length === 0 });
  const rows = records.map(recordRow);
  if (output.format === 'json') output.json({ schema_version: 1, ok: true, records: rows });
  else output.result(rows.length === 0 ? 'No DNS records.' : table(rows, output.columns));
  return exitCodes.done;
}

/** A wish for anything in a zone makes its kind list that zone. */
const inZone = (zone: string): Desired => ({
  kind: 'dns_record',
  key: zone,
  state: { zone, name: zone, type: 'A' },
  absent: false,
  protect: false,
  sinks: [],
  place: undefined,
});

const table = (rows: readonly ReturnType<typeof recordRow>[], width: number | undefined): string =>
  tableText(
    ['name', 'type', 'content', 'proxied', 'ttl', 'comment'],
    rows.map((row) => [row.name, row.type, row.content, row.proxied ? 'yes' : '', String(row.ttl ?? ''), row.comment ?? '']),
    { width },
  );
