import type { Invocation } from '../cli/command.ts';
import { Cancelled, UnsafePlanError, type ExitCode } from '../lib/errors.ts';
import { canAsk } from '../terminal/review.ts';
import { terminalPrompts } from '../terminal/wizard-prompts.ts';
import { askGoal } from '../wizard/goal.ts';
import type { Prompts } from '../wizard/prompts.ts';
import { nameFile } from './steps/init-name.ts';
import type { initOptions } from './table/init.ts';

type InitInvocation = Invocation<typeof initOptions>;

/** Writes a document by answering questions, or from options alone, and applies it when that is wanted. */
export async function run(invocation: InitInvocation): Promise<ExitCode> {
  const { world, output, global } = invocation;
  // Loads while the file is looked for.
  if (!global.yes && canAsk(world)) void import('../terminal/inquirer.ts');
  return runWith(invocation, terminalPrompts(world, output));
}

/** The same with other prompts. Until the first question is asked, nothing is loaded that it does not need. */
export async function runWith(invocation: InitInvocation, prompts: Prompts): Promise<ExitCode> {
  const { world, global, options } = invocation;
  const name = await nameFile(world, global.files);
  const saysAll = global.dryRun && (options.portal !== undefined || !canAsk(world));
  if (global.yes || saysAll) return (await import('./steps/init-unattended.ts')).initUnattended(invocation, name);
  if (!canAsk(world)) {
    throw new UnsafePlanError('nothing was written: there is no terminal to ask on, and --yes was not given', {
      code: 'confirmation_needed',
      hint: 'answer with options: init --yes --portal ID --hostname HOST --server ID=URL --email ADDRESS (--dry-run prints the file)',
    });
  }
  const interview = async () => {
    const goal = await askGoal(prompts, name);
    return (await import('./steps/init-wizard.ts')).interview(invocation, { prompts, name, goal });
  };
  const finish = await interview().catch((error: unknown): never => {
    if (error instanceof Cancelled || world.signal.aborted) throw new Cancelled('Nothing was written.', { cause: error });
    throw error;
  });
  return finish();
}
