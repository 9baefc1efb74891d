import type { Invocation } from '../cli/command.ts';
import { serverRow, type ServerRow } from '../kinds/mcp/server-row.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { tableText } from '../render/table.ts';
import { byId, look, troubles } from './steps/look.ts';
import type { listOptions } from './table/servers.ts';

/** The servers of the account, with what keeps them from being used. */
export async function run(invocation: Invocation<typeof listOptions>): Promise<ExitCode> {
  const { output } = invocation;
  const peers = await look(invocation, ['server', 'portal']);
  const servers = peers.existing('server').toSorted(byId);
  const rows = servers.map((server) => serverRow(server, peers));
  if (output.format === 'json') output.json({ schema_version: 1, ok: true, account: peers.account, servers: rows });
  else output.result(rows.length === 0 ? 'No servers.' : [table(rows, output.columns), ...below(troubles(servers))].join('\n'));
  return exitCodes.done;
}

const below = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', ...lines]);

const table = (rows: readonly ServerRow[], width: number | undefined): string =>
  tableText(
    ['id', 'name', 'url', 'auth', 'status', 'tools', 'prompts', 'portals'],
    rows.map((row) => [
      row.id,
      row.name,
      row.url,
      row.auth,
      row.status,
      String(row.tools),
      String(row.prompts),
      row.portals.join(', '),
    ]),
    { width },
  );
