import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { httpsProxyOf } from '../../src/cloudflare/proxy.ts';
import { open } from './server.ts';

const api = 'https://api.cloudflare.com/client/v4';

describe('the proxy', () => {
  it('is the one in the environment', () => {
    expect(httpsProxyOf({ HTTPS_PROXY: 'http://proxy:3128' }, api)?.host).toBe('proxy:3128');
    expect(httpsProxyOf({ https_proxy: 'http://proxy:3128' }, api)?.host).toBe('proxy:3128');
    expect(httpsProxyOf({}, api)).toBeUndefined();
  });

  it('is never used for plain http', () => {
    expect(
      httpsProxyOf({ HTTPS_PROXY: 'http://proxy:3128', HTTP_PROXY: 'http://proxy:3128' }, 'http://127.0.0.1:1/client/v4'),
    ).toBeUndefined();
  });

  it.each(['*', 'api.cloudflare.com', '.cloudflare.com', 'localhost, cloudflare.com', '*.cloudflare.com'])(
    'is not used when NO_PROXY is %s',
    (names) => {
      expect(httpsProxyOf({ HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: names }, api)).toBeUndefined();
      expect(httpsProxyOf({ HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'flare.com' }, api)).toBeDefined();
    },
  );

  it('has to be a URL', () => {
    expect(() => httpsProxyOf({ HTTPS_PROXY: 'proxy:3128' }, api)).toThrow('HTTPS_PROXY is not an http or https URL.');
  });
});

describe('a tunnel', () => {
  let proxy: Server;
  afterEach(() => proxy.close());
  const start = async (answer: string): Promise<{ env: Record<string, string>; asked: unknown[]; firstBytes: number[] }> => {
    const [asked, firstBytes]: [unknown[], number[]] = [[], []];
    proxy = createServer().on('connect', (request, socket) => {
      asked.push([request.url, request.headers['proxy-authorization']]);
      socket.on('error', () => undefined).write(`HTTP/1.1 ${answer}\r\n\r\n`);
      socket.on('data', (bytes: Buffer) => {
        firstBytes.push(bytes[0] ?? 0);
        socket.destroy();
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    // A listening TCP server has an AddressInfo.
    const { port } = proxy.address() as AddressInfo;
    return { env: { HTTPS_PROXY: `http://user:pa%20ss@127.0.0.1:${port}` }, asked, firstBytes };
  };
  const basic = `Basic ${Buffer.from('user:pa ss').toString('base64')}`;

  it('asks the proxy for the API and speaks TLS inside', async () => {
    const { env, asked, firstBytes } = await start('200 OK');
    await expect(open({ env }).api.get('/x')).rejects.toThrow('No answer came from api.cloudflare.com');
    expect(asked[0]).toEqual(['api.cloudflare.com:443', basic]);
    expect(firstBytes[0]).toBe(0x16); // a TLS handshake record
  });

  it('that the proxy refuses is told as such', async () => {
    const { env } = await start('407 Proxy Authentication Required');
    await expect(open({ env }).api.get('/x')).rejects.toThrow('the proxy in HTTPS_PROXY answered 407');
  });
});
