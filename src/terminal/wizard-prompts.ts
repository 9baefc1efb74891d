import type { Check, Prompts } from '../wizard/prompts.ts';
import type { World } from '../world.ts';
import type { CommandOutput } from './output.ts';
import { prompting, type PromptStreams } from './prompts.ts';

/** Asks on the terminal, with the prompts of `@inquirer/prompts`, loaded at the first question. */
export function terminalPrompts(world: World, output: CommandOutput, streams?: PromptStreams): Prompts {
  const inquirer = () => import('./inquirer.ts');
  const write = (text: string): void => void world.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
  const validate = (check: Check) => async (answer: string) => (await check(answer.trim())) ?? true;
  const anything: Check = () => undefined;
  return {
    explain: (text) => output.notice(output.errorStyle.dim(text)),
    show: write,
    select: async ({ message, choices }) => {
      const { select } = await inquirer();
      return prompting(world, (context) => select({ message, choices }, context), streams);
    },
    checkbox: async ({ message, choices, required = false }) => {
      const { checkbox } = await inquirer();
      return prompting(world, (context) => checkbox({ message, choices, required }, context), streams);
    },
    input: async ({ message, initial, check = anything }) => {
      const { input } = await inquirer();
      const question = { message, required: true, validate: validate(check), ...(initial === undefined ? {} : { default: initial }) };
      return (await prompting(world, (context) => input(question, context), streams)).trim();
    },
    password: async ({ message, check = anything }) => {
      const { password } = await inquirer();
      const answer = await prompting(world, (context) => password({ message, mask: false, validate: validate(check) }, context), streams);
      return answer.trim();
    },
    confirm: async ({ message, initial }) => {
      const { confirm } = await inquirer();
      return prompting(world, (context) => confirm({ message, default: initial }, context), streams);
    },
  };
}
