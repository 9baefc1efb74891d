import { describe, expect, it } from 'vitest';
import type { EntryClient } from '../../src/clients/client.ts';
import { clients } from '../../src/clients/clients.ts';
import { changesText } from '../../src/clients/describe.ts';
import { withPortal } from '../../src/clients/edited-file.ts';
import type { ClientName } from '../../src/clients/names.ts';

const url = 'https://tools.example.com/mcp';

function entryClient(name: ClientName): EntryClient {
  const client = clients[name];
  if (client.is !== 'entry') throw new Error(`${name} has no entries`);
  return client;
}

const put = (name: ClientName, text: string, serviceToken = false) =>
  withPortal({ name: 'file', text }, entryClient(name), { name: 'tools', url, serviceToken });
const putJson = async (name: ClientName, value: unknown, serviceToken = false): Promise<unknown> =>
  JSON.parse((await put(name, JSON.stringify(value), serviceToken)).text);

/** The text without its order. */
const wordsOf = (text: string): readonly string[] => (text.match(/[^\s,]+/g) ?? []).toSorted();

describe('an entry that is there already', () => {
  const files = [
    'claude-desktop',
    'claude-code',
    'windsurf',
    'zed',
    'cline',
    'copilot-cli',
    'codex',
    'goose',
    'librechat',
  ] as const;

  it.each([...files, 'vscode'] as const)('of %s is not touched the second time', async (name) => {
    for (const serviceToken of [false, true]) {
      const { text, changes } = await put(name, '', serviceToken);
      expect(changes.length).toBeGreaterThan(0);
      expect(await put(name, text, serviceToken)).toEqual({ text, changes: [] });
    }
  });

  it.each(files)('of %s changes between people and a bot, there and back', async (name) => {
    for (const serviceToken of [false, true]) {
      const { text } = await put(name, '', serviceToken);
      const other = await put(name, text, !serviceToken);
      const back = await put(name, other.text, serviceToken);
      expect(wordsOf(back.text)).toEqual(wordsOf(text));
      expect((await put(name, back.text, serviceToken)).changes).toEqual([]);
    }
  });

  it('keeps what its user set beside the connection', async () => {
    const entry = {
      type: 'http',
      url: 'https://old.example.com/mcp',
      disabled: true,
      autoApprove: ['search'],
      headers: { 'X-Team': 'a' },
    };
    expect(await putJson('cline', { mcpServers: { tools: entry } }, true)).toEqual({
      mcpServers: {
        tools: {
          ...entry,
          type: 'streamableHttp',
          url,
          headers: {
            'X-Team': 'a',
            'CF-Access-Client-Id': '${CF_ACCESS_CLIENT_ID}',
            'CF-Access-Client-Secret': '${CF_ACCESS_CLIENT_SECRET}',
          },
        },
      },
    });
  });

  it('keeps the secrets that somebody put in the place of the placeholders', async () => {
    const { text } = await put('claude-desktop', '', true);
    const filled = text.replace('"${CF_ACCESS_CLIENT_SECRET}"', '"s3cr3t"').replace('Id:${CF_ACCESS_CLIENT_ID}', 'Id:abc.access');
    expect(await put('claude-desktop', filled, true)).toEqual({ text: filled, changes: [] });
  });

  it('loses what would contradict the new connection', async () => {
    const old = { mcpServers: { tools: { type: 'http', url, headers: { 'CF-Access-Client-Id': 'a' } } } };
    expect(await putJson('claude-desktop', old)).toEqual({
      mcpServers: { tools: { command: 'npx', args: ['-y', 'mcp-remote@latest', url] } },
    });
    expect(await putJson('gemini-cli', { mcpServers: { tools: { httpUrl: url, timeout: 5 } } })).toEqual({
      mcpServers: { tools: { type: 'http', url, timeout: 5 } },
    });
    expect(await putJson('cursor', { mcpServers: { tools: { type: 'http', url } } })).toEqual({
      mcpServers: { tools: { type: 'http', url } },
    });
  });
});

