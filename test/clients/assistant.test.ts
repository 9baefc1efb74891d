import { describe, expect, it } from 'vitest';
import { assistantOf } from '../../src/clients/assistant.ts';
import { clients } from '../../src/clients/clients.ts';
import { fragmentOf, fragmentText } from '../../src/clients/fragment.ts';
import { clientNames } from '../../src/clients/names.ts';
import { cli } from '../runs/cli.ts';

const wanted = { name: 'mcp-portal', url: '', serviceToken: false };
const local = clientNames.filter((name) => clients[name].is === 'entry');

describe('this program as a server of a client', () => {
  it.each(local)('%s starts it through npx, and the token stays a placeholder', async (name) => {
    const client = assistantOf(name, clients[name], undefined);
    const text = await fragmentText(client, wanted);
    expect(text).toContain('npx');
    expect(text).toContain('mcp-portal');
    expect(text).toContain('CLOUDFLARE_API_TOKEN');
    expect(client.hints(wanted).length).toBeGreaterThan(0);
  });

  it('Claude Desktop gets the block of the instructions', () => {
    expect(
      fragmentOf(assistantOf('claude-desktop', clients['claude-desktop'], 'bbf9fcd845e78035b7a135c481e88541'), {
        ...wanted,
        name: 'cloudflare',
      }),
    ).toEqual({
      mcpServers: {
        cloudflare: {
          command: 'npx',
          args: ['-y', 'mcp-portal', 'mcp'],
          env: { CLOUDFLARE_API_TOKEN: '${CLOUDFLARE_API_TOKEN}', CLOUDFLARE_ACCOUNT_ID: 'bbf9fcd845e78035b7a135c481e88541' },
        },
      },
    });
  });

  it('is printed and written by client-config, without a portal or an account', async () => {
    const { run, read } = cli();
    const printed = await run('client-config cursor --for-assistant', { env: { CLOUDFLARE_API_TOKEN: 'never-printed' } });
    expect(printed.code).toBe(0);
    expect(JSON.parse(printed.stdout).mcpServers['mcp-portal'].env.CLOUDFLARE_API_TOKEN).toBe('${env:CLOUDFLARE_API_TOKEN}');
    expect(printed.stdout + printed.stderr).not.toContain('never-printed');
    expect((await run('client-config cursor --for-assistant --write --scope project --yes')).code).toBe(0);
    expect(JSON.parse(read('.cursor/mcp.json')).mcpServers['mcp-portal'].args).toEqual(['-y', 'mcp-portal', 'mcp']);
    expect((await run('client-config cursor --for-assistant --write --scope project --yes')).stderr).toContain('has it already');
  });

  it('is refused for what runs elsewhere', async () => {
    expect((await cli().run('client-config chatgpt --for-assistant')).code).toBe(3);
  });
});
