import { describe, expect, it } from 'vitest';
import { isAdmitted } from '../../src/sandbox/portal/admission.ts';
import { cli, type Cli } from './cli.ts';

const document = `version: 1
service_tokens:
  ci: { out: ["dotenv:.env"] }
policies:
  people: { decision: allow, include: [{ email: user@example.com }] }
  others: { decision: allow, include: [{ email_domain: example.com }] }
servers:
  notes: { url: https://notes.example.com/mcp, access: { policies: [others, people] } }
portals:
  tools:
    hostname: tools.example.com
    service_tokens: [ci]
    servers:
      notes: { default: disabled, tools: { search: { alias: find, enabled: true } } }
    access: { policies: [people] }
`;

async function applied(text = document): Promise<Cli> {
  const one = cli({ files: { 'portal.yaml': text } });
  const { code, stderr } = await one.run('apply --yes');
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return one;
}

const apps = (one: Cli): Promise<readonly { id: string; type: string; policies: { name: string; decision: string }[] }[]> =>
  one.send('GET', '~/access/apps');
const policiesOf = async (one: Cli, type: string): Promise<readonly string[]> =>
  ((await apps(one)).find((app) => app.type === type)?.policies ?? []).map(({ name }) => name);
const writesOf = async (one: Cli, line: string) => {
  const before = one.writes().length;
  const { code, stdout, stderr } = await one.run(line);
  return {
    code,
    stdout,
    stderr,
    writes: one
      .writes()
      .slice(before)
      .map((write) => write.replaceAll(/[0-9a-f-]{36}/g, 'ID')),
  };
};
/** The account without the times that every write moves. */
const snapshot = async (one: Cli): Promise<unknown> => {
  const listings = await Promise.all(
    [
      'access/apps',
      'access/policies',
      'access/service_tokens',
      'access/ai-controls/mcp/servers',
      'access/ai-controls/mcp/portals',
    ].map((path) => one.send('GET', `~/${path}`)),
  );
  return JSON.parse(JSON.stringify(listings, (key, value) => (key.endsWith('_at') ? undefined : value)));
};

const elsewhere = { folder: 'elsewhere' };

