import { describe, expect, it } from 'vitest';
import { cli } from './cli.ts';

const code = "export default { fetch: () => new Response('one') };\n";
const document = `version: 1
kv_namespaces:
  tokens: { title: TOKEN_STORE }
workers:
  api:
    main: ./src/index.ts
    vars: { A: a }
    secrets: { KEY: env:KEY }
    kv: { KV: tokens }
    rate_limits: { LIMITER: { limit: 100, period: 60 } }
    routes: { workers_dev: true, custom_domains: [api.example.com], patterns: ["example.com/api/*"] }
`;
const files = {
  'portal.yaml': document,
  'src/index.ts': "import { a } from './a.ts';\nexport default { fetch: (): Response => new Response(a) };\n",
  'src/a.ts': "export const a: string = 'one';\n",
};
const env = { KEY: 'not-to-be-shown' };

describe('Workers, on the command line', () => {
  it('are bundled, deployed, and then have nothing left to do', async () => {
    const { run, writes, account } = cli({ files });
    const applied = await run('apply --yes', { env });
    expect([applied.code, applied.stderr]).toEqual([0, '']);
    expect(account.state.workers[0]?.code).toContain('one');
    const count = writes().length;
    const again = await run('apply --yes');
    expect([again.code, again.stdout]).toEqual([0, 'No changes. 2 resources match the document.\n']);
    expect(writes()).toHaveLength(count);
    expect(applied.stdout + applied.stderr).not.toContain('not-to-be-shown');
  });

  it('change with a file that they import', async () => {
    const { run, write } = cli({ files });
    await run('apply --yes', { env });
    write('src/a.ts', "export const a: string = 'two';\n");
    const { code: exit, json } = await run('plan --detailed-exitcode --json');
    expect(exit).toBe(2);
    expect(json.changes).toMatchObject([
      {
        address: 'worker:api',
        action: 'update',
        fields: [{ path: 'main', before: expect.stringMatching(/^sha256:/), after: expect.stringMatching(/^sha256:/) }],
      },
    ]);
  });

  it('are found from the document’s folder, wherever the command runs', async () => {
    const { run } = cli({ files: { ...files, 'other/x': '' } });
    await run('apply --yes', { env });
    expect((await run('plan -f ../portal.yaml', { folder: 'other' })).stdout).toContain('No changes.');
    expect((await run('plan -f -', { stdin: document })).stdout).toContain('No changes.');
  });

  it('that do not compile are located in their source, and nothing is asked of Cloudflare', async () => {
    const { run, write, account } = cli({ files });
    write('src/a.ts', "export const a: string = 'two;\n");
    const { code: exit, stderr } = await run('apply --yes', { env });
    expect(exit).toBe(64);
    expect(stderr).toContain('src/a.ts:1:31: error MCP222: Unterminated string literal');
    expect(stderr).toContain("1 | export const a: string = 'two;");
    expect(account.requests).toEqual([]);
  });

  it('whose file is missing are errors with their place, for validate, too', async () => {
    const { run } = cli({ files: { 'portal.yaml': document } });
    for (const command of ['validate', 'plan', 'apply --yes']) {
      const { code: exit, stderr } = await run(command, { env });
      expect(exit).toBe(64);
      expect(stderr).toContain('portal.yaml:6:11: error MCP222: ./src/index.ts cannot be read: it does not exist');
    }
  });

  it('are validated without being compiled, and destroyed without their files', async () => {
    const { run, write } = cli({ files });
    write('src/a.ts', 'no code');
    expect((await run('validate')).code).toBe(0);
    const other = cli({ files: { 'portal.yaml': document } });
    expect((await other.run('destroy --yes')).code).toBe(0);
  });

  it('are applied from a saved plan only with the code that it was made from', async () => {
    const { run, write, account } = cli({ files });
    await run('plan --out plan.json');
    write('src/a.ts', "export const a = 'two';\n");
    expect((await run('apply plan.json --yes', { env })).code).toBe(3);
    write('src/a.ts', files['src/a.ts']);
    expect((await run('apply plan.json --yes', { env })).code).toBe(0);
    expect(account.state.workers).toHaveLength(1);
  });

  it('show a custom domain of another Worker as a conflict, exit 3, and write nothing', async () => {
    const { run, writes } = cli({
      files: {
        ...files,
        'w.js': code,
        'owner.yaml': 'version: 1\nworkers: { owner: { main: w.js, routes: { custom_domains: [api.example.com] } } }',
      },
    });
    await run('apply -f owner.yaml --yes');
    const count = writes().length;
    const { code: exit, stderr } = await run('apply --yes', { env });
    expect(exit).toBe(3);
    expect(stderr).toContain('belongs to the Worker owner');
    expect(writes()).toHaveLength(count);
  });

  it('are exported without code and secrets, as a document whose plan is empty', async () => {
    const { run, read } = cli({ files });
    await run('apply --yes', { env });
    expect((await run('export --all --out exported.yaml')).code).toBe(0);
    const exported = read('exported.yaml');
    expect(exported).toContain('custom_domains');
    expect(exported).not.toMatch(/main:|KEY|sha256|100::/);
    expect((await run('plan -f exported.yaml')).stdout).toMatch(/No changes\./);
  });
});
