import type { Invocation } from '../cli/command.ts';
import type { Tunnel } from '../kinds/tunnel/tunnels.ts';
import { exitCodes, UnsafePlanError, UserError, type ExitCode } from '../lib/errors.ts';
import { openSinks } from '../secrets/sinks.ts';
import { sinkClashes } from '../secrets/sinks/clashes.ts';
import { deliver } from '../secrets/sinks/deliver.ts';
import { canAsk } from '../terminal/review.ts';
import type { World } from '../world.ts';
import { assertApart, inputsOf, sinkPaths } from './steps/apart.ts';
import { findTunnel } from './steps/find-tunnel.ts';
import { captureStdout, checkSinks } from './steps/secrets.ts';
import { verbDocument } from './steps/verb-document.ts';
import type { tunnelTokenOptions } from './table/tunnels.ts';

/** Brings what signs a connector in to its places. It is read once those are proved writable, and changes nothing. */
export async function run(invocation: Invocation<typeof tunnelTokenOptions>): Promise<ExitCode> {
  const { args, options, world, global, output } = invocation;
  await checkSinks(options.out, world);
  const document = await verbDocument(invocation);
  const { api, tunnel } = await findTunnel(invocation, document, args[0] ?? '');
  const places = options.out.length > 0 ? options.out : [await askForPlace(tunnel, world)];
  assertUsable(places, world);
  const inputs = inputsOf(
    invocation,
    document.sources.map(({ name }) => name),
  );
  for (const path of sinkPaths(places, world, world.cwd)) assertApart(path, inputs, `the token of ${tunnel.name}`);
  const captured = captureStdout(world, global.output === 'json');
  const sinks = await openSinks(places, { world: captured.world, baseDir: world.cwd });
  const token = await api.get<unknown>(api.path('cfd_tunnel', tunnel.id, 'token'));
  if (typeof token !== 'string' || token === '') throw new UserError(`Cloudflare gave no token for the tunnel ${tunnel.name}.`);
  const secret = { name: tunnel.name, values: { tunnel_id: tunnel.id, token } };
  await deliver(secret, sinks, world).catch((error: unknown) => notDelivered(error));
  const { id, name } = tunnel;
  const shown = captured.lines().map((line) => JSON.parse(line) as unknown);
  if (output.format === 'json') {
    const document = { schema_version: 1, ok: true, tunnel: { id, name }, out: places };
    output.json(shown.length === 0 ? document : { ...document, secrets: shown });
  } else if (!places.includes('stdout')) output.result(`The token of ${name} is in ${places.join(', ')}.`);
  return exitCodes.done;
}

/** A person can say it now; a script has to have said it before. */
async function askForPlace({ name }: Tunnel, world: World): Promise<string> {
  if (!canAsk(world))
    throw new UnsafePlanError(`nothing says where the token of ${name} goes`, {
      code: 'no_secret_sink',
      hint: 'add --out dotenv:.env (or file:PATH, github:OWNER/REPO, cmd:COMMAND, stdout)',
    });
  const { askText } = await import('../terminal/prompts.ts');
  return askText(`Where does the token of ${name} go? (dotenv:.env, file:PATH, github:OWNER/REPO, cmd:COMMAND, stdout)`, world);
}

function assertUsable(places: readonly string[], world: World): void {
  const clashes = sinkClashes([{ owner: 'the token', sinks: places }], { world, baseDir: world.cwd });
  if (clashes.length > 0) throw new UnsafePlanError(clashes.join('\n'), { code: 'secret_sink' });
}

/** The token can be asked for again, so nothing is lost. */
function notDelivered(error: unknown): never {
  if (!(error instanceof UserError) || error.code !== 'secret_lost') throw error;
  throw new UserError(error.message.replace(' and is lost', ''), {
    code: 'sink_failed',
    hint: 'mend the place, or give another with --out, and run again: the token stays the same',
    cause: error,
  });
}
