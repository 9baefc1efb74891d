import type { Api } from '../../engine/api.ts';
import { isPlain, memberOf, type Plain } from '../../engine/values.ts';

/** A tunnel as the API gives it, with its configuration where that was read. */
export type Tunnel = {
  readonly id: string;
  readonly name: string;
  /** `inactive` (no connector was ever there), `healthy`, `degraded`, `down`. */
  readonly status?: string;
  readonly config_src?: string;
  readonly remote_config?: boolean;
  readonly deleted_at?: string | null;
  readonly configuration?: Configuration;
};

/** `config` is null where nobody has configured the tunnel yet. */
export type Configuration = { readonly config?: Plain | null; readonly source?: string };

export const tunnelsPath = (api: Api): string => api.path('cfd_tunnel');
export const configurationPath = (api: Api, id: string): string => api.path('cfd_tunnel', id, 'configurations');

/** The tunnels that are there: without the filter, and from some answers with it, deleted ones come too (Q77). */
export async function listTunnels(api: Api): Promise<readonly Tunnel[]> {
  const listed = await api.list<Tunnel>(tunnelsPath(api), { perPage: 100, query: { is_deleted: 'false' }, keep: withoutSecrets });
  return listed.filter(({ deleted_at: deletedAt }) => (deletedAt ?? '') === '');
}

/** What signs a connector in never stays beside a tunnel. The answer to a creation has it. */
export function withoutSecrets<T extends Plain>({ token: _token, credentials_file: _file, tunnel_secret: _secret, ...rest }: T) {
  return rest;
}

export async function withConfiguration(api: Api, tunnel: Tunnel): Promise<Tunnel> {
  return { ...tunnel, configuration: (await api.get<Configuration | null>(configurationPath(api, tunnel.id))) ?? {} };
}

/** The configuration itself, with members that no document has words for. */
export const configOf = ({ configuration }: Pick<Tunnel, 'configuration'>): Plain => configuration?.config ?? {};

/** The rules of a live configuration, in order. */
export function rawRules(config: Plain): readonly Plain[] {
  const { ingress } = config;
  return Array.isArray(ingress) ? ingress.filter(isPlain) : [];
}

/**
 * A tunnel whose connectors read a file of their own: they ignore a configuration that is sent to the API
 * (Q74). The tunnel itself says it by one member or the other, as the version of the API has it (Q78).
 */
export const isLocal = ({ config_src: from, remote_config: isRemote, configuration }: Tunnel): boolean =>
  from === 'local' || isRemote === false || configuration?.source === 'local';

/** Whether a connector is connected to the tunnel. Its list of connections is always empty by now (Q80). */
export const isConnected = ({ status }: Pick<Tunnel, 'status'>): boolean => status === 'healthy' || status === 'degraded';

/** A live object of the listing; undefined for any other. */
export const asTunnel = (live: unknown): Tunnel | undefined => (isTunnel(live) ? live : undefined);

const isTunnel = (live: unknown): live is Tunnel =>
  typeof memberOf(live, 'id') === 'string' && typeof memberOf(live, 'name') === 'string';
