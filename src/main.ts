import { parseCommandLine } from './cli/parse.ts';
import { reportError } from './cli/report-error.ts';
import { wantsJson } from './cli/wants-json.ts';
import { commandGroups } from './commands/index.ts';
import type { ExitCode } from './lib/errors.ts';
import { exitCodes } from './lib/errors.ts';
import { withEnvFile } from './spec/env-file.ts';
import { interruption } from './system/interruption.ts';
import { realWorld } from './system/real-world.ts';
import { createOutput } from './terminal/output.ts';
import { version } from './version.ts';
import type { World } from './world.ts';

/** Runs one command line in `world`. Never throws: what fails is written, and becomes the exit code. */
export async function run(args: readonly string[], world: World): Promise<ExitCode> {
  try {
    return await perform(args, world);
  } catch (error) {
    return await reportError(error, world, { json: wantsJson(args), debug: args.includes('--debug') });
  }
}

async function perform(args: readonly string[], world: World): Promise<ExitCode> {
  const line = parseCommandLine(args, commandGroups, version);
  if (line.is === 'text') {
    world.stdout.write(line.text);
    return exitCodes.done;
  }
  const { command, args: words, options, global } = line;
  const inside = global.envFile === undefined ? world : { ...world, env: await withEnvFile(world, global.envFile) };
  const output = await createOutput(inside, global);
  const { run: runCommand } = await command.load();
  return await runCommand({ world: inside, args: words, options, global, output });
}

/** The program: runs the process's command line and ends the process. */
export async function main(args: readonly string[]): Promise<void> {
  const world = realWorld(interruption());
  // Outside every promise, as in a stream's own event. A reader of our output that has gone is no failure.
  process.on('uncaughtException', (error: Error & { code?: unknown }) => {
    if (error.code === 'EPIPE') return;
    void reportError(error, world, { json: wantsJson(args), debug: args.includes('--debug') }).then(process.exit);
  });
  process.exit(await run(args, world));
}
