import type { Invocation } from '../cli/command.ts';
import { newKey, sha256 } from '../guard/digest.ts';
import { hexOf, keyEntries } from '../guard/keys.ts';
import { exitCodes, UsageError, type ExitCode } from '../lib/errors.ts';
import { askSecret } from '../terminal/prompts.ts';
import type { guardKeysOptions } from './table/guard.ts';

type Given = Invocation<typeof guardKeysOptions>;

/** Makes a key, or digests of keys that standard input gives: never an argument, which other users of the machine can see. */
export async function run(given: Given): Promise<ExitCode> {
  const [action] = given.args;
  if (action === 'new') makeKey(given);
  else if (action === 'hash') await hashKeys(given);
  else throw new UsageError(`guard keys takes new or hash, not "${action}"`);
  return exitCodes.done;
}

function makeKey({ output }: Given): void {
  const key = newKey();
  const digest = digestOf(key);
  if (output.format === 'json') return void output.json({ schema_version: 1, ok: true, key, digest });
  output.result(key);
  output.notice(`Its digest, for a keys file: ${digest}`);
}

async function hashKeys({ world, output }: Given): Promise<void> {
  const text = world.stdin.isTTY ? await askSecret('Key:', world) : await world.stdin.text();
  const digests = keyEntries(text).map(digestOf);
  if (digests.length === 0) throw new UsageError('there is no key on standard input');
  if (output.format === 'json') output.json({ schema_version: 1, ok: true, digests });
  else output.result(digests.join('\n'));
}

const digestOf = (key: string): string => `sha256:${hexOf(sha256(Buffer.from(key).toString('latin1')))}`;
