import type { Invocation } from '../cli/command.ts';
import { kinds } from '../kinds/index.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { documentJsonSchema } from '../spec/json-schema.ts';
import type { schemaOptions } from './table/documents.ts';

export async function run({ output }: Invocation<typeof schemaOptions>): Promise<ExitCode> {
  output.json(documentJsonSchema(kinds.flatMap((kind) => kind.section ?? [])));
  return exitCodes.done;
}
