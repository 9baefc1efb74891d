import type { Readable, Writable } from 'node:stream';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from './sdk.ts';

export type Streams = {
  readonly factory: McpServerFactory;
  readonly input?: Readable;
  readonly output?: Writable;
  /** Ctrl-C ends the serving, too. */
  readonly signal: AbortSignal;
  warn(message: string): void;
};

/** Serves one client over two streams. Resolves when either is closed. */
export async function serveStandardStreams(streams: Streams): Promise<void> {
  const { factory, input = process.stdin, output = process.stdout, signal, warn } = streams;
  const transport = new StdioServerTransport(input, output);
  const onerror = (error: Error): void => warn(`warning: ${error.message.split('\n')[0]?.slice(0, 300) ?? ''}`);
  const handle = serveStdio(factory, { transport, onerror });
  await new Promise<void>((resolve) => {
    const inner = transport.onclose;
    const onclose = (): void => {
      inner?.();
      resolve();
    };
    Object.assign(transport, { onclose });
    const stop = (): void => void handle.close().then(resolve, resolve);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
