import type { Invocation } from '../cli/command.ts';
import type { ExitCode } from '../lib/errors.ts';
import { addRecord, emptyDocument } from '../verbs/dns.ts';
import { runVerb } from './steps/run-verb.ts';
import type { dnsAddOptions } from './table/dns.ts';

/** Adds one DNS record. */
export async function run(invocation: Invocation<typeof dnsAddOptions>): Promise<ExitCode> {
  const { args, options } = invocation;
  const [name = '', type = '', content = ''] = args;
  const { save, proxied, ...words } = options;
  const record = { ...words, name, type, content, proxied: proxied || undefined };
  const { edits: foreseen } = addRecord(record, emptyDocument);
  return runVerb(invocation, async (around) => addRecord(record, around), { foreseen, save });
}
