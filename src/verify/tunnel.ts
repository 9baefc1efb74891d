import type { Api } from '../engine/api.ts';
import { tunnelIdIn } from '../kinds/dns/tunnel-target.ts';
import { hostnamesIn } from '../kinds/tunnel/ingress.ts';
import { asTunnel, configOf, isConnected, isLocal, rawRules, withConfiguration, type Tunnel } from '../kinds/tunnel/tunnels.ts';
import { Cancelled, UserError } from '../lib/errors.ts';
import type { Account } from './account.ts';
import { judge, type Check, type Judge } from './check.ts';
import type { Records } from './dns.ts';

export type Behind = {
  readonly hostname: string;
  readonly records: Records;
  /** The key of the tunnel that the document names for the server. */
  readonly declared: string | undefined;
};

/** The tunnel that a hostname leads to, its connector and its rule. A hostname without a tunnel has nothing to check. */
export async function checkTunnel({ hostname, records, declared }: Behind, account: Account): Promise<readonly Check[]> {
  const id = (Array.isArray(records) ? records : []).map(({ content }) => tunnelIdIn(content)).find((each) => each !== undefined);
  if (id === undefined && declared === undefined) return [];
  const of = judge('tunnel', hostname);
  const unread = account.unread('tunnel');
  if (unread !== undefined) return [of.skipped({ name: 'connector', detail: unread })];
  const bound = declared === undefined ? undefined : account.peers.live(`tunnel:${declared}`);
  const live = bound ?? account.existing('tunnel').find((each) => each.id === id);
  const tunnel = asTunnel(live?.live);
  if (tunnel === undefined) {
    const cause = 'The record leads to a tunnel that is gone, or that was never made.';
    return [
      of.failed({
        name: 'connector',
        detail: `there is no tunnel ${declared ?? id ?? ''}`,
        cause,
        fix: 'mcp-portal apply, after tunnels: says it; else mcp-portal tunnel list',
      }),
    ];
  }
  return [
    ...led(tunnel, { id, records }, of),
    checkConnector(tunnel, of),
    await checkRule(tunnel, hostname, { api: account.api, of }),
  ];
}

/** A declared tunnel, and a record that leads somewhere else. */
function led(
  tunnel: Tunnel,
  { id, records }: { readonly id: string | undefined; readonly records: Records },
  of: Judge,
): readonly Check[] {
  if (id === tunnel.id || !Array.isArray(records)) return [];
  const detail = `the record does not lead to the tunnel ${tunnel.name}`;
  return [of.failed({ name: 'record', detail, cause: 'Requests never reach the connector.', fix: 'mcp-portal apply' })];
}

function checkConnector(tunnel: Tunnel, of: Judge): Check {
  const [name, status] = ['connector', tunnel.status ?? 'unknown'];
  if (status === 'degraded')
    return of.warned({
      name,
      detail: `${tunnel.name}: degraded`,
      cause: 'Some of its connections are missing.',
      fix: 'Look at the log of cloudflared',
    });
  if (isConnected(tunnel)) return of.passed({ name, detail: `${tunnel.name}: ${status}` });
  return of.failed({
    name,
    detail: `${tunnel.name}: ${status}`,
    cause:
      status === 'inactive'
        ? 'No connector has ever connected to this tunnel.'
        : 'Its connector is not connected: cloudflared is stopped, or cannot get out.',
    fix: `Start it: mcp-portal tunnel token ${tunnel.name} --out dotenv:.env, then the service of mcp-portal tunnel compose ${tunnel.name}`,
  });
}

async function checkRule(
  listed: Tunnel,
  hostname: string,
  { api, of }: { readonly api: Api; readonly of: Judge },
): Promise<Check> {
  const name = 'ingress';
  if (isLocal(listed)) return of.skipped({ name, detail: 'a file beside the connector has the rules' });
  try {
    const tunnel = listed.configuration === undefined ? await withConfiguration(api, listed) : listed;
    const rules = rawRules(configOf(tunnel));
    const rule = rules.find((each) => fits(hostname, each['hostname']));
    const service = typeof rule?.['service'] === 'string' ? rule['service'] : '';
    if (rule !== undefined && !service.startsWith('http_status:'))
      return of.passed({ name, detail: `${hostname} to ${service}` });
    const known = hostnamesIn(rules).join(', ') || 'none';
    const detail = service === '' ? `no rule for ${hostname} (it has: ${known})` : `${hostname} to ${service}`;
    return of.failed({
      name,
      detail,
      cause: 'The connector answers this hostname with an error, because no rule sends it to a server.',
      fix: `Add { hostname: ${hostname}, service: http://HOST:PORT } to the tunnel's ingress, then: mcp-portal apply`,
    });
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof Cancelled) throw error;
    return of.skipped({ name, detail: error.message });
  }
}

/** The first rule that fits counts; one without a hostname fits everything. */
function fits(hostname: string, pattern: unknown): boolean {
  if (typeof pattern !== 'string' || pattern === '' || pattern === hostname) return true;
  return pattern.startsWith('*.') && hostname.endsWith(pattern.slice(1));
}
