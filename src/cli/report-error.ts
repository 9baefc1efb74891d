import type { ExitCode, RequestFacts } from '../lib/errors.ts';
import { Cancelled, exitCodes, UserError } from '../lib/errors.ts';
import { jsonText } from '../render/json.ts';
import { plainStyle, type Style } from '../render/style.ts';
import { neutral } from '../render/value.ts';
import { SpecError } from '../spec/spec-error.ts';
import { version } from '../version.ts';
import type { World } from '../world.ts';

export type Manner = { readonly json: boolean; readonly debug: boolean; readonly style?: Style };

/** Says what went wrong, in words or as the one JSON document, and gives the exit code. */
export async function reportError(error: unknown, world: World, { json, debug, style = plainStyle }: Manner): Promise<ExitCode> {
  const known = asUserError(error, world);
  if (json) world.stdout.write(jsonText(await errorDocument(known ?? error)));
  else world.stderr.write(`${known === undefined ? bugText(error) : await errorText(known, style)}\n`);
  // What a user or Cloudflare can cause has no stack worth reading.
  if (debug && known === undefined) world.stderr.write(`${stackOf(error)}\n`);
  return known?.exitCode ?? exitCodes.failed;
}

/** What is not ours but no bug either: an interruption in its own words, and what the system refuses. */
function asUserError(error: unknown, { signal }: World): UserError | undefined {
  if (error instanceof UserError) return error;
  if (!(error instanceof Error)) return undefined;
  const aborted = ['AbortError', 'AbortPromptError'].includes(error.name) && signal.aborted;
  if (aborted || error.name === 'ExitPromptError') return new Cancelled('Interrupted.', { cause: error });
  // Only failures of the system itself, such as a file that may not be read, name a system call.
  return 'syscall' in error ? new UserError(error.message, { code: 'system_error', cause: error }) : undefined;
}

async function errorText(error: UserError, style: Style): Promise<string> {
  if (error instanceof SpecError) {
    const { renderFindings } = await import('../render/diagnostics.ts');
    return renderFindings(error.findings, error.sources, style);
  }
  const { hint, request } = error.facts;
  const lines = [`${style.red('error:')} ${lined(error.message)}`];
  if (request !== undefined) lines.push(`request: ${neutral(requestText(request))}`);
  if (hint !== undefined) lines.push(`hint: ${lined(hint)}`);
  return lines.join('\n');
}

/** Lines stay lines, indented; what a terminal would obey does not stay. */
const lined = (text: string): string => text.split('\n').map(neutral).join('\n      ');

function requestText({ method, path, status, code, ray }: RequestFacts): string {
  const parts = [status === undefined ? undefined : `status ${status}`, code === undefined ? undefined : `code ${code}`];
  const facts = [...parts, ray === undefined ? undefined : `ray ${ray}`].filter((fact) => fact !== undefined);
  return facts.length === 0 ? `${method} ${path}` : `${method} ${path} (${facts.join(', ')})`;
}

async function errorDocument(error: unknown): Promise<object> {
  if (!(error instanceof UserError)) {
    return failure({ code: 'internal_error', message: `${messageOf(error)} (${program})`, hint: reportHint });
  }
  const { hint, path, line, request } = error.facts;
  const document = failure({ code: error.code, message: error.message, hint, path, line, request });
  if (!(error instanceof SpecError)) return document;
  const { findingJson } = await import('../render/json.ts');
  return { ...document, diagnostics: error.findings.map(findingJson) };
}

const failure = (error: object): object => ({ schema_version: 1, ok: false, error });

const program = `mcp-portal ${version}, Node.js ${process.version}, ${process.platform} ${process.arch}`;
const reportHint = 'Please report it: https://www.npmjs.com/package/mcp-portal leads to the issues. --debug adds the stack.';

const bugText = (error: unknown): string => `bug: ${messageOf(error)}\n${program}\n${reportHint}`;
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
