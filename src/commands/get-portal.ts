import type { Invocation } from '../cli/command.ts';
import { portalView } from '../kinds/mcp/portal-row.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { neutral } from '../render/value.ts';
import { documentText } from '../spec/write.ts';
import { portals, unknown } from '../verbs/surroundings.ts';
import { byId, look, troubles } from './steps/look.ts';
import type { listOptions } from './table/servers.ts';

/** One portal as the document writes it, with its URL and what its servers are up to. */
export async function run(invocation: Invocation<typeof listOptions>): Promise<ExitCode> {
  const { args, output } = invocation;
  const [id = ''] = args;
  const peers = await look(invocation, ['server', 'portal', 'portal_app', 'policy']);
  const all = peers.existing('portal');
  const found = all.find((portal) => portal.id === id);
  if (found === undefined)
    throw unknown(
      id,
      portals,
      all.map((portal) => portal.id),
    );
  const view = portalView(found, peers);
  if (output.format === 'json') output.json({ schema_version: 1, ok: true, account: peers.account, portal: view });
  else {
    const linked = peers
      .existing('server')
      .filter((server) => Object.hasOwn(Object(view['servers']), server.id))
      .toSorted(byId);
    const text = documentText(view).trimEnd().split('\n').map(neutral);
    const lines = troubles(linked);
    output.result([...text, ...(lines.length === 0 ? [] : ['', ...lines])].join('\n'));
  }
  return exitCodes.done;
}
