import { cli, type Cli } from './cli.ts';

/** A tool as `tools/list` gives it. */
export const tool = (name: string, description = `What ${name} does.`, readOnly = false) => ({
  name,
  description,
  inputSchema: { type: 'object', properties: { query: { type: 'string' } } },
  ...(readOnly ? { annotations: { readOnlyHint: true } } : {}),
});

type Tool = ReturnType<typeof tool>;

/** The tools of the server `notes`, of which one only reads. */
export const notes: readonly Tool[] = [tool('search', 'Finds notes.', true), tool('write'), tool('delete_all')];

export const documentWith = (link = '[notes]', server = ''): string => `version: 1
policies:
  people: { decision: allow, include: [{ email: user@example.com }] }
servers:
  notes: { url: https://notes.example.com/mcp, access: { policies: [people] }${server} }
portals:
  tools: { hostname: tools.example.com, servers: ${link}, access: { policies: [people] } }
`;

const url = 'https://notes.example.com/mcp';

/** Lets the upstream offer other things, and has Cloudflare read them. */
export async function offer(user: Cli, tools: readonly object[], prompts: readonly object[] = []): Promise<void> {
  user.upstreams.set(url, () => ({
    is: 'ready',
    tools: JSON.parse(JSON.stringify(tools)),
    prompts: JSON.parse(JSON.stringify(prompts)),
  }));
  await user.send('POST', '~/access/ai-controls/mcp/servers/notes/sync');
}

/** An account that matches the document, its server read. */
export async function applied(text = documentWith(), tools: readonly object[] = notes): Promise<Cli> {
  const user = cli({ account: { zones: ['example.com'] }, files: { 'portal.yaml': text } });
  const { code, stderr } = await user.run('apply --yes');
  if (code !== 0) throw new Error(stderr);
  await offer(user, tools, [{ name: 'digest', description: 'A digest.', arguments: [{ name: 'day' }] }]);
  return user;
}
