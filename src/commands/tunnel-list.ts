import type { Invocation } from '../cli/command.ts';
import type { Plain } from '../engine/values.ts';
import { tunnelRow, type TunnelRow } from '../kinds/tunnel/tunnel-row.ts';
import { tunnel } from '../kinds/tunnel.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { tableText } from '../render/table.ts';
import { openFor } from './steps/run-verb.ts';
import { verbDocument } from './steps/verb-document.ts';
import type { tunnelListOptions } from './table/tunnels.ts';

/** Lists the tunnels of the account with their rules, and whether a connector runs each. */
export async function run(invocation: Invocation<typeof tunnelListOptions>): Promise<ExitCode> {
  const { output } = invocation;
  const api = await openFor(invocation, await verbDocument(invocation), []);
  const rows = (await tunnel.list({ api, desired: [], everything: true })).map(tunnelRow);
  if (output.format === 'json') output.json({ schema_version: 1, ok: true, tunnels: rows });
  else output.result(rows.length === 0 ? 'No tunnels.' : table(rows, output.columns));
  return exitCodes.done;
}

const table = (rows: readonly TunnelRow[], width: number | undefined): string =>
  tableText(
    ['name', 'connector', 'id', 'ingress'],
    rows.map((row) => [row.name, connectors[row.status] ?? row.status, row.id, row.ingress.flatMap(ruleText).join(', ')]),
    { width },
  );

/** What a status says of the connectors, in words. */
const connectors: { readonly [status: string]: string } = {
  healthy: 'healthy',
  degraded: 'degraded (some connections are missing)',
  down: 'down (not connected now)',
  inactive: 'inactive (never connected)',
};

/** The rule for everything else goes without saying. */
const ruleText = ({ hostname, path, service }: Plain): readonly string[] =>
  typeof hostname === 'string' ? [`${[hostname, path].filter(isText).join(' ')} -> ${isText(service) ? service : '?'}`] : [];

const isText = (value: unknown): value is string => typeof value === 'string';
