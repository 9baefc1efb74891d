import type { Invocation } from '../../cli/command.ts';
import { serverTrouble } from '../../kinds/mcp/server-row.ts';
import { look } from './look.ts';

/** What the account says against servers of the document, by their addresses: why each is not ready. */
export async function liveMarks(
  invocation: Pick<Invocation, 'world' | 'global'>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const peers = await look(invocation, ['server', 'portal']);
  const troubles = peers.existing('server').flatMap((server) => {
    const trouble = serverTrouble(server);
    return trouble === undefined ? [] : [[`server:${server.id}`, [`not ready: ${trouble.why}`]] as const];
  });
  return new Map(troubles);
}
