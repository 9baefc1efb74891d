import type { Invocation } from '../cli/command.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { findingJson } from '../render/json.ts';
import { renderFindings } from '../render/diagnostics.ts';
import { prepare } from './steps/prepare.ts';
import { checkSourceFiles } from './steps/source-files.ts';
import type { validateOptions } from './table/documents.ts';

/** Checks the document offline. Errors are thrown by the loader; what is left are warnings. */
export async function run(invocation: Invocation<typeof validateOptions>): Promise<ExitCode> {
  const { output, global, world } = invocation;
  const { spec } = await prepare(invocation);
  await checkSourceFiles(spec, world);
  const { findings, desired, sources } = spec;
  if (global.output === 'json') {
    output.json({ schema_version: 1, ok: true, resources: desired.length, diagnostics: findings.map(findingJson) });
    return exitCodes.done;
  }
  if (findings.length > 0) output.notice(renderFindings(findings, sources, output.errorStyle));
  const warnings = findings.filter((finding) => finding.severity === 'warning').length;
  output.result(`Valid: ${desired.length} resources, ${warnings} warnings.\n`);
  return exitCodes.done;
}
