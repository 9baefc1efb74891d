import type { Invocation } from '../../cli/command.ts';
import type { OperationInput } from '../../engine/operation.ts';
import { lookUp } from '../../engine/operate.ts';
import { memberOf } from '../../engine/values.ts';
import { kinds } from '../../kinds/index.ts';
import { UsageError, type ExitCode } from '../../lib/errors.ts';
import { carryOut, prepareOperation } from './run-operation.ts';
import { openFor } from './run-verb.ts';
import { verbDocument } from './verb-document.ts';

/** The kinds that hold what the words of the command line name: a server's or portal's is its Access application. */
const kindOf: Readonly<Record<string, string>> = { server: 'server_app', portal: 'portal_app', 'service-token': 'service_token' };

type Given = Pick<Invocation, 'world' | 'global' | 'output' | 'args'>;

/** Plans `freeze` or `thaw` for what the arguments name, and goes the way of every change. */
export async function switchOperation(invocation: Given, operation: 'freeze' | 'thaw', input: OperationInput): Promise<ExitCode> {
  const [what = '', ...ids] = invocation.args;
  const kind = kindOf[what];
  if (kind === undefined)
    throw new UsageError(`${operation} takes a server, a portal or a service-token, not "${what}"`, {
      hint: `mcp-portal ${operation} server ID`,
    });
  const refs = what === 'portal' ? await hostnames(invocation, ids) : ids;
  const planned = await prepareOperation(invocation, { kind, operation, refs, input }).catch((error: unknown) => {
    throw withoutApplication(error, what, ids);
  });
  return carryOut(invocation, planned, {});
}

/** A portal's application is known by its hostname. Whoever says that needs no permission to read portals. */
async function hostnames(invocation: Given, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.every((id) => id.includes('.'))) return ids.map((id) => id.toLowerCase());
  const document = await verbDocument(invocation);
  const { desired } = await document.edited([]);
  const api = await openFor(invocation, document, []);
  const portals = await lookUp({ api, kinds, kind: 'portal', desired });
  return ids.map((id) =>
    id.includes('.') ? id.toLowerCase() : String(memberOf(portals.named(id).live, 'hostname')).toLowerCase(),
  );
}

/** Without an application nobody gets there, so there is nothing to stop. */
function withoutApplication(error: unknown, what: string, ids: readonly string[]): unknown {
  if (!(error instanceof UsageError) || error.code !== 'not_found' || what === 'service-token') return error;
  const which = `mcp-portal list-${what}s shows what there is`;
  return new UsageError(`${error.message} (${what} ${ids.join(', ')})`, {
    ...error.facts,
    hint: `without an Access application nobody gets to a ${what} through Cloudflare; ${error.facts.hint ?? which}`,
  });
}
