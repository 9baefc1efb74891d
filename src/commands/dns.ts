import type { Invocation } from '../cli/command.ts';
import { kinds } from '../kinds/index.ts';
import type { ExitCode } from '../lib/errors.ts';
import { propose } from '../pipeline.ts';
import { converge } from './steps/converge.ts';
import { connect, prepare } from './steps/prepare.ts';
import type { dnsOptions } from './table/dns.ts';

const maxDeletes = 10;

/** The DNS records of the document, declared and implied, and nothing else. */
export async function run(invocation: Invocation<typeof dnsOptions>): Promise<ExitCode> {
  const prepared = await prepare(invocation);
  const desired = prepared.spec.desired.filter(({ kind }) => kind === 'dns_record');
  const api = await connect(invocation, prepared);
  const findings = prepared.spec.findings.filter(({ place }) => place?.path.startsWith('dns') === true);
  const spec = { desired, findings };
  return converge({ invocation, api, spec, proposal: await propose({ api, kinds, spec }), maxDeletes });
}
