import type { Check, Judge } from './check.ts';
import { cut } from './exchange.ts';
import type { Greeted } from './handshake.ts';

/** A tool as clients call it (`SERVER_TOOL`), and as the command line named it. */
export type ToolCall = { readonly said: string; readonly name: string };

const wantsArguments = /required|invalid (arguments|params|input)|validation/i;

/** Calls one tool without arguments. A tool that asks for some was reached all the same. */
export async function calledTool(
  { client }: Greeted,
  { said, name: tool }: ToolCall,
  { of, timeoutMs }: { readonly of: Judge; readonly timeoutMs: number },
): Promise<Check> {
  const name = `call ${said}`;
  const started = performance.now();
  try {
    const result = await client.callTool({ name: tool, arguments: {} }, { timeout: timeoutMs });
    const text = result.content.map((part) => (part.type === 'text' ? part.text : part.type)).join(' ');
    const ms = Math.round(performance.now() - started);
    if (result.isError !== true) return of.passed({ name, detail: `answered in ${ms} ms` });
    return failure(name, text, of);
  } catch (error) {
    return failure(name, error instanceof Error ? error.message : String(error), of);
  }
}

function failure(name: string, text: string, of: Judge): Check {
  if (wantsArguments.test(text)) return of.passed({ name, detail: `reached; it needs arguments: ${cut(text)}` });
  const cause = 'The portal shows the tool, and the server behind it fails the call.';
  return of.failed({
    name,
    detail: cut(text),
    cause,
    fix: 'Look at the log of the server, and at the credentials that it is registered with',
  });
}
