const comments: Readonly<Record<string, string>> = {
  version: `What mcp-portal sets up: "mcp-portal plan" shows what would change, "mcp-portal apply" changes it.
What is left out here stays as it is in Cloudflare. "mcp-portal schema" has every field.`,
  service_tokens: 'How programs sign in. The secret of a new token goes to the places in "out".',
  groups: 'Named sets of people.',
  policies: 'Who gets in. A portal and its servers name policies by these keys.',
  servers: 'MCP servers, by id. "access" is about who sees their tools. A secret is never written here, only where it is.',
  portals: 'One address for several servers: clients connect to https://HOSTNAME/mcp.',
  applications: 'Further Access applications.',
  dns: 'Further DNS records. A portal makes its own.',
};

/** The text of a new document, with a line about each of its parts. */
export const commented = (text: string): string =>
  text.replaceAll(/^(\w+):/gm, (key, name: string) => {
    const lines = (comments[name] ?? '').split('\n').map((line) => (line === '' ? '' : `# ${line}\n`));
    return `${name === 'version' ? '' : '\n'}${lines.join('')}${key}`;
  });