describe('a file', () => {
  it('keeps everything else, comments too', async () => {
    const text =
      '{\n  // servers of mine\n  "inputs": [{ "id": "key" }],\n  "servers": {\n    "notes": { "url": "x" } // fine\n  }\n}\n';
    const edited = await put('vscode', text, true);
    expect(edited.text).toContain('  // servers of mine\n  "inputs": [{ "id": "key" }, {"type":"promptString"');
    expect(edited.text).toContain('    "notes": { "url": "x" }, // fine\n    "tools": {\n      "type": "http",');
  });

  it.each([
    ['claude-code', '{"mcpServers": []}', 'file: "mcpServers" is not a map of names'],
    ['claude-code', '[]', 'file: the file is not a map of names'],
    ['vscode', '{"inputs": {}}', 'file: "inputs" is not a list'],
    ['claude-code', '{"a": "\uFFFD"}', 'file: the file is not UTF-8'],
    ['goose', 'a: [\n', 'file:2:1: this is no valid YAML'],
    ['goose', 'a: &a [x]\n- b\n', 'this is no valid YAML'],
    ['goose', 'extensions: none\n', 'file: "extensions" is not a map of names'],
    ['goose', 'mine: &m { a: { enabled: true } }\nextensions: *m\n', 'file: anchors in it share values'],
    ['codex', 'model = \n', 'file:1:9: a value is missing here'],
  ] as const)('of %s such as %j is refused', async (name, text, message) => {
    await expect(put(name, text, true)).rejects.toThrow(message);
  });
});

describe('a YAML file', () => {
  it('keeps comments, order, quotes and the indentation of lists', async () => {
    const text = `# mine
GOOSE_MODEL: "x"   # the best
extensions:
  developer:
    enabled: true
    env_keys:
    - A
    - B

GOOSE_MODE: auto
`;
    const { text: edited } = await put('goose', text);
    expect(edited).toBe(
      text
        .replace('   # the best', ' # the best')
        .replace(
          '    - B\n',
          `    - B\n  tools:\n    name: tools\n    type: streamable_http\n    uri: ${url}\n    enabled: true\n    timeout: 300\n`,
        ),
    );
  });

  it('takes a section that is empty', async () => {
    for (const text of ['extensions:\n', 'extensions: {}\n', '', '# only a comment\n'])
      expect((await put('goose', text)).text).toContain('extensions:\n  tools:\n    name: tools\n');
  });

  it('keeps its line ends', async () => {
    expect((await put('librechat', 'version: 1\r\n')).text).toBe(
      `version: 1\r\nmcpServers:\r\n  tools:\r\n    type: streamable-http\r\n    url: ${url}\r\n`,
    );
  });

  it('adds to the names of variables that its user has', async () => {
    const { text } = await put(
      'goose',
      `extensions:\n  tools:\n    type: streamable_http\n    uri: ${url}\n    env_keys: [MINE]\n`,
      true,
    );
    expect(text).toContain('    env_keys:\n      - MINE\n      - CF_ACCESS_CLIENT_ID\n      - CF_ACCESS_CLIENT_SECRET\n');
  });
});

describe('the changes', () => {
  it('are told without anything that the file says, save an address', async () => {
    const text = JSON.stringify({
      mcpServers: { tools: { command: 'run', env: { KEY: 'hush' }, url: 'https://me:hush@old.example.com/mcp?key=hush' } },
    });
    const { changes } = await put('claude-code', text, true);
    expect(changesText('~/.claude.json', changes, false)).toBe(
      [
        '~/.claude.json',
        '  - mcpServers.tools.command',
        '  + mcpServers.tools.type: "http"',
        `  ~ mcpServers.tools.url: https://old.example.com/mcp → "${url}"`,
        '  + mcpServers.tools.headers.CF-Access-Client-Id: "${CF_ACCESS_CLIENT_ID}"',
        '  + mcpServers.tools.headers.CF-Access-Client-Secret: "${CF_ACCESS_CLIENT_SECRET}"',
      ].join('\n'),
    );
  });
});
