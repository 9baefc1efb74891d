import type { Invocation } from '../cli/command.ts';
import type { ExitCode } from '../lib/errors.ts';
import { removeRecord, emptyDocument } from '../verbs/dns.ts';
import { runVerb } from './steps/run-verb.ts';
import type { dnsRemoveOptions } from './table/dns.ts';

/** Removes one DNS record. */
export async function run(invocation: Invocation<typeof dnsRemoveOptions>): Promise<ExitCode> {
  const { args, options } = invocation;
  const [name = '', type = ''] = args;
  const { save, ...words } = options;
  const record = { ...words, name, type };
  const { edits: foreseen } = removeRecord(record, emptyDocument);
  return runVerb(invocation, async (around) => removeRecord(record, around), { foreseen, save });
}
