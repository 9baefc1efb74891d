import type { Invocation } from '../cli/command.ts';
import { kinds } from '../kinds/index.ts';
import type { ExitCode } from '../lib/errors.ts';
import { propose, withoutAll } from '../pipeline.ts';
import { converge } from './steps/converge.ts';
import { connect, prepare } from './steps/prepare.ts';
import type { destroyOptions } from './table/documents.ts';

/** Removes everything that the document declares, in reverse order of dependence. */
export async function run(invocation: Invocation<typeof destroyOptions>): Promise<ExitCode> {
  const { options } = invocation;
  const { env, spec: declared } = await prepare(invocation);
  const spec = { ...declared, desired: withoutAll(declared.desired) };
  const api = await connect(invocation, { env, spec });
  const proposal = await propose({ api, kinds, spec, targets: options.target });
  return converge({ invocation, api, spec, proposal, maxDeletes: options['max-deletes'], targets: options.target });
}
