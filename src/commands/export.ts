import { resolve } from 'node:path';
import type { Invocation } from '../cli/command.ts';
import { essentialKinds } from '../engine/essential-kinds.ts';
import { exportDocument } from '../engine/export.ts';
import { createReader } from '../engine/reader.ts';
import { kinds } from '../kinds/index.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { exitCodes, UsageError, type ExitCode } from '../lib/errors.ts';
import { assertApart, inputsOf } from './steps/apart.ts';
import { prepare } from './steps/prepare.ts';
import type { exportOptions } from './table/documents.ts';

/** Writes a document for what the account has: the portals with what they reach, or everything. */
export async function run(invocation: Invocation<typeof exportOptions>): Promise<ExitCode> {
  const { world, global, options, output } = invocation;
  // Loaded late, so that `validate`, in the same chunk, does without the network and the YAML library.
  const [{ openSession }, { documentText }] = await Promise.all([import('../session.ts'), import('../spec/write.ts')]);
  // A document that is named says which account; what it declares plays no part.
  const account = global.files.length === 0 ? undefined : (await prepare(invocation)).spec.account;
  const api = await openSession({ world, env: world.env, global, account, kinds, desired: [] });
  const reader = createReader({ api, kinds, desired: [], everything: true });
  await reader.ensure((options.all ? kinds : essentialKinds(kinds)).map((kind) => kind.kind));
  const named = knownPortals(
    options.portal,
    reader.existing('portal').map((portal) => portal.id),
  );
  const isRoot = (address: string) => {
    if (options.all) return true;
    return named.length === 0 ? /^(portal|server):/.test(address) : named.includes(address);
  };
  const { sections, leftOut } = exportDocument({ kinds, reader, isRoot });
  for (const sentence of leftOut) output.warning(`warning: left out: ${sentence}`);
  const document = { version: 1, ...sections };
  if (options.out !== undefined) {
    assertApart(resolve(world.cwd, options.out), inputsOf(invocation, global.files), 'the document');
    await world.files.write(resolve(world.cwd, options.out), documentText(document));
    output.notice(`Wrote ${options.out}.`);
    return exitCodes.done;
  }
  if (output.format === 'json') output.json({ schema_version: 1, ok: true, document });
  else output.result(documentText(document));
  return exitCodes.done;
}

/** The addresses of the portals that were named. */
function knownPortals(named: readonly string[], portals: readonly string[]): readonly string[] {
  return named.map((id) => {
    if (portals.includes(id)) return `portal:${id}`;
    const guess = didYouMean(id, portals);
    throw new UsageError(`the account has no portal ${id}`, {
      hint: guess === undefined ? `it has: ${portals.join(', ') || 'none'}` : `did you mean ${guess}?`,
    });
  });
}
