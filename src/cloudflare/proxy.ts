import type { Agent, ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { UserError } from '../lib/errors.ts';

type Env = Readonly<Record<string, string | undefined>>;
const connectTimeoutMs = 30_000;

/**
 * The proxy for an https URL: `HTTPS_PROXY` (or in lower case), unless `NO_PROXY` names the host.
 * Plain http is never proxied: it only leads to a simulator on the same machine.
 */
export function httpsProxyOf(env: Env, url: string): URL | undefined {
  const target = new URL(url);
  const text = env['HTTPS_PROXY'] || env['https_proxy'] || '';
  if (target.protocol !== 'https:' || text === '' || isExempt(env, target)) return undefined;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy;
  throw new UserError('HTTPS_PROXY is not an http or https URL.', {
    hint: 'It looks like http://proxy.example.com:3128.',
  });
}

/** `NO_PROXY` lists host names, each with the names below it; `*` stands for all. */
function isExempt(env: Env, { host, hostname }: URL): boolean {
  const names = (env['NO_PROXY'] || env['no_proxy'] || '').split(/[\s,]+/).filter((name) => name !== '');
  return names.some((name) => {
    const bare = name.toLowerCase().replace(/^\*?\./, '');
    return bare === '*' || bare === host || bare === hostname || hostname.endsWith(`.${bare}`);
  });
}

type Done = (error: Error | null, socket?: Duplex) => void;

/** Makes an https agent open its connections inside a CONNECT tunnel. */
export async function tunnelThrough(proxy: URL, agent: Agent): Promise<void> {
  const { request } = proxy.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const { connect } = await import('node:tls');
  const open = (options: ConnectionOptions, done: Done): void => {
    const target = `${options.host}:${options.port}`;
    const asking: ClientRequest = request(proxy, {
      method: 'CONNECT',
      path: target,
      headers: headersFor(proxy, target),
      agent: false,
    });
    asking.setTimeout(connectTimeoutMs, () => asking.destroy(new Error('the proxy timed out')));
    asking.on('error', (error) => done(error));
    asking.on('connect', ({ statusCode }, socket) => {
      if (statusCode === 200)
        return done(null, connect({ ...options, socket, servername: options.servername || String(options.host) }));
      socket.destroy();
      return done(new Error(`the proxy in HTTPS_PROXY answered ${statusCode}`));
    });
    asking.end();
  };
  Object.assign(agent, { createConnection: open });
}

function headersFor({ username, password }: URL, host: string): Record<string, string> {
  if (username === '') return { host };
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { host, 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
