import { UsageError } from '../lib/errors.ts';

/** A client's file. `name` is what messages call it. */
export type FileText = { readonly name: string; readonly text: string };

const hint = 'Nothing was written. Mend the file, or leave --write out and paste the text yourself.';

/** What is wrong with a file and where, as `FILE:LINE:COLUMN: …`. Nothing of its content is shown: it may hold secrets. */
export function brokenAt({ name, text }: FileText, offset: number, message: string): UsageError {
  const before = text.slice(0, offset).split('\n');
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
  return new UsageError(`${name}:${line}:${column}: ${message}`, { code: 'invalid_client_file', hint, path: name, line });
}

/** A file that can be read and yet takes no entry. */
export const unfit = (name: string, message: string): UsageError =>
  new UsageError(`${name}: ${message}`, { code: 'invalid_client_file', hint, path: name });
