import type { YieldedSecret } from '../../engine/kind.ts';
import { UserError } from '../../lib/errors.ts';
import type { World } from '../../world.ts';
import type { Sink } from './sink.ts';

/**
 * Brings a secret to all its sinks. Where some fail, each is a warning on standard error, which is
 * also given back. Where none worked the secret is lost, and a `UserError` says so: what it belongs
 * to has to go. No message holds a value.
 */
export async function deliver(
  secret: YieldedSecret,
  sinks: readonly Sink[],
  world: Pick<World, 'stderr'>,
): Promise<readonly string[]> {
  const tried = await Promise.all(sinks.map((sink) => attempt(secret, sink)));
  const failures = tried.filter((failure) => failure !== undefined);
  if (failures.length === sinks.length) throw lost(secret, failures);
  const warnings = failures.map((failure) => `the secret of ${secret.name} did not reach ${failure}`);
  for (const warning of warnings) world.stderr.write(`warning: ${warning}\n`);
  return warnings;
}

async function attempt(secret: YieldedSecret, sink: Sink): Promise<string | undefined> {
  try {
    await sink.write(secret);
    return undefined;
  } catch (error) {
    // Also a bug in a sink must not lose the secret that the others can still take.
    const why = error instanceof UserError ? error.message : 'an unexpected error';
    return Object.values(secret.values)
      .filter((value) => value !== '')
      .reduce((text, value) => text.replaceAll(value, '(secret)'), `${sink.spec}: ${why}`);
  }
}

function lost(secret: YieldedSecret, failures: readonly string[]): UserError {
  const where = failures.length === 0 ? 'no place was given' : failures.join('; ');
  return new UserError(`the secret of ${secret.name} reached none of its places and is lost: ${where}`, {
    code: 'secret_lost',
    hint: 'mend the place, or name another (--secrets-out, or --out of service-token), and run again',
  });
}
