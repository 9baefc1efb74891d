import { UserError } from '../../lib/errors.ts';
import type { RunOptions, RunResult, World } from '../../world.ts';

/** What POSIX shells answer for a program that does not exist. */
const notFound = 127;

/**
 * Runs a program; undefined when it does not exist. Other failures to start count as exit code 126,
 * as in a shell. A timeout and Ctrl-C stay the errors that they are.
 */
export async function runIfThere(
  world: Pick<World, 'run'>,
  args: readonly [string, ...string[]],
  options: RunOptions = {},
): Promise<RunResult | undefined> {
  const [program, ...rest] = args;
  try {
    const result = await world.run(program, rest, options);
    return result.code === notFound ? undefined : result;
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    // The error itself may carry the input: it goes no further.
    return { code: 126, stdout: '', stderr: '' };
  }
}
