import type { OpenApi } from '../../cloudflare/client.ts';
import type { Desired } from '../../engine/kind.ts';
import { lookUp } from '../../engine/operate.ts';
import { asTunnel, isLocal, type Tunnel } from '../../kinds/tunnel/tunnels.ts';
import { kinds } from '../../kinds/index.ts';
import { UnsafePlanError } from '../../lib/errors.ts';
import type { Given } from './prepare.ts';
import { openFor } from './run-verb.ts';
import type { VerbDocument } from './verb-document.ts';

/**
 * The live tunnel of a key, a name or an id, in one listing. Throws a `UsageError` for what nothing has, and
 * an `UnsafePlanError` for one that a file beside its connector manages: a token would run it another way.
 */
export async function findTunnel(
  given: Given,
  document: VerbDocument,
  ref: string,
): Promise<{ readonly api: OpenApi; readonly tunnel: Tunnel }> {
  const { desired } = await document.edited([]);
  const api = await openFor(given, document, []);
  const { named } = await lookUp({ api, kinds, kind: 'tunnel', desired: desired.filter(isWanted).map(byName) });
  const tunnel = asTunnel(named(ref).live);
  if (tunnel === undefined) throw new Error('a listing of tunnels gave something else');
  if (!isLocal(tunnel)) return { api, tunnel };
  throw new UnsafePlanError(`the tunnel ${tunnel.name} is managed by a file beside its connector, not by a token`, {
    code: 'conflict',
    hint: 'run it with its config.yml and credentials file; the two ways do not mix',
  });
}

const isWanted = ({ kind, absent }: Desired): boolean => kind === 'tunnel' && !absent;

/** Only its name counts: the rules of no tunnel have to be read. */
const byName = (resource: Desired): Desired => ({
  ...resource,
  state: resource.state['name'] === undefined ? {} : { name: resource.state['name'] },
});
