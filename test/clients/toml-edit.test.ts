import { describe, expect, it } from 'vitest';
import type { EntryClient } from '../../src/clients/client.ts';
import { clients } from '../../src/clients/clients.ts';
import { withPortal } from '../../src/clients/edited-file.ts';

const url = 'https://tools.example.com/mcp';
const codex = clients.codex;
const put = async (text: string, serviceToken = false): Promise<string> => {
  if (codex.is !== 'entry') throw new Error('codex has no entries');
  const client: EntryClient = codex;
  return (await withPortal({ name: 'config.toml', text }, client, { name: 'tools', url, serviceToken })).text;
};
const headers =
  'env_http_headers = { "CF-Access-Client-Id" = "CF_ACCESS_CLIENT_ID", "CF-Access-Client-Secret" = "CF_ACCESS_CLIENT_SECRET" }\n';
const table = `[mcp_servers.tools]\nurl = "${url}"\n`;

const rest = `# mine
model = "gpt" # the best
prompt = """
[mcp_servers.tools]
url = "not this one"
"""
list = [ # of things
  "a", ']',
]
when = 2026-01-02 03:04:05Z

[mcp_servers.other]
command = 'run'
args = ["#", "="]
`;

describe('a table that is missing', () => {
  it.each([
    ['', table],
    ['a = 1', `a = 1\n\n${table}`],
    ['a = 1\n', `a = 1\n\n${table}`],
    ['a = 1\n\n', `a = 1\n\n${table}`],
    ['a = 1\r\n', `a = 1\r\n\r\n${table.replaceAll('\n', '\r\n')}`],
    [rest, `${rest}\n${table}`],
  ])('is put behind %j', async (text, result) => expect(await put(text)).toBe(result));
});

describe('a table that is there', () => {
  it('changes in its place, and keeps what else it says', async () => {
    const own = `[mcp_servers.tools] # the portal\nurl = 'https://old.example.com/mcp' # was\nenabled_tools = ["search"]\n`;
    const after = `\n[profiles.x]\nmodel = "y"\n`;
    expect(await put(rest + own + after, true)).toBe(
      `${rest}[mcp_servers.tools] # the portal\nurl = "${url}" # was\nenabled_tools = ["search"]\n${headers}${after}`,
    );
  });

  it('loses a local program and a table of headers that would contradict it', async () => {
    const own = `[mcp_servers.tools]\ncommand = "npx"\nargs = [\n  "-y",\n]\n\n[mcp_servers.tools.env_http_headers]\nCF-Access-Client-Id = "OLD"\nX-Team = "TEAM"\n`;
    expect(await put(`${own}\n[z]\na = 1\n`, true)).toBe(
      `[mcp_servers.tools]\nurl = "${url}"\nenv_http_headers = { "X-Team" = "TEAM", "CF-Access-Client-Id" = "CF_ACCESS_CLIENT_ID", "CF-Access-Client-Secret" = "CF_ACCESS_CLIENT_SECRET" }\n\n\n[z]\na = 1\n`,
    );
  });

  it('is found under quoted names', async () => {
    const text = `["mcp_servers".'tools']\nurl = "${url}"\n`;
    expect(await put(text)).toBe(text);
  });

  it('gets a head where only a table below it had one', async () => {
    const text = `[mcp_servers.tools.tools.search]\napproval_mode = "approve"\n`;
    expect(await put(text)).toBe(`${text}\n${table}`);
  });
});

describe('a file that cannot be changed line by line', () => {
  it.each([
    [`mcp_servers = { other = { url = "x" } }\n`, 'config.toml:1:1: mcp_servers is not written as a table [mcp_servers.tools]'],
    [`[mcp_servers]\ntools.url = "x"\n`, 'config.toml:2:1: mcp_servers.tools.url is not written as a table'],
    [`[mcp_servers]\ntools = { url = "x" }\n`, 'config.toml:2:1: mcp_servers.tools is not written as a table'],
    [`[[mcp_servers.tools]]\nurl = "x"\n`, 'config.toml: mcp_servers.tools is a list'],
    ['[a\n', 'config.toml:1:3: "]" is missing here'],
    ['a\n', 'config.toml:1:2: "=" is missing here'],
    ['= 1\n', 'config.toml:1:1: a key is missing here'],
    ['a = "b\n', 'config.toml:1:5: the string has no end'],
    ['a = """b\n', 'config.toml:1:5: the string has no end'],
    ['a = [1\n', 'config.toml:1:5: the bracket is never closed'],
    ['a = 1 2\n', 'config.toml:1:6: the end of the line is missing here'],
  ])('%j is refused', async (text, message) => {
    await expect(put(text)).rejects.toThrow(message);
  });
});
