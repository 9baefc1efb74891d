import type { Readiness } from '../../engine/readiness.ts';

type Status = {
  readonly name: string;
  readonly auth_type: string;
  readonly status?: string;
  readonly authentication_status?: string;
  readonly auth_config_summary?: { readonly auth_mode?: string } | null;
  readonly error?: string | null;
  readonly error_details?: { readonly cause?: string; readonly status_code?: number; readonly retryable?: boolean } | null;
};

const serverPage = 'Zero Trust > Access controls > AI controls > MCP servers';

/** What a server's status means, and who has to do something about it. */
export function serverReadiness(server: Status): Readiness {
  if (server.status === 'ready') return { is: 'ready' };
  if (isManual(server)) {
    // A sync answers success and changes nothing there, so waiting would never end (Q18).
    return {
      is: 'person',
      why: 'its tools are read when the first person signs in to it',
      next: 'open the portal, connect this server and sign in once',
    };
  }
  if (server.auth_type === 'oauth' && server.authentication_status !== 'connected') {
    return {
      is: 'person',
      why: 'an administrator has to sign in to it once',
      next: `${serverPage} > ${server.name} > Authenticate server`,
    };
  }
  if (server.status === 'error') return { is: 'failed', why: cause(server), retryable: server.error_details?.retryable === true };
  if (server.status === 'stale') return { is: 'waiting', why: 'Cloudflare has to read its tools again' };
  return { is: 'waiting', why: 'Cloudflare has not read its tools yet' };
}

/** True when the OAuth client was set up by hand: Cloudflare alone knows its secret. */
export const isManual = (server: Pick<Status, 'authentication_status' | 'auth_config_summary'>): boolean =>
  server.authentication_status === 'manual' || server.auth_config_summary?.auth_mode === 'manual';

function cause(server: Status): string {
  const details = server.error_details;
  const status = typeof details?.status_code !== 'number' ? '' : ` (HTTP ${details.status_code})`;
  const text = [details?.cause, server.error].find(
    (candidate) => candidate !== undefined && candidate !== null && candidate !== '',
  );
  return `${text ?? 'Cloudflare could not read its tools'}${status}`;
}
