import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Readable } from 'node:stream';
import { Miniflare, NoOpLog, type MiniflareOptions } from 'miniflare';
import { app, type FakeAttio } from './fake-attio.ts';

export const example = fileURLToPath(new URL('../../examples/attio-mcp-worker/', import.meta.url));
export const bundle = `${example}dist/worker.js`;

export const key = '0123456789abcdef'.repeat(4);
export const otherKey = 'fedcba9876543210'.repeat(4);

export type Worker = {
  readonly url: string;
  storage(name: 'TOKEN_STORE' | 'OAUTH_KV'): Promise<Storage>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Starts it anew with other bindings; storage and URL stay. */
  restart(bindings: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
};

export type Storage = {
  list(): Promise<{ readonly keys: readonly { readonly name: string; readonly expiration?: number }[] }>;
  get(name: string): Promise<string | null>;
  put(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
};

type Options = { readonly bindings?: Readonly<Record<string, string>>; readonly runtime?: Partial<MiniflareOptions> };

/** The built Worker in the real runtime, on loopback. */
export async function startWorker(attio: FakeAttio, { bindings = {}, runtime: more = {} }: Options = {}): Promise<Worker> {
  if (!existsSync(bundle)) execFileSync(process.execPath, [`${example}build.mjs`]);
  const port = await freePort();
  const optionsWith = (given: Readonly<Record<string, string>>): MiniflareOptions =>
    // The two halves of this type are for one Worker and for several; this is always the former.
    ({
      modules: true,
      // What the Worker and the runtime log belongs to no test.
      handleRuntimeStdio: (stdout: Readable, stderr: Readable) => [stdout, stderr].map((stream) => stream.resume()),
      log: new NoOpLog(),
      scriptPath: bundle,
      modulesRoot: `${example}dist`,
      host: '127.0.0.1',
      port,
      compatibilityDate: '2026-04-01',
      compatibilityFlags: ['global_fetch_strictly_public'],
      kvNamespaces: ['TOKEN_STORE', 'OAUTH_KV'],
      bindings: {
        ATTIO_CLIENT_ID: app.clientId,
        ATTIO_CLIENT_SECRET: app.clientSecret,
        ATTIO_API_URL: attio.url,
        ATTIO_AUTH_URL: attio.url,
        TOKEN_ENCRYPTION_KEY: key,
        ...given,
      },
      ...more,
    }) as MiniflareOptions;
  const runtime = new Miniflare(optionsWith(bindings));
  await runtime.ready;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    // The runtime's own types for it are in a package that nothing else here needs.
    storage: async (name) => (await runtime.getKVNamespace(name)) as unknown as Storage,
    fetch: (path, init) => fetch(new URL(path, url), { redirect: 'manual', ...init }),
    restart: async (given) => {
      await runtime.setOptions(optionsWith(given));
      await runtime.ready;
    },
    close: () => runtime.dispose(),
  };
}

/** A restart would otherwise come back at another port, under another name. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
