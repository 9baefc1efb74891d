import { kinds } from '../../kinds/index.ts';
import { importsOf, isBuiltIn } from '../../bundler/imports.ts';
import { UsageError } from '../../lib/errors.ts';
import type { Wish } from '../../mcp/workbench.ts';
import { propose } from '../../pipeline.ts';
import type { CommandOutput } from '../../terminal/output.ts';
import type { World } from '../../world.ts';
import type { Planned } from './mcp-draft.ts';
import { addZones } from './mcp-simulator.ts';
import { filesOfBase, shownEnv, type Host } from './mcp-world.ts';
import { connect, prepare } from './prepare.ts';
import { prepareOperation } from './run-operation.ts';
import { planVerb } from './run-verb.ts';
import { withSourceCode } from './source-code.ts';
import { readStoredSecrets } from './stored-secrets.ts';
import { verbDocument } from './verb-document.ts';

type Around = { readonly world: World; readonly output: CommandOutput };

/** A wish as the commands plan it: an operation, a verb, or a document. */
export async function plannedWish(host: Host, wish: Wish, { world, output }: Around): Promise<Planned> {
  const global = { ...host.global, files: filesOfBase(host, wish.base), output: 'json' as const };
  const invocation = { world, global, output };
  assertAlone(wish);
  if (wish.operation !== undefined) {
    const { api, proposal } = await prepareOperation(invocation, wish.operation);
    return { api, proposal, spec: { desired: [] } };
  }
  const { intend, foreseen = [] } = wish;
  if (intend === undefined) return plannedDocument(host, wish, { world, output });
  if (foreseen.length > 0) {
    const soon = await (await verbDocument(invocation)).edited(foreseen).catch(() => undefined);
    await addZones(host, soon?.desired ?? []);
  }
  return planVerb(invocation, intend, { foreseen, secretsOut: host.secretsOut, resendSecrets: wish.resendSecrets === true });
}

async function plannedDocument(host: Host, wish: Wish, { world }: Around): Promise<Planned> {
  const global = { ...host.global, files: filesOfBase(host, wish.base) };
  const reading = { ...world, env: shownEnv(host, wish.base) };
  const prepared = await prepare({ world: reading, global });
  const spec = await withSourceCode(prepared.spec, world);
  await addZones(host, spec.desired);
  const api = await connect({ world, global }, { ...prepared, env: world.env });
  const stored = await readStoredSecrets({ world, desired: spec.desired, sinks: host.secretsOut });
  const { prune = false, targets = [] } = wish;
  const proposal = await propose({ api, kinds, spec, prune, targets, stored: stored.of });
  return { api, spec, proposal, stored, targets };
}

/** Code of a call is taken as it is: making one module of several would read files for it. */
function assertAlone({ code = {} }: Wish): void {
  const first = Object.values(code)
    .flatMap(importsOf)
    .find((module) => !isBuiltIn(module));
  if (first === undefined) return;
  throw new UsageError(`the script imports ${first}, and has to be one module`, {
    code: 'invalid_arguments',
    hint: 'Bundle it first, or name its file in a document: workers.NAME.main.',
  });
}
