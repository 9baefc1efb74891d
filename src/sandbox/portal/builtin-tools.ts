import { text } from '../check.ts';
import type { JsonObject } from '../json.ts';
import type { Shown, ShownServer } from './catalogue.ts';

const schema = (properties: JsonObject, required: readonly string[] = Object.keys(properties)): JsonObject => ({
  type: 'object',
  properties,
  required,
});
const words: JsonObject = { type: 'string' };
const tool = (name: string, description: string, inputSchema: JsonObject): JsonObject => ({ name, description, inputSchema });

const toggles: readonly JsonObject[] = [
  tool('portal_list_servers', 'Lists the servers of this portal.', schema({})),
  tool(
    'portal_toggle_servers',
    'Switches servers on and off.',
    schema({ server_ids: { type: 'array', items: words }, action: words }),
  ),
  tool('portal_toggle_single_server', 'Switches one server on or off.', schema({ server_id: words, action: words })),
];
const query = tool('portal_query_tools', 'Finds tools by their name and description.', schema({ query: words }));
const execute = tool(
  'portal_execute',
  'Calls a tool by its name.',
  schema({ name: words, arguments: { type: 'object' } }, ['name']),
);
const codemode: readonly JsonObject[] = [
  tool('portal_codemode_search', 'Finds tools to write code with.', schema({ query: words })),
  tool('portal_codemode_execute', 'Runs code that calls tools.', schema({ code: words })),
];

/** Which tools a client gets: all of them, or a few with which it finds and calls the others. */
export type View = { readonly builtin: readonly JsonObject[]; readonly showsTools: boolean; readonly isMinimal: boolean };

/** What the portal's `code_mode` and the address that the client uses make of the list. */
export const viewFor = (codeMode: string, url: URL): View => {
  const [asked, optimize] = [url.searchParams.get('codemode'), url.searchParams.get('optimize_context')];
  const wanted = codeMode === 'enforced' || asked === 'search_and_execute' || (codeMode === 'default_on' && asked !== 'off');
  if (wanted && codeMode !== 'off') return { builtin: [...toggles, ...codemode], showsTools: false, isMinimal: false };
  if (optimize === 'search_and_execute') return { builtin: [...toggles, query, execute], showsTools: false, isMinimal: false };
  if (optimize === 'minimize_tools') return { builtin: [...toggles, query], showsTools: true, isMinimal: true };
  return { builtin: toggles, showsTools: true, isMinimal: false };
};

export const isBuiltin = (name: string): boolean => name.startsWith('portal_');

type Around = { readonly servers: readonly ShownServer[]; readonly tools: readonly Shown[]; readonly off: ReadonlySet<string> };
/** What a built-in tool answers, and the servers that are switched off from now on. */
export type Builtin = { readonly text: string; readonly isError?: true; readonly off?: ReadonlySet<string> };

export const callBuiltin = (name: string, given: JsonObject, { servers, tools, off }: Around): Builtin => {
  switch (name) {
    case 'portal_list_servers': {
      const listed = servers.map(({ server }) => ({
        id: server.id,
        name: text(server.body['name']),
        enabled: !off.has(server.id),
        status: server.discovery.status,
      }));
      return { text: JSON.stringify({ servers: listed }) };
    }
    case 'portal_toggle_servers':
    case 'portal_toggle_single_server': {
      const ids = [given['server_ids'] ?? given['server_id']].flat().map((id) => text(id));
      const unknown = ids.find((id) => !servers.some(({ server }) => server.id === id));
      if (unknown !== undefined) return { text: `there is no server ${unknown}`, isError: true };
      const isOff = text(given['action'], 'untoggle') === 'untoggle';
      return { text: 'done', off: new Set(isOff ? [...off, ...ids] : [...off].filter((id) => !ids.includes(id))) };
    }
    case 'portal_query_tools':
    case 'portal_codemode_search': {
      const wanted = text(given['query']).toLowerCase();
      const fits = ({ definition }: Shown): boolean =>
        `${text(definition['name'])} ${text(definition['description'])}`.toLowerCase().includes(wanted);
      return { text: JSON.stringify({ tools: tools.filter(fits).map(({ definition }) => definition) }) };
    }
    default:
      return {
        text: name === 'portal_codemode_execute' ? 'the simulator runs no code' : `there is no tool ${name}`,
        isError: true,
      };
  }
};
