import type { Client } from './sdk.ts';
import type { Attempt } from './attempts.ts';

export type ConnectOptions = {
  /** How the client calls itself. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  fetch(input: string | URL, init?: RequestInit): Promise<Response>;
};

/** Loads the client while others wait for the network: it takes as long as an answer does. */
export const preloadClient = (): void => void setTimeout(() => void import('./sdk.ts').then(() => new Headers()), 0);

/**
 * The official client, connected: a server of either era. What stands in the way is thrown as the client
 * tells it, after its connection was closed.
 */
export const connectTo = async ({ transport, url }: Attempt, options: ConnectOptions): Promise<Client> => {
  // Loaded here, because most runs connect to nothing.
  const sdk = await import('./sdk.ts');
  const { name, headers, timeoutMs, fetch } = options;
  const client = new sdk.Client(
    { name, version: '1' },
    { versionNegotiation: { mode: 'auto', probe: { timeoutMs } }, listMaxPages: 50 },
  );
  const settings = { requestInit: { headers: { ...headers } }, fetch };
  const Transport = transport === 'sse' ? sdk.SSEClientTransport : sdk.StreamableHTTPClientTransport;
  try {
    await client.connect(new Transport(new URL(url), settings), { timeout: timeoutMs });
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
};
