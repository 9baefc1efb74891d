import { parseCommandLine } from './cli/parse.ts';
import { reportError, type Manner } from './cli/report-error.ts';
import { colorWanted, wantsJson } from './cli/wanted.ts';
import { commandGroups } from './commands/index.ts';
import type { ExitCode } from './lib/errors.ts';
import { exitCodes } from './lib/errors.ts';
import { withEnvFile } from './spec/env-file.ts';
import { interruption } from './system/interruption.ts';
import { realWorld } from './system/real-world.ts';
import { createOutput } from './terminal/output.ts';
import { styleFor } from './terminal/style.ts';
import { version } from './version.ts';
import type { World } from './world.ts';

/** Runs one command line in `world`. Never throws: what fails is written, and becomes the exit code. */
export async function run(args: readonly string[], world: World): Promise<ExitCode> {
  try {
    return await perform(args, world);
  } catch (error) {
    return await reported(error, args, world);
  }
}

/** Tells a failure. Where not even that can be written, the exit code has to say it alone. */
async function reported(error: unknown, args: readonly string[], world: World): Promise<ExitCode> {
  try {
    return await reportError(error, world, await mannerOf(args, world));
  } catch {
    return exitCodes.failed;
  }
}

/** How a failure is told. Read from the words alone: the command line may be what failed. */
async function mannerOf(args: readonly string[], { env, stderr }: World): Promise<Manner> {
  const style = await styleFor({ color: colorWanted(args), env, isTTY: stderr.isTTY });
  return { json: wantsJson(args), debug: args.includes('--debug'), style };
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
    process.removeAllListeners('uncaughtException');
    void reported(error, args, world).then((code) => process.exit(code));
  });
  process.exit(await run(args, world));
}
