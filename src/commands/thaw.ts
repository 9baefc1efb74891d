import type { Invocation } from '../cli/command.ts';
import type { ExitCode } from '../lib/errors.ts';
import { switchOperation } from './steps/kill-switch.ts';
import type { thawOptions } from './table/freeze.ts';

/** Undoes `freeze`. */
export const run = (invocation: Invocation<typeof thawOptions>): Promise<ExitCode> => switchOperation(invocation, 'thaw', {});
