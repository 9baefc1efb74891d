import type { KnownKey } from './keys.ts';
import { redacted } from './redact.ts';
import type { Rpc } from './rpc.ts';

/** What one request came to. */
export type AuditEntry = {
  readonly time: Date;
  readonly key: KnownKey | undefined;
  /** The HTTP method and the path, without its query: session ids stand there. */
  readonly httpMethod: string;
  readonly path: string;
  readonly rpc: Rpc;
  /** 0 where the caller left before there was an answer. */
  readonly status: number;
  readonly durationMs: number;
  /** Of the request's body and the answer's. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Cloudflare's `CF-Ray`, and the address of the caller as Cloudflare or the socket gives it. */
  readonly ray: string | undefined;
  readonly client: string | undefined;
  /** Why it did not end well: the type of a refusal, `client_closed`, `upstream_closed`. */
  readonly reason: string | undefined;
  /** Present where the arguments of tools are to be shown: what to blot out of them. */
  readonly secrets?: readonly string[] | undefined;
};

/** The line of one request: JSON, and a line break. Names of the caller's choice are cut, and arguments redacted. */
export function auditLine(entry: AuditEntry): string {
  const { rpc, secrets } = entry;
  const shown = secrets === undefined || rpc.arguments === undefined ? undefined : redacted(rpc.arguments, secrets);
  const line = JSON.stringify({
    time: entry.time.toISOString(),
    event: 'mcp_request',
    key: entry.key?.id ?? 'none',
    http_method: entry.httpMethod,
    endpoint: cut(entry.path),
    rpc_method: cut(rpc.method),
    tool: cut(rpc.tool),
    status: entry.status,
    duration_ms: Math.round(entry.durationMs * 10) / 10,
    bytes: entry.bytesOut,
    request_bytes: entry.bytesIn,
    ray: cut(entry.ray),
    client: cut(entry.client),
    ...(entry.reason === undefined ? {} : { reason: entry.reason }),
    ...(shown === undefined ? {} : { arguments: shown }),
  });
  return `${line}\n`;
}

const cut = (text: string | undefined): string | null => {
  if (text === undefined) return null;
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
};
