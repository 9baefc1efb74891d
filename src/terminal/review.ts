import { UnsafePlanError } from '../lib/errors.ts';
import type { World } from '../world.ts';
import { askConfirm } from './prompts.ts';

export type ReviewOptions = {
  readonly world: Pick<World, 'stdin' | 'stderr' | 'signal'>;
  /** `--yes`. */
  readonly yes: boolean;
  readonly question?: string;
  readonly confirm?: (question: string) => Promise<boolean>;
};

/** Whether somebody sits at a terminal and sees the questions. */
export const canAsk = ({ stdin, stderr }: Pick<World, 'stdin' | 'stderr'>): boolean => stdin.isTTY && stderr.isTTY;

/** Whether a person lets the changes happen. Where nobody can be asked and `--yes` is missing, throws `UnsafePlanError`. */
export async function review({ world, yes, question = 'Apply these changes?', confirm }: ReviewOptions): Promise<boolean> {
  if (yes) return true;
  if (!canAsk(world)) {
    throw new UnsafePlanError('nothing was changed: there is no terminal to ask on, and --yes was not given', {
      code: 'confirmation_needed',
      hint: 'add --yes to apply the changes, or --dry-run to only show them',
    });
  }
  return confirm === undefined ? askConfirm(question, world) : confirm(question);
}
