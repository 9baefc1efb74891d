import { UserError } from '../../lib/errors.ts';
import { runIfThere } from './program.ts';
import { unwritable } from './secret-file.ts';
import { secretLine, type Sink, type SinkPlace } from './sink.ts';

type Receiver = Pick<SinkPlace, 'world'> & { readonly spec: string; readonly command: string };

/**
 * `cmd:COMMAND`: the secret as one JSON object on the standard input of a shell command. What the
 * command prints is not shown, since it may repeat the secret.
 */
export function commandSink({ world, spec, command }: Receiver): Sink {
  return {
    spec,
    // Running the command would be the only real proof; that its program exists is all that looking can show.
    prove: async () => {
      const program = firstWord(command);
      if (world.env['OS'] === 'Windows_NT') return;
      const found = await runIfThere(world, [program === undefined ? ':' : `command -v ${program}`], { shell: true });
      if (found?.code === 0) return;
      throw unwritable(spec, program === undefined ? 'there is no shell to run it' : `the shell does not find ${program}`);
    },
    write: async (secret) => {
      const result = await runIfThere(world, [command], { shell: true, input: secretLine(secret) });
      if (result?.code === 0) return;
      if (result === undefined) throw new UserError('the command was not found', { code: 'sink_failed' });
      throw new UserError(`the command failed with exit code ${result.code}`, { code: 'sink_failed' });
    },
  };
}

/** The program of a plain command; undefined for one that starts with shell syntax, which only the shell understands. */
const firstWord = (command: string): string | undefined => /^\s*([A-Za-z0-9_./+-]+)(?=\s|$)/.exec(command)?.[1];
