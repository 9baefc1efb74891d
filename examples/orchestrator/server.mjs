#!/usr/bin/env node
// An MCP server that gets its work done by another one: it offers one tool, and mcp-portal plans and applies.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { inputRequired, inputResponse, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';

// `--approve plan-id`: this program shows the plan to the person, so a plan_id that it sends back is consent.
const [command = 'npx', ...args] = process.argv.slice(2);
const transport = new StdioClientTransport({
  command,
  args: [...(args.length > 0 ? args : ['-y', 'mcp-portal']), 'mcp', '--approve', 'plan-id'],
  env: Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(PATH|HOME|CLOUDFLARE_\w+)$/.test(name))),
});
const portal = new Client({ name: 'orchestrator', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
await portal.connect(transport);

/** A call of the other server; its refusals become ours. */
async function call(name, given) {
  const { structuredContent = {}, isError } = await portal.callTool({ name, arguments: given });
  if (isError) throw new Error(structuredContent.error?.message ?? `${name} failed`);
  return structuredContent;
}

const finished = ({ status, portal_url, credentials, applied = [] }) => ({
  content: [{ type: 'text', text: `${applied.length} changes. Done! Portal at ${portal_url}` }],
  structuredContent: { status, portal_url, credentials },
});

/** What was planned for a call, until its answer comes. */
const open = new Map();

serveStdio(() => {
  const server = new McpServer({ name: 'orchestrator', version: '1.0.0' });
  server.registerTool(
    'provision_team_portal',
    {
      description: 'Make an MCP portal for a team: its servers, who gets in, and a token for its bots.',
      inputSchema: z.object({
        team: z.string(),
        hostname: z.string(),
        emails: z.array(z.string()),
        servers: z.array(z.object({ id: z.string(), url: z.url() })),
      }),
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    },
    async ({ team, hostname, emails, servers }, { mcpReq }) => {
      const state = mcpReq.requestState();
      const answer = inputResponse(mcpReq.inputResponses, 'apply');
      if (answer.kind === 'elicit' && open.has(state)) {
        const planId = open.get(state);
        open.delete(state);
        if (answer.action !== 'accept') return { isError: true, content: [{ type: 'text', text: 'Nothing was changed.' }] };
        return finished(await call('mcpportal_apply', { plan_id: planId }));
      }
      const wanted = { hostname, name: `${team} tools`, emails, servers, service_token: `${team}-bots` };
      const plan = await call('provision_mcp_portal', wanted);
      if (plan.status === 'unchanged') return finished(plan);
      const handle = crypto.randomUUID();
      open.set(handle, plan.plan_id);
      const message = `Provision ${hostname} for ${team}?\n\n${plan.diff}`;
      return inputRequired({
        inputRequests: { apply: inputRequired.elicit({ message, requestedSchema: { type: 'object', properties: {} } }) },
        requestState: handle,
      });
    },
  );
  return server;
});

process.stdin.on('close', () => void portal.close());
