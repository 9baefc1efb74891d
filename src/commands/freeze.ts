import type { Invocation } from '../cli/command.ts';
import { UsageError, type ExitCode } from '../lib/errors.ts';
import { switchOperation } from './steps/kill-switch.ts';
import type { freezeOptions } from './table/freeze.ts';

const longestReason = 200;

/** Stops servers, portals or service tokens at once. */
export async function run(invocation: Invocation<typeof freezeOptions>): Promise<ExitCode> {
  const { options, world } = invocation;
  const reason = options.reason?.trim();
  if (reason !== undefined && (reason === '' || reason.length > longestReason || /[\u0000-\u001f\u007f]/.test(reason)))
    throw new UsageError(`--reason has to be one line of 1 to ${longestReason} characters`);
  const now = world
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  return switchOperation(invocation, 'freeze', { now, ...(reason === undefined ? {} : { reason }) });
}
