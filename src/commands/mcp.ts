import type { Invocation } from '../cli/command.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { commandGroups } from './index.ts';
import { assistantFor } from './steps/mcp-assistant.ts';
import type { mcpOptions } from './table/mcp.ts';

/** Serves MCP until standard input closes, or over HTTP until Ctrl-C. What runs by then is carried to its end. */
export async function run(given: Invocation<typeof mcpOptions>): Promise<ExitCode> {
  const { world, options, output } = given;
  const { factory, desk } = await assistantFor(given, commandGroups);
  const { signal } = world;
  if (options.http) {
    const { serveHttp } = await import('../mcp/http.ts');
    const key = world.env['MCP_PORTAL_MCP_KEY'];
    await serveHttp({ factory, listen: options.listen, key, signal, say: output.result, warn: output.warning });
  } else {
    const { serveStandardStreams } = await import('../mcp/stdio.ts');
    await serveStandardStreams({ factory, signal, warn: output.warning });
  }
  await desk.idle();
  return exitCodes.done;
}
