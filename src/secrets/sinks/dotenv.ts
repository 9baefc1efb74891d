import { UserError } from '../../lib/errors.ts';
import { fileReason } from '../file-reason.ts';
import { assignments, setVariables } from './dotenv-text.ts';
import { proveFile, tighten, unwritable, writing, type SecretFile } from './secret-file.ts';
import type { Sink } from './sink.ts';
import { variablesOf } from './variables.ts';

/**
 * `dotenv:PATH`: sets the secret's variables in a dotenv file, atomically, mode 0600. One file holds
 * one secret of a kind: a later run's takes the place of the earlier one's, and two in one run are
 * refused by `sinkClashes`.
 */
export function dotenvSink(file: SecretFile): Sink {
  const { spec, path, world } = file;
  const content = async (): Promise<string> => ((await world.files.exists(path)) ? world.files.read(path) : '');
  return {
    spec,
    prove: async () => {
      await proveFile(file, { renames: true });
      try {
        assignments(await content());
      } catch (error) {
        throw unwritable(spec, `${path} cannot be edited: ${reasonOf(error)}`);
      }
    },
    write: (secret) =>
      writing(path, async () => {
        await tighten(file);
        await world.files.write(path, setVariables(await content(), variablesOf(secret)), { mode: 0o600 });
      }),
  };
}

const reasonOf = (error: unknown): string => (error instanceof UserError ? error.message : fileReason(error));
