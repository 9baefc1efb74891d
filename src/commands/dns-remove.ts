import type { Invocation } from '../cli/command.ts';
import type { ExitCode } from '../lib/errors.ts';
import { removeRecord } from '../verbs/dns.ts';
import { runVerb } from './steps/run-verb.ts';
import type { dnsRemoveOptions } from './table/dns.ts';

/** Removes one DNS record. */
export async function run(invocation: Invocation<typeof dnsRemoveOptions>): Promise<ExitCode> {
  const { args, options } = invocation;
  const [name = '', type = ''] = args;
  const { save, ...words } = options;
  const intent = removeRecord({ ...words, name, type });
  return runVerb(invocation, async () => intent, { foreseen: intent.edits, save });
}
