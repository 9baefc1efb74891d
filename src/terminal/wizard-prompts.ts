import type { Check, Prompts } from '../wizard/prompts.ts';
import type { World } from '../world.ts';
import type * as inquirer from './inquirer.ts';
import type { CommandOutput } from './output.ts';
import { prompting, type PromptContext, type PromptStreams } from './prompts.ts';

type Inquirer = typeof inquirer;

/** Asks on the terminal, with the prompts of `@inquirer/prompts`, loaded at the first question. */
export function terminalPrompts(world: World, output: CommandOutput, streams?: PromptStreams): Prompts {
  const ask = async <T>(question: (inquirer: Inquirer, context: PromptContext) => Promise<T>): Promise<T> => {
    const loaded = await import('./inquirer.ts');
    return prompting(world, (context) => question(loaded, context), streams);
  };
  return {
    explain: (text) => output.notice(output.errorStyle.dim(text)),
    show: (text) => void world.stderr.write(text.endsWith('\n') ? text : `${text}\n`),
    select: (question) => ask(({ select }, context) => select(question, context)),
    checkbox: (question) => ask(({ checkbox }, context) => checkbox(question, context)),
    confirm: ({ message, initial }) => ask(({ confirm }, context) => confirm({ message, default: initial }, context)),
    input: async ({ message, initial, check }) => {
      const question = {
        message,
        required: true,
        validate: validate(check),
        ...(initial === undefined ? {} : { default: initial }),
      };
      return (await ask(({ input }, context) => input(question, context))).trim();
    },
    password: async ({ message, check }) => {
      const question = { message, mask: false, validate: validate(check) } as const;
      return (await ask(({ password }, context) => password(question, context))).trim();
    },
  };
}

/** Space around an answer is nobody's intention, and space alone is no answer. */
const validate = (check: Check | undefined) => async (answer: string) =>
  answer.trim() === '' ? 'an answer is needed' : ((await check?.(answer.trim())) ?? true);
