import { defineCommand } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

export const callOptions = {
  'input-json': { type: 'text', value: 'JSON', summary: 'the request, or - to read it from standard input' },
} as const satisfies OptionSpecs;

export const callCommand = defineCommand({
  name: 'call',
  summary: 'one JSON request in, one JSON answer out, for programs',
  description:
    'Commands: list_servers, list_portals, get_portal, add_server, update_server, sync_server, remove_server, create_portal, update_portal, update_portal_servers, remove_portal, verify_portal. A change needs --yes, or is only shown with --dry-run. Errors have the code auth_error, validation_error or api_error.',
  options: callOptions,
  formats: ['text', 'json'],
  examples: [`mcp-portal call --input-json '{"command":"list_servers"}'`, 'mcp-portal call --yes --input-json - < request.json'],
  load: () => import('../call.ts'),
});
