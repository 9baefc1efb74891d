import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { run } from '../../src/main.ts';
import type { Discover } from '../../src/sandbox/discover.ts';
import { realFiles } from '../../src/system/files.ts';
import type { Check } from '../../src/verify/check.ts';
import { firstText } from '../../src/verify/subjects.ts';
import { fakeWorld } from '../fake-world.ts';
import { mcpServer, served } from '../support/data-side.ts';
import { runSandbox } from '../support/run-sandbox.ts';

vi.setConfig({ testTimeout: 30_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = readdirSync(`${root}examples`).map((name) => `examples/${name}/portal.yaml`);
const documents = ['portal.example.yaml', ...examples].filter((path) => existsSync(`${root}${path}`));
/** Every secret that a document reads. */
const secretsOf = (yaml: string): Record<string, string> =>
  Object.fromEntries([...yaml.matchAll(/\benv:(\w+)/g)].map(([, name = '']) => [name, '0'.repeat(64)]));

const discover: Discover = async () => ({
  is: 'ready',
  tools: [{ name: 'search', inputSchema: { type: 'object' } }],
  prompts: [],
});

describe.each(documents)('the portals of %s', (path) => {
  it('are verified whole once their servers, connectors and people are there', async () => {
    const folder = dirname(`${root}${path}`);
    const sandbox = runSandbox({ zones: ['example.com', 'chitty.cc'], folder, connect: true, discover });
    const { account, apply, send } = sandbox;
    const yaml = readFileSync(`${root}${path}`, 'utf8');
    const env = secretsOf(yaml);
    const { outcomes } = await apply(yaml, { env });
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
    const { state } = account;
    for (const { id } of state.servers) await send('POST', `~/access/ai-controls/mcp/servers/${id}/sync`);
    state.tunnels = state.tunnels.map((tunnel) => ({ ...tunnel, connections: [{ id: 'connector' }] }));
    const [upstream, side] = [await mcpServer(), await served(account)];
    const hosts = state.servers.map(({ body }) => `${new URL(firstText(body['hostname'])).hostname}=127.0.0.1:${upstream.port}`);
    const portals = state.portals.map(({ id, body }) => `${firstText(body['hostname'])}=127.0.0.1:${new URL(side.url(id)).port}`);
    const fake = fakeWorld({ env: { ...env, CLOUDFLARE_API_TOKEN: 'x' }, fetch: account.fetch });
    const world = { ...fake.world, cwd: folder, files: realFiles(folder) };
    await run(
      ['verify', '-f', basename(path), '--json', ...[...new Set([...hosts, ...portals])].flatMap((each) => ['--resolve', each])],
      world,
    );
    const { checks } = JSON.parse(fake.stdout());
    const failed: readonly Check[] = checks.filter(({ ok }: Check) => !ok);
    const signIns = new Set(state.servers.filter(({ body }) => body['auth_type'] === 'oauth').map(({ id }) => id));
    expect(failed.filter(({ layer, subject }) => !(layer === 'server' && signIns.has(subject)))).toEqual([]);
    expect(checks.length).toBeGreaterThan(5);
  });
});
