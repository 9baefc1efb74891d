import type { Invocation } from '../cli/command.ts';
import type { ExitCode } from '../lib/errors.ts';
import { createToken } from '../verbs/service-tokens.ts';
import { namingOut } from './steps/run-operation.ts';
import { runVerb } from './steps/run-verb.ts';
import { checkSinks } from './steps/secrets.ts';
import type { tokenCreateOptions } from './table/service-tokens.ts';

/** Makes a service token and brings its secret to its places. */
export async function run(invocation: Invocation<typeof tokenCreateOptions>): Promise<ExitCode> {
  const { args, options, world } = invocation;
  await checkSinks(options.out, world);
  const words = { name: args[0] ?? '', duration: options.duration };
  return namingOut(() =>
    runVerb(invocation, (around) => createToken(words, around), { secretsOut: options.out, save: options.save }),
  );
}
