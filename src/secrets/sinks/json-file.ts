import { proveFile, tighten, writing, type SecretFile } from './secret-file.ts';
import { secretLine, type Sink } from './sink.ts';

/** `file:PATH`: one JSON object per secret and line, appended; mode 0600. What is there already stays. */
export function jsonFileSink(file: SecretFile): Sink {
  const { spec, path, world } = file;
  return {
    spec,
    prove: () => proveFile(file, { renames: false }),
    write: (secret) =>
      writing(path, async () => {
        await tighten(file);
        const before = (await world.files.exists(path)) ? await world.files.read(path) : '';
        const separator = before === '' || before.endsWith('\n') ? '' : '\n';
        await world.files.append(path, `${separator}${secretLine(secret)}`, { mode: 0o600 });
      }),
  };
}
