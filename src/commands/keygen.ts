import { randomBytes } from 'node:crypto';
import type { Invocation } from '../cli/command.ts';
import { exitCodes, UnsafePlanError, UsageError, type ExitCode } from '../lib/errors.ts';
import { openSinks } from '../secrets/sinks.ts';
import { deliver } from '../secrets/sinks/deliver.ts';
import type { SinkPlace } from '../secrets/sinks/sink.ts';
import { holdsVariable } from '../secrets/sinks/holds-variable.ts';
import type { keygenOptions } from './table/keygen.ts';

/** Makes a key. It is shown only where nothing says where it goes, or `stdout` does. */
export async function run({ options, global, output, world }: Invocation<typeof keygenOptions>): Promise<ExitCode> {
  const { name } = options;
  if (!/^[A-Za-z_]\w*$/.test(name))
    throw new UsageError(`--name ${JSON.stringify(name)} is no name of a variable`, { hint: 'Use letters, digits and _.' });
  const place: SinkPlace = { world, baseDir: world.cwd };
  const places = options.out.filter((spec) => spec !== 'stdout');
  const sinks = await openSinks(places, place);
  for (const spec of places) await assertFree(spec, name, place);
  if (global.dryRun) {
    output.notice('Nothing was made.');
    if (output.format === 'json') output.json({ schema_version: 1, ok: true, name, out: options.out });
    return exitCodes.done;
  }
  const key = randomBytes(32).toString('hex');
  const secret = { name, values: { key } };
  const warnings = sinks.length === 0 ? [] : await deliver(secret, sinks, world);
  const isShown = options.out.length === 0 || places.length < options.out.length;
  if (output.format === 'json')
    output.json({ schema_version: 1, ok: warnings.length === 0, name, ...(isShown ? { key } : {}), out: options.out, warnings });
  else if (isShown) output.result(options.out.length === 0 ? key : JSON.stringify({ name, key }));
  if (sinks.length > 0 && warnings.length < sinks.length) output.notice(`${name} is in ${places.join(', ')}.`);
  return warnings.length === 0 ? exitCodes.done : exitCodes.failed;
}

async function assertFree(spec: string, name: string, place: SinkPlace): Promise<void> {
  if (!(await holdsVariable(spec, name, place))) return;
  throw new UnsafePlanError(`${spec} has ${name} already: what that key encrypted could not be read any more`, {
    code: 'key_exists',
    hint: `rename the old one there (to ${name}_OLD, say), or give another --name`,
  });
}
