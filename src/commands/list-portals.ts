import type { Invocation } from '../cli/command.ts';
import { portalRow } from '../kinds/mcp/portal-row.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { tableText } from '../render/table.ts';
import { byId, look } from './steps/look.ts';
import type { listOptions } from './table/servers.ts';

/** The portals of the account. */
export async function run(invocation: Invocation<typeof listOptions>): Promise<ExitCode> {
  const { output } = invocation;
  const seen = await look(invocation, ['portal']);
  const rows = seen.existing('portal').toSorted(byId).map(portalRow);
  if (output.format === 'json') output.json({ schema_version: 1, ok: true, account: seen.account, portals: rows });
  else if (rows.length === 0) output.result('No portals.');
  else {
    const cells = rows.map(({ id, name, hostname, url, servers }) => [id, name, hostname, url, servers.join(', ')]);
    output.result(tableText(['id', 'name', 'hostname', 'url', 'servers'], cells, { width: output.columns }));
  }
  return exitCodes.done;
}
