import type { Invocation } from '../cli/command.ts';
import { isPlain } from '../engine/values.ts';
import { rawRules, configOf, withConfiguration } from '../kinds/tunnel/tunnels.ts';
import { exitCodes, UsageError, type ExitCode } from '../lib/errors.ts';
import { composeService, composeText } from '../render/compose.ts';
import { findTunnel } from './steps/find-tunnel.ts';
import { verbDocument } from './steps/verb-document.ts';
import type { tunnelComposeOptions } from './table/tunnels.ts';

type ComposeInvocation = Invocation<typeof tunnelComposeOptions>;

/** Prints the Compose service that runs a tunnel's connector. Offline where the document has its rules. */
export async function run(invocation: ComposeInvocation): Promise<ExitCode> {
  const { options, output } = invocation;
  const { network, image } = options;
  if (network !== undefined && !/^(?:host|service:[A-Za-z0-9][\w.-]*)$/.test(network))
    throw new UsageError(`--network must be service:NAME or host, not "${network}"`);
  if (!/^[\w./:@-]+$/.test(image)) throw new UsageError(`--image must be the name of an image, not "${image}"`);
  const rules = await rulesOf(invocation);
  const services = rules.map((rule) => (isPlain(rule) ? String(rule['service']) : ''));
  const service = { image, services, network };
  if (output.format === 'json') output.json({ schema_version: 1, ok: true, services: composeService(service) });
  else output.result(composeText(service));
  return exitCodes.done;
}

/** The rules that the document says, else those that are live. */
async function rulesOf(invocation: ComposeInvocation): Promise<readonly unknown[]> {
  const ref = invocation.args[0] ?? '';
  const document = await verbDocument(invocation);
  const tunnels = (await document.edited([])).desired.filter(({ kind, absent }) => kind === 'tunnel' && !absent);
  const entry = tunnels.find(({ key }) => key === ref) ?? tunnels.find(({ state }) => state['name'] === ref);
  const said = entry?.state['ingress'];
  if (Array.isArray(said)) return said;
  const { api, tunnel } = await findTunnel(invocation, document, ref);
  return rawRules(configOf(await withConfiguration(api, tunnel)));
}
