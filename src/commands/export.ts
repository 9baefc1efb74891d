import type { Invocation } from '../cli/command.ts';
import type { ExitCode } from '../lib/errors.ts';
import { exitCodes } from '../lib/errors.ts';
import type { exportOptions } from './table/documents.ts';

export async function run({ output }: Invocation<typeof exportOptions>): Promise<ExitCode> {
  output.notice('export');
  return exitCodes.failed;
}
