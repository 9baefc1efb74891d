import { set } from '../spec/edit.ts';
import { slug } from '../verbs/ids.ts';
import type { ServerAnswer } from './answers.ts';
import { complaint } from './draft.ts';
import type { Step } from './step.ts';

/** The servers behind a portal: those that are there, and new ones. */
export async function askServers(step: Step, linked: readonly string[]): Promise<readonly ServerAnswer[]> {
  const { prompts, given } = step;
  prompts.explain("Server: an MCP server that Cloudflare reaches at a URL. Its id is the first part of its tools' names.");
  const servers: ServerAnswer[] = [...(given.servers ?? []), ...(await chooseServers(step, linked))];
  for (;;) {
    const more = servers.length === 0 || (await prompts.confirm({ message: 'Another server?', initial: false }));
    if (!more) return servers;
    servers.push(await askServer(step, servers));
  }
}

async function chooseServers({ prompts, draft, look }: Step, linked: readonly string[]): Promise<readonly ServerAnswer[]> {
  const own = draft.keys('servers').map((id) => ({ id, about: `${String(draft.said('servers', id, 'url'))}, in the document` }));
  const live = look.servers.filter(({ id }) => !own.some((server) => server.id === id));
  const choices = [...own, ...live]
    .filter(({ id }) => !linked.includes(id))
    .map(({ id, about }) => ({ value: id, name: `${id} (${about})` }));
  if (choices.length === 0) return [];
  const chosen = await prompts.checkbox({ message: 'Which of the servers that are there already?', choices });
  return chosen.map((id) => ({ id }));
}

async function askServer(step: Step, others: readonly ServerAnswer[]): Promise<ServerAnswer> {
  const { prompts, draft, look } = step;
  const taken = (id: string): boolean =>
    [...others, ...look.servers].some((other) => other.id === id) || draft.keys('servers').includes(id);
  const url = await prompts.input({
    message: 'URL of the server:',
    check: (text) => complaint(draft, [set(['servers', 'new', 'url'], text)], { path: ['servers', 'new', 'url'] }),
  });
  const id = await prompts.input({
    message: 'Id of the server:',
    initial: idFor(url, taken),
    check: (text) =>
      taken(text)
        ? `there is a server ${text} already`
        : complaint(draft, [set(['servers', text, 'url'], url)], { path: ['servers', text], exactly: true }),
  });
  return { id, url, auth: await askAuth(step, { id, url }) };
}

/** `docs` for https://docs-mcp.example.com/mcp. */
function idFor(url: string, taken: (id: string) => boolean): string | undefined {
  const labels = new URL(url).hostname.split('.').slice(0, -1);
  const names = labels.map((label) => slug(label.replace(/^mcp-|-mcp$/g, ''))).filter((name) => !/^(?:|www|api|mcp)$/.test(name));
  return names.find((name) => !taken(name));
}

/** How Cloudflare signs in to the server. A secret is never asked for: the document says where it is. */
async function askAuth({ prompts, draft }: Step, { id, url }: { readonly id: string; readonly url: string }): Promise<unknown> {
  const way = await prompts.select({
    message: `How does Cloudflare sign in to ${id}?`,
    choices: [
      { value: 'none', name: 'Not at all: the server is open' },
      { value: 'oauth', name: 'OAuth: an administrator logs in once, in the dashboard' },
      { value: 'bearer', name: 'A bearer token' },
      { value: 'headers', name: 'A secret in a header, such as X-API-Key' },
    ] as const,
  });
  if (way === 'none' || way === 'oauth') return way;
  const at = ['servers', id];
  const check = (auth: unknown) => complaint(draft, [set(at, { url, auth })], { path: [...at, 'auth'] });
  const reference = 'env:SECRET';
  const header =
    way === 'bearer'
      ? undefined
      : await prompts.input({
          message: 'Name of the header:',
          initial: 'X-API-Key',
          check: (name) => check({ headers: { [name]: reference } }),
        });
  const authWith = (ref: string): unknown => (header === undefined ? { bearer: ref } : { headers: { [header]: ref } });
  prompts.explain('The document never holds a secret, only where it is read from: env:NAME, file:PATH or cmd:COMMAND.');
  const initial = `env:${id
    .replaceAll('-', '_')
    .toUpperCase()
    .replace(/^(?=\d)/, '_')}_TOKEN`;
  return authWith(await prompts.input({ message: 'Where is the secret?', initial, check: (ref) => check(authWith(ref)) }));
}
