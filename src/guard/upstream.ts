import { Agent, request as requestByHttp, type ClientRequest, type RequestOptions } from 'node:http';

export type UpstreamRequest = Pick<RequestOptions, 'method' | 'path'> & { readonly headers: string[] };

/** The server behind the guard. */
export type Upstream = {
  readonly origin: string;
  /** What it is called by in `Host`. */
  readonly host: string;
  send(request: UpstreamRequest): ClientRequest;
  close(): void;
};

/**
 * How long a connection is kept for the next request. Shorter than servers keep theirs (Uvicorn and Node: 5 s), since
 * a request on a connection that is just being closed is lost, and a lost call must not be made twice.
 */
const keptMs = 2_000;

/** Opens connections when they are needed. The modules for TLS are loaded only for an `https:` upstream. */
export async function openUpstream({ protocol, hostname, port, origin, host }: URL): Promise<Upstream> {
  const isSecure = protocol === 'https:';
  const options = { keepAlive: true, timeout: keptMs, maxFreeSockets: 256 };
  const https = isSecure ? await import('node:https') : undefined;
  const agent = https === undefined ? new Agent(options) : new https.Agent(options);
  const request = https?.request ?? requestByHttp;
  // A URL writes an IPv6 address in brackets.
  const fixed = { agent, host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? (isSecure ? 443 : 80) : Number(port) };
  return {
    origin,
    host,
    send: ({ method, path, headers }) => request({ ...fixed, method, path, headers }),
    close: () => agent.destroy(),
  };
}
