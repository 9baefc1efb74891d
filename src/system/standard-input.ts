import { Cancelled } from '../lib/errors.ts';
import type { World } from '../world.ts';
import { isTerminal } from './streams.ts';

/** Standard input. It can be read once; later readers get the same text. */
export function standardInput(signal: AbortSignal): World['stdin'] {
  let content: Promise<string> | undefined;
  return {
    get isTTY() {
      return isTerminal(0);
    },
    text() {
      content ??= readAll(signal);
      return content;
    },
  };
}

async function readAll(signal: AbortSignal): Promise<string> {
  const [{ addAbortSignal }, { text }] = await Promise.all([import('node:stream'), import('node:stream/consumers')]);
  try {
    return await text(addAbortSignal(signal, process.stdin));
  } catch (error) {
    if (signal.aborted) throw new Cancelled('Interrupted.', { cause: error });
    throw error;
  }
}
