import type { Invocation } from '../cli/command.ts';
import type { ExitCode } from '../lib/errors.ts';
import { addServer } from '../verbs/servers.ts';
import { runVerb } from './steps/run-verb.ts';
import { serverWords } from './steps/server-words.ts';
import type { serverOptions } from './table/servers.ts';

/** Registers a server, or applies its entry of the document alone. */
export async function run(invocation: Invocation<typeof serverOptions>): Promise<ExitCode> {
  const { options, args } = invocation;
  const words = { ...serverWords(options), id: args[0] };
  return runVerb(invocation, (around) => addServer(words, around), { wait: options.wait, save: options.save });
}
