import { Cancelled } from '../lib/errors.ts';
import type { World } from '../world.ts';

/** Where a prompt reads and writes. Questions go to standard error: standard output is the result. */
export type PromptStreams = { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream };
export type PromptContext = PromptStreams & { readonly signal: AbortSignal };

const realStreams = (): PromptStreams => ({ input: process.stdin, output: process.stderr });

/**
 * Runs one prompt of `@inquirer/prompts`. Ctrl-C, Ctrl-D and the end of the input are a `Cancelled`;
 * the library itself never settles after the last two.
 */
export async function prompting<T>(
  world: Pick<World, 'signal'>,
  prompt: (context: PromptContext) => Promise<T>,
  streams: PromptStreams = realStreams(),
): Promise<T> {
  const closed = new AbortController();
  const close = (): void => closed.abort();
  const onKey = (_: unknown, key: { readonly ctrl?: boolean; readonly name?: string } | undefined): void => {
    if (key?.ctrl === true && key.name === 'd') close();
  };
  streams.input.on('keypress', onKey).on('end', close);
  try {
    return await prompt({ ...streams, signal: AbortSignal.any([world.signal, closed.signal]) });
  } catch (error) {
    if (isInterruption(error)) throw new Cancelled('cancelled: nothing was changed');
    throw error;
  } finally {
    streams.input.off('keypress', onKey).off('end', close);
  }
}

/** By name: the library's core, which has the classes, is not a dependency of ours. */
const isInterruption = (error: unknown): boolean =>
  error instanceof Error && /^(?:Exit|Abort|Cancel)PromptError$/.test(error.name);

/** A yes-or-no question whose default is No. */
export async function askConfirm(message: string, world: Pick<World, 'signal'>, streams?: PromptStreams): Promise<boolean> {
  const { confirm } = await import('./inquirer.ts');
  return prompting(world, (context) => confirm({ message, default: false }, context), streams);
}

/** Asks for a secret; what is typed does not show. */
export async function askSecret(message: string, world: Pick<World, 'signal'>, streams?: PromptStreams): Promise<string> {
  const { password } = await import('./inquirer.ts');
  return prompting(world, (context) => password({ message, mask: false }, context), streams);
}

/** One line of text. */
export async function askText(message: string, world: Pick<World, 'signal'>, streams?: PromptStreams): Promise<string> {
  const { input } = await import('./inquirer.ts');
  return prompting(world, (context) => input({ message, required: true }, context), streams);
}
