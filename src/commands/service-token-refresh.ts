import type { Invocation } from '../cli/command.ts';
import { tokenRow } from '../kinds/access/token-row.ts';
import type { ExitCode } from '../lib/errors.ts';
import { carryOut, prepareOperation } from './steps/run-operation.ts';
import type { tokenRefreshOptions } from './table/service-tokens.ts';

/** Extends the life of a service token by its duration, counted from now. */
export async function run(invocation: Invocation<typeof tokenRefreshOptions>): Promise<ExitCode> {
  const { args, output } = invocation;
  const planned = await prepareOperation(invocation, { kind: 'service_token', operation: 'refresh', refs: args, input: {} });
  const rows = () => [...planned.attempts.values()].flatMap(({ live }) => (live === undefined ? [] : [tokenRow(live)]));
  const amend = (document: object) => (rows().length === 0 ? document : { ...document, service_tokens: rows() });
  const code = await carryOut(invocation, planned, { amend });
  if (output.format !== 'json')
    for (const { name, expires_at: end } of rows())
      output.result(`${name}: expires ${end ?? 'at a time that Cloudflare does not tell'}`);
  return code;
}