describe('freeze and thaw', () => {
  it.each([
    ['server notes', 'mcp'],
    ['portal tools', 'mcp_portal'],
    ['portal tools.example.com', 'mcp_portal'],
  ])('%s: one policy that denies everyone in the place of all, and back again in order', async (what, type) => {
    const one = await applied();
    const before = await snapshot(one);
    const former = await policiesOf(one, type);
    expect(former.length).toBeGreaterThan(1);
    const frozen = await writesOf(one, `freeze ${what} --yes`);
    expect(frozen).toMatchObject({ code: 0 });
    expect(frozen.writes).toEqual(['POST /access/policies', 'PUT /access/apps/ID', 'POST /access/apps/ID/revoke_tokens']);
    const app = (await apps(one)).find((each) => each.type === type);
    expect(app?.policies).toMatchObject([{ decision: 'deny', name: expect.stringMatching(/^mcp-portal-frozen .* since 2026-/) }]);
    const thawed = await writesOf(one, `thaw ${what} --yes`);
    expect(thawed.writes).toEqual(['PUT /access/apps/ID', 'DELETE /access/policies/ID']);
    expect(await policiesOf(one, type)).toEqual(former);
    expect(await snapshot(one)).toEqual(before);
  });

  it('service-token: off and on again, with its secret, its name and its id', async () => {
    const one = await applied();
    const before = await snapshot(one);
    const frozen = await writesOf(one, 'freeze service-token ci --yes');
    expect(frozen.writes).toEqual(['PUT /access/service_tokens/ID']);
    expect(one.account.state.service_tokens[0]?.body).toMatchObject({
      enabled: false,
      name: expect.stringMatching(/^ci \[frozen 2026/),
    });
    expect((await one.run('thaw service-token ci --yes')).code).toBe(0);
    expect(await snapshot(one)).toEqual(before);
  });

  it('lets in neither people nor service tokens, whatever their policies', async () => {
    const one = await applied();
    const { state } = one.account;
    const seen = () =>
      state.applications.map((app) => [
        isAdmitted(state, app, { is: 'person', email: 'user@example.com', address: '203.0.113.1' }),
        isAdmitted(state, app, { is: 'token', tokenId: state.service_tokens[0]?.id ?? '', address: '203.0.113.1' }),
      ]);
    const open = [
      [true, true],
      [true, true],
    ];
    expect(seen()).toEqual(open);
    await one.run('freeze server notes --yes');
    await one.run('freeze portal tools --yes');
    expect(seen()).toEqual([
      [false, false],
      [false, false],
    ]);
    await one.run('thaw server notes --yes');
    await one.run('thaw portal tools --yes');
    expect(seen()).toEqual(open);
  });

  it('is known again where applications show their policies as bare ids', async () => {
    const one = await applied();
    const bare = async (request: Request): Promise<Response> => {
      const answer = await one.account.fetch(request);
      if (request.method !== 'GET' || !new URL(request.url).pathname.endsWith('/access/apps')) return answer;
      const body = JSON.parse(await answer.text());
      for (const app of body.result) app.policies = app.policies.map(({ id }: { id: string }) => id);
      return new Response(JSON.stringify(body), { headers: answer.headers });
    };
    const former = await policiesOf(one, 'mcp');
    expect((await one.run('freeze server notes --yes', { fetch: bare })).code).toBe(0);
    expect((await one.run('plan', { fetch: bare })).stdout).toContain('server_app:notes is frozen');
    expect((await one.run('thaw server notes --yes', { fetch: bare })).code).toBe(0);
    expect(await policiesOf(one, 'mcp')).toEqual(former);
  });

  it('leaves everything as it was where Cloudflare does not keep what thaw needs', async () => {
    const one = await applied();
    const before = await snapshot(one);
    const forgetful = async (request: Request): Promise<Response> => {
      if (request.method !== 'POST' || !request.url.endsWith('/access/policies')) return one.account.fetch(request);
      const body = JSON.parse(await request.text());
      const { url, method, headers } = request;
      return one.account.fetch(
        new Request(url, { method, headers, body: JSON.stringify({ ...body, include: [{ everyone: {} }] }) }),
      );
    };
    const { code, stdout, stderr } = await one.run('freeze server notes --yes', { fetch: forgetful });
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('server notes is not frozen');
    expect(await snapshot(one)).toEqual(before);
  });

  it('is frozen, and says what is left to do, where sessions cannot be ended', async () => {
    const one = await applied();
    const refusing = (request: Request): Promise<Response> =>
      request.url.endsWith('/revoke_tokens')
        ? Promise.resolve(
            Response.json({ success: false, errors: [{ code: 10000, message: 'Authentication error' }] }, { status: 403 }),
          )
        : one.account.fetch(request);
    const { code, stdout, stderr } = await one.run('freeze portal tools --yes', { fetch: refusing });
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('portal tools.example.com is frozen, but sessions that are open live on');
    expect(await policiesOf(one, 'mcp_portal')).toEqual([expect.stringContaining('mcp-portal-frozen')]);
    expect((await one.run('thaw portal tools --yes')).code).toBe(0);
  });

  it('works without a document, and thaw on another machine', async () => {
    const one = await applied();
    one.write('elsewhere/.keep', '');
    const before = await snapshot(one);
    for (const what of ['server notes', 'portal tools', 'service-token ci']) {
      expect((await one.run(['freeze', ...what.split(' '), '--reason', 'a key leaked', '--yes'], elsewhere)).code).toBe(0);
    }
    for (const what of ['server notes', 'portal tools', 'service-token ci']) {
      expect((await one.run(`thaw ${what} --yes`, elsewhere)).code).toBe(0);
    }
    expect(await snapshot(one)).toEqual(before);
  });

  it('shows what it will do, asks, and changes nothing with --dry-run or without an answer', async () => {
    const one = await applied();
    const dry = await writesOf(one, 'freeze server notes --dry-run');
    expect(dry).toMatchObject({ code: 0, writes: [] });
    expect(dry.stdout).toMatch(
      /server_app:notes\n {4}access\.policies: \[others, people, \S+\] → \[mcp-portal-frozen server notes since/,
    );
    expect(dry.stdout).toContain('impact: the tools of notes disappear from every portal that has it');
    expect(await writesOf(one, 'freeze server notes')).toMatchObject({ code: 3, writes: [] });
  });

  it('has one JSON document', async () => {
    const one = await applied();
    const { json } = await one.run(['freeze', 'portal', 'tools', '--yes', '-o', 'json']);
    expect(json).toMatchObject({ ok: true, applied: [{ address: 'portal_app:tools', action: 'update', ok: true }] });
  });

  it('does nothing to what is frozen already, or not frozen, and says so', async () => {
    const one = await applied();
    await one.run(['freeze', 'server', 'notes', '--reason', 'first', '--yes']);
    const again = await writesOf(one, 'freeze server notes --yes');
    expect(again).toMatchObject({ code: 0, writes: [] });
    expect(again.stdout).toMatch(/server_app:notes is already frozen since 2026-\S+: first/);
    const warm = await writesOf(one, 'thaw portal tools --yes');
    expect(warm).toMatchObject({ code: 0, writes: [] });
    expect(warm.stdout).toContain('portal_app:tools is not frozen');
  });

  it('is not undone by apply, which says what is frozen and how to end it', async () => {
    const one = await applied();
    await one.run('freeze server notes --yes');
    await one.run('freeze portal tools --yes');
    await one.run(['freeze', 'service-token', 'ci', '--reason', 'leaked', '--yes']);
    const frozen = await snapshot(one);
    const plan = await one.run('plan');
    expect(plan.stdout).toContain('No changes.');
    expect(plan.stdout).toMatch(/info MCP092: service_token:ci is frozen since \S+: leaked; it stays so/);
    expect(plan.stdout).toContain('hint: mcp-portal thaw server notes');
    expect(plan.stdout).toContain('hint: mcp-portal thaw portal tools.example.com');
    expect((await writesOf(one, 'apply --yes --prune')).writes).toEqual([]);
    expect(await snapshot(one)).toEqual(frozen);
  });

  it('keeps a change of the document for the thaw', async () => {
    const one = await applied();
    await one.run('freeze server notes --yes');
    await one.run('freeze service-token ci --yes');
    one.write(
      'portal.yaml',
      document
        .replace('policies: [others, people]', 'policies: [people], session_duration: 1h')
        .replace('ci: {', 'ci: { enabled: false,'),
    );
    expect((await one.run('apply --yes')).code).toBe(0);
    expect(await policiesOf(one, 'mcp')).toEqual([expect.stringContaining('mcp-portal-frozen')]);
    expect((await one.run('plan')).stdout).toContain('No changes.');
    await one.run('thaw server notes --yes');
    await one.run('thaw service-token ci --yes');
    expect(await policiesOf(one, 'mcp')).toEqual(expect.arrayContaining(['people']));
    expect(await policiesOf(one, 'mcp')).not.toContain('others');
    expect(one.account.state.service_tokens[0]?.body).toMatchObject({ name: 'ci', enabled: false });
    expect((await one.run('plan')).stdout).toContain('No changes.');
  });

  it('is no obstacle to destroy, and nothing of it stays behind', async () => {
    const one = await applied();
    for (const what of ['server notes', 'portal tools', 'service-token ci']) await one.run(`freeze ${what} --yes`);
    const { code, stderr } = await one.run('destroy --yes --max-deletes 50');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(one.account.state.applications).toEqual([]);
    expect(one.account.state.policies).toEqual([]);
    expect(one.account.state.service_tokens).toEqual([]);
  });

  it('is not exported', async () => {
    const one = await applied();
    const before = (await one.run('export --all')).stdout;
    for (const what of ['server notes', 'portal tools', 'service-token ci']) await one.run(`freeze ${what} --yes`);
    expect((await one.run('export --all')).stdout).toBe(before);
  });

  it('does not thaw what has lost a policy, since that may have kept somebody out', async () => {
    const one = await applied(
      document
        .replace('  others:', '  outs: { decision: deny, include: [{ email: bad@example.com }] }\n  others:')
        .replace('[others, people]', '[outs, people]'),
    );
    await one.run('freeze server notes --yes');
    const outs = one.account.state.policies.find(({ body }) => body['name'] === 'outs');
    await one.send('DELETE', `~/access/policies/${outs?.id ?? ''}`);
    const { code, stderr, writes } = await writesOf(one, 'thaw server notes --yes');
    expect({ code, writes }).toEqual({ code: 3, writes: [] });
    expect(stderr).toContain(`policies that it had are deleted since: ${outs?.id ?? ''}`);
  });

  it('keeps a policy that somebody attaches to a frozen application, behind the others', async () => {
    const one = await applied();
    await one.run('freeze server notes --yes');
    const app = (await apps(one)).find(({ type }) => type === 'mcp') as unknown as Record<string, unknown> & {
      policies: { id: string }[];
    };
    const added = await one.send('POST', '~/access/policies', { name: 'added', decision: 'allow', include: [{ everyone: {} }] });
    const { id, name, type, destinations } = app;
    const policies = [...app.policies.map((policy) => ({ id: policy.id })), { id: added.id }];
    await one.send('PUT', `~/access/apps/${String(id)}`, { name, type, destinations, policies });
    await one.run('thaw server notes --yes');
    expect((await policiesOf(one, 'mcp')).at(-1)).toBe('added');
    expect(await policiesOf(one, 'mcp')).toHaveLength(4);
  });

  it('refuses an application with policies of its own, which nothing could put back', async () => {
    const one = cli();
    await one.send('POST', '~/access/apps', {
      name: 'own',
      type: 'mcp',
      destinations: [{ type: 'via_mcp_server_portal', mcp_server_id: 'own' }],
      policies: [{ name: 'inline', decision: 'allow', include: [{ everyone: {} }] }],
    });
    const { code, stderr, writes } = await writesOf(one, 'freeze server own --yes');
    expect({ code, writes }).toEqual({ code: 3, writes: [] });
    expect(stderr).toContain('policies of its own');
  });

  it.each([
    ['freeze server nothing --yes', 'there is no Access application of a server "nothing"'],
    ['freeze portal nothing --yes', 'there is no MCP server portal "nothing"'],
    ['freeze service-token nothing --yes', 'there is no service token "nothing"'],
    ['freeze tunnel home --yes', 'freeze takes a server, a portal or a service-token, not "tunnel"'],
    ['freeze server', 'ID'],
  ])('%s: says what is wrong', async (line, message) => {
    const one = await applied();
    const { code, stderr, writes } = await writesOf(one, line);
    expect({ code, writes }).toEqual({ code: 64, writes: [] });
    expect(stderr).toContain(message);
  });

  it('takes several at once, and a reason of one line', async () => {
    const one = await applied(
      document.replace(
        'servers:\n  notes',
        'servers:\n  more: { url: https://more.example.com/mcp, access: { policies: [people] } }\n  notes',
      ),
    );
    expect((await one.run(['freeze', 'server', 'notes', '--reason', 'a\nb', '--yes'])).code).toBe(64);
    const { stdout } = await one.run('freeze server notes more --yes');
    expect(stdout).toContain('Applied: 0 created, 2 changed');
  });
});
