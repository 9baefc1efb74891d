import { describe, expect, it } from 'vitest';
import { serverReadiness } from '../../src/kinds/mcp/server-readiness.ts';
import { UnsafePlanError } from '../../src/lib/errors.ts';
import { runSandbox } from '../support/run-sandbox.ts';

const servers = '~/access/ai-controls/mcp/servers';
const people = 'policies: { people: { decision: allow, include: [{ email: a@example.com }] } }';

describe('what the API does with servers', () => {
  it('Q4: override lists that come back as null are none, and a bearer server with explicit false and empty maps settles', async () => {
    const run = runSandbox();
    const yaml = `
version: 1
servers:
  a:
    url: https://a.example.com/mcp
    auth: { bearer: env:TOKEN }
    secure_web_gateway: false
    shared_oauth_callback: false
    tools: {}
    prompts: {}
    description: ''
`;
    const applied = await run.apply(yaml, { env: { TOKEN: 't' } });
    expect(applied.ok).toBe(true);
    expect((await run.plan(yaml)).lines).toEqual([]);
    await run.send('POST', servers, { id: 'b', name: 'B', hostname: 'https://b.example.com/mcp', auth_type: 'unauthenticated' });
    expect((await run.send('GET', `${servers}/b`)).updated_tools).toBe(null);
    expect(
      (await run.plan(`version: 1\nservers: { b: { url: https://b.example.com/mcp, tools: {}, prompts: null } }`)).lines,
    ).toEqual([]);
  });

  it('Q3: override rows come back in another order, and that is no difference', async () => {
    const run = runSandbox();
    const yaml =
      'version: 1\nservers: { a: { url: https://a.example.com/mcp, tools: { one: { alias: first }, two: false, three: { description: Third } } } }';
    await run.apply(yaml);
    expect((await run.send('GET', `${servers}/a`)).updated_tools.map((row: { name: string }) => row.name)).toEqual([
      'three',
      'two',
      'one',
    ]);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('Q5: headers travel as { headers: … } in a JSON text, made from the map of the document', async () => {
    const run = runSandbox();
    const yaml =
      'version: 1\nservers: { a: { url: https://a.example.com/mcp, auth: { headers: { X-Key: env:KEY, X-Other: env:OTHER } } } }';
    const applied = await run.apply(yaml, { env: { KEY: 'one', OTHER: 'two' } });
    expect(JSON.parse(applied.writes[0]?.body.auth_credentials)).toEqual({ headers: { 'X-Key': 'one', 'X-Other': 'two' } });
    expect(() =>
      run.load('version: 1\nservers: { a: { url: https://a.example.com/mcp, auth: { headers: [{ name: X, value: env:Y }] } } }'),
    ).toThrow(/headers/);
  });

  it('Q6: credentials are always sent as a string, a bearer token bare', async () => {
    const run = runSandbox();
    const applied = await run.apply(
      'version: 1\nservers: { a: { url: https://a.example.com/mcp, auth: { bearer: env:TOKEN } } }',
      { env: { TOKEN: 'secret-token' } },
    );
    expect(applied.writes[0]?.body.auth_credentials).toBe('secret-token');
  });

  it('Q7: a changed address or way of signing in is a replacement, never a PUT that does nothing', async () => {
    const run = runSandbox();
    await run.apply('version: 1\nservers: { a: { url: https://a.example.com/mcp, auth: oauth } }');
    const moved = await run.plan('version: 1\nservers: { a: { url: https://new.example.com/mcp, auth: oauth } }');
    expect(moved.plan.changes[0]).toMatchObject({
      action: 'replace',
      reason: 'url cannot be changed in place',
      fields: [{ path: 'url', forces_replacement: true }],
    });
    expect(moved.plan.changes[0]?.impact).toMatch(/must sign in to it again/);
    const other = await run.apply('version: 1\nservers: { a: { url: https://a.example.com/mcp, auth: none } }');
    expect(other.lines).toEqual(['replace server:a auth']);
    expect(other.writes.map((write) => write.method)).toEqual(['DELETE', 'POST']);
    expect((await run.send('GET', `${servers}/a`)).auth_type).toBe('unauthenticated');
  });

  it('Q8: the Access application of a server is made with it', async () => {
    const run = runSandbox();
    const applied = await run.apply(
      `version: 1\n${people}\nservers: { a: { url: https://a.example.com/mcp, access: { policies: [people] } } }`,
    );
    expect(applied.lines).toEqual(['create policy:people', 'create server:a', 'create server_app:a']);
    const [app] = await run.send('GET', '~/access/apps');
    expect(app).toMatchObject({ type: 'mcp', destinations: [{ type: 'via_mcp_server_portal', mcp_server_id: 'a' }] });
  });

  it('Q15: ids that the API cannot hold, or that break tool names, are refused before any request', () => {
    const run = runSandbox();
    for (const id of ['with_underscore', 'Upper', '-edge', 'x'.repeat(33)]) {
      expect(() => run.load(`version: 1\nservers: { ${id}: { url: https://a.example.com/mcp } }`)).toThrow(
        /at most 32 characters/,
      );
    }
    expect(run.account.requests).toEqual([]);
  });

  it('Q17: tools that are null while the server waits, and everything that Cloudflare learns by itself, never differ', async () => {
    const found = { is: 'ready', tools: [{ name: 'search', inputSchema: {} }], prompts: [] } as const;
    const run = runSandbox({ discover: async () => found });
    const yaml = 'version: 1\nservers: { a: { url: https://a.example.com/mcp, name: A } }';
    await run.apply(yaml);
    expect((await run.send('GET', `${servers}/a`)).tools).toBe(null);
    expect((await run.plan(yaml)).lines).toEqual([]);
    await run.send('POST', `${servers}/a/sync`);
    expect((await run.send('GET', `${servers}/a`)).tools).toHaveLength(1);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  const manual = {
    id: 'm',
    name: 'M',
    hostname: 'https://m.example.com/mcp',
    auth_type: 'oauth',
    client_secret: 's',
    auth_credentials: JSON.stringify({
      auth_mode: 'manual',
      config: { authorization_endpoint: 'https://m.example.com/a', token_endpoint: 'https://m.example.com/t' },
      registration_info: { client_id: 'c', redirect_uris: ['https://mcp.example.com/servers-callback'] },
    }),
  };

  it('Q18: a server with manual OAuth waits for its first user, whatever a sync says', async () => {
    const run = runSandbox();
    await run.send('POST', servers, manual);
    await run.send('POST', `${servers}/m/sync`);
    const live = await run.send('GET', `${servers}/m`);
    expect(live.status).toBe('waiting');
    expect(serverReadiness(live)).toMatchObject({ is: 'person', next: expect.stringContaining('sign in once') });
    const planned = await run.plan('version: 1\nservers: { m: { url: https://m.example.com/mcp, auth: oauth } }');
    expect(planned.plan.diagnostics).toContainEqual(
      expect.objectContaining({ code: 'MCP090', message: expect.stringContaining('server:m') }),
    );
  });

  it('Q20: an OAuth server is made, and the plan says that an administrator has to sign in', async () => {
    const run = runSandbox();
    const yaml = 'version: 1\nservers: { o: { url: https://o.example.com/mcp, auth: oauth } }';
    expect((await run.apply(yaml)).ok).toBe(true);
    const planned = await run.plan(yaml);
    expect(planned.lines).toEqual([]);
    expect(planned.plan.diagnostics).toContainEqual(
      expect.objectContaining({ severity: 'info', code: 'MCP090', hint: expect.stringContaining('Authenticate server') }),
    );
  });

  it('Q21: a private host with OAuth is refused, because Cloudflare never reaches it', () => {
    const run = runSandbox();
    for (const host of ['10.0.0.4', 'box.internal', 'localhost']) {
      expect(() => run.load(`version: 1\nservers: { a: { url: 'http://${host}/mcp', auth: oauth } }`)).toThrow(/private host/);
    }
    expect(() => run.load("version: 1\nservers: { a: { url: 'http://10.0.0.4/mcp', secure_web_gateway: true } }")).not.toThrow();
  });

  it('Q22: a server that somebody removed in the meantime counts as removed', async () => {
    const run = runSandbox();
    const yaml = 'version: 1\nservers: { a: { url: https://a.example.com/mcp } }';
    await run.apply(yaml);
    run.account.faults.fail({ what: 'lost', method: 'DELETE' }); // the deletion is done, and sent once more
    const applied = await run.apply(yaml, { destroy: true });
    expect(applied.ok).toBe(true);
    expect(applied.writes.map((write) => write.status)).toEqual([0, 404]);
  });

  it('Q23: a refused listing names the permission and the entitlement, and is never an empty account', async () => {
    const run = runSandbox();
    run.account.faults.fail({ what: 'forbidden', path: /mcp\/servers/, times: 9 });
    const planning = run.plan('version: 1\nservers: { a: { url: https://a.example.com/mcp } }');
    await expect(planning).rejects.toThrow(/MCP Portals Read.*account without MCP portals/s);
  });

  it('Q24: the shared OAuth callback belongs to the server and is off by default', async () => {
    const run = runSandbox();
    await run.apply('version: 1\nservers: { a: { url: https://a.example.com/mcp, auth: oauth } }');
    expect(
      (await run.plan('version: 1\nservers: { a: { url: https://a.example.com/mcp, shared_oauth_callback: false } }')).lines,
    ).toEqual([]);
    const on = await run.apply('version: 1\nservers: { a: { url: https://a.example.com/mcp, shared_oauth_callback: true } }');
    expect(on.lines).toEqual(['update server:a shared_oauth_callback']);
    expect(on.writes[0]?.body.is_shared_oauth_callback_enabled).toBe(true);
    expect(() => run.load('version: 1\nportals: { p: { hostname: mcp.example.com, shared_oauth_callback: true } }')).toThrow(
      /shared_oauth_callback/,
    );
  });

  it('Q26: a server on workers.dev is warned about', () => {
    const run = runSandbox();
    const { findings } = run.load('version: 1\nservers: { a: { url: https://a.team.workers.dev/mcp } }');
    expect(findings).toContainEqual(expect.objectContaining({ severity: 'warning', message: expect.stringContaining('1042') }));
  });

  it('a manual OAuth client is not thrown away by a replacement', async () => {
    const run = runSandbox();
    await run.send('POST', servers, manual);
    const planning = run.plan('version: 1\nservers: { m: { url: https://elsewhere.example.com/mcp, auth: oauth } }');
    await expect(planning).rejects.toThrow(UnsafePlanError);
    await expect(
      run.plan('version: 1\nservers: { m: { url: https://elsewhere.example.com/mcp, auth: none } }'),
    ).resolves.toBeDefined();
  });

  it('Q19: an override of a tool that the server does not have any more is a warning, once its tools are known', async () => {
    const tool = (name: string) => ({ name, inputSchema: { type: 'object' } });
    const run = runSandbox({ discover: async () => ({ is: 'ready', tools: [tool('search')], prompts: [] }) });
    const yaml = `
version: 1
${people}
servers: { a: { url: https://a.example.com/mcp, tools: { serach: false, search: { alias: find } }, access: { policies: [people] } } }
portals: { p: { hostname: p.example.com, servers: { a: { tools: { gone: false } } }, access: { policies: [people] } } }
`;
    await run.apply(yaml);
    const warnings = async () =>
      (await run.plan(yaml)).plan.diagnostics.filter(({ code }) => code === 'MCP019').map(({ message }) => message);
    expect(await warnings()).toEqual([]);
    await run.send('POST', `${servers}/a/sync`);
    expect(await warnings()).toEqual([
      'servers.a.tools.serach: the server has no tool of this name',
      'portals.p.servers.a.tools.gone: the server has no tool of this name',
    ]);
  });
});
