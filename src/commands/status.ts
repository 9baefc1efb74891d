import type { Invocation } from '../cli/command.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { renderStatus } from '../render/status.ts';
import { look } from './steps/look.ts';
import { statusKinds, statusView } from './steps/status-view.ts';
import type { statusOptions } from './table/exposure.ts';

/** Everything on one screen, what needs a person first. One listing per kind. */
export async function run(invocation: Invocation<typeof statusOptions>): Promise<ExitCode> {
  const { output, world } = invocation;
  const seen = await look(invocation, statusKinds);
  const view = statusView(seen, world.now());
  if (output.format === 'json') output.json({ schema_version: 1, ok: true, account: seen.account, ...view });
  else output.result(renderStatus(view, { style: output.style, width: output.columns }));
  return exitCodes.done;
}
