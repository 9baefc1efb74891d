import { describe, expect, it } from 'vitest';
import { runSandbox } from '../support/run-sandbox.ts';

type Parts = { readonly policies?: string; readonly servers?: string; readonly portal?: string; readonly tokens?: string };
const yaml = ({
  policies = '',
  servers = 'a: { url: https://a.example.com/mcp, access: { policies: [people] } }',
  portal = 'servers: [a], service_tokens: [ci], access: { policies: [people] }',
  tokens = 'ci: { out: stdout }',
}: Parts = {}) => `
version: 1
service_tokens: { ${tokens} }
policies: { people: { decision: allow, include: [{ email: a@example.com }] }${policies} }
servers: { ${servers} }
portals: { p: { hostname: mcp.example.com, dns: false, ${portal} } }
`;

const policiesOf = async (run: ReturnType<typeof runSandbox>, type: string): Promise<readonly string[]> =>
  (await run.send('GET', '~/access/apps'))
    .filter((app: { type: string }) => app.type === type)
    .flatMap((app: { policies: { name: string }[] }) => app.policies.map(({ name }) => name));

describe('what a bot needs', () => {
  it('is a Service Auth policy behind the declared ones on both applications, and on_behalf: false', async () => {
    const run = runSandbox();
    const applied = await run.apply(yaml());
    expect(applied.ok).toBe(true);
    expect(applied.lines).toContain('create policy:service-token-ci');
    expect(applied.plan.changes.find(({ address }) => address === 'policy:service-token-ci')?.reason).toBe(
      'portals.p.service_tokens lets ci in',
    );
    const [token] = await run.send('GET', '~/access/service_tokens');
    const policy = (await run.send('GET', '~/access/policies')).find(
      (each: { name: string }) => each.name === 'service-token-ci',
    );
    expect(policy).toMatchObject({ decision: 'non_identity', include: [{ service_token: { token_id: token.id } }] });
    expect(await policiesOf(run, 'mcp_portal')).toEqual(['people', 'service-token-ci']);
    expect(await policiesOf(run, 'mcp')).toEqual(['people', 'service-token-ci']);
    expect((await run.send('GET', '~/access/ai-controls/mcp/portals/p')).servers[0].on_behalf).toBe(false);
    expect((await run.plan(yaml())).lines).toEqual([]);
  });

  it('is not made where a declared Service Auth policy already includes the token', async () => {
    for (const [rule, decision] of [
      ['service_token: ci', 'service_auth'],
      ['service_token: [other, ci]', 'non_identity'],
      ['any_valid_service_token: true', 'service_auth'],
    ]) {
      const run = runSandbox();
      const applied = await run.apply(
        yaml({
          tokens: 'ci: { out: stdout }, other: { out: stdout }',
          policies: `, robots: { decision: ${decision}, include: [{ ${rule} }] }`,
          servers: 'a: { url: https://a.example.com/mcp, access: { policies: [robots, people] } }',
          portal: 'servers: [a], service_tokens: [ci], access: { policies: [people, robots] }',
        }),
      );
      expect(applied.lines).not.toContain('create policy:service-token-ci');
      expect(await policiesOf(run, 'mcp_portal')).toEqual(['people', 'robots']);
      expect(await policiesOf(run, 'mcp')).toEqual(['robots', 'people']);
    }
  });

  it('finds the token in a policy by its name, too', () => {
    const run = runSandbox();
    const { desired } = run.load(
      yaml({
        tokens: 'ci: { name: the-bot }',
        policies: ', robots: { decision: service_auth, include: [{ service_token: the-bot }] }',
        servers: 'a: { url: https://a.example.com/mcp, access: { policies: [robots] } }',
        portal: 'servers: [a], service_tokens: [ci], access: { policies: [robots] }',
      }),
    );
    expect(desired.filter(({ kind }) => kind === 'policy').map(({ key }) => key)).toEqual(['people', 'robots']);
  });

  it('is made only where something lacks it: an allow policy with the token does not count', async () => {
    const run = runSandbox();
    const applied = await run.apply(
      yaml({
        policies:
          ', robots: { decision: service_auth, include: [{ service_token: ci }] }, odd: { decision: allow, include: [{ email: x@example.com }] }',
        servers:
          'a: { url: https://a.example.com/mcp, access: { policies: [people] } }, b: { url: https://b.example.com/mcp, access: { policies: [robots] } }',
        portal: 'servers: [a, b], service_tokens: [ci], access: { policies: [robots] }',
      }),
    );
    expect(applied.lines).toContain('create policy:service-token-ci');
    expect(await policiesOf(run, 'mcp_portal')).toEqual(['robots']);
    expect((await policiesOf(run, 'mcp')).toSorted()).toEqual(['people', 'robots', 'service-token-ci']);
  });

  it('leaves a policy service-token-ci alone that the document declares itself', async () => {
    const run = runSandbox();
    const applied = await run.apply(
      yaml({
        policies:
          ', service-token-ci: { name: Own words, decision: service_auth, include: [{ service_token: ci }, { ip: 203.0.113.0/24 }] }',
      }),
    );
    expect(applied.ok).toBe(true);
    expect(await policiesOf(run, 'mcp_portal')).toEqual(['people', 'Own words']);
  });

  it('keeps an on_behalf that the entry says', async () => {
    const run = runSandbox();
    await run.apply(
      yaml({ portal: 'servers: { a: { on_behalf: true } }, service_tokens: [ci], access: { policies: [people] }' }),
    );
    expect((await run.send('GET', '~/access/ai-controls/mcp/portals/p')).servers[0].on_behalf).toBe(true);
  });

  it('changes links that are there already', async () => {
    const run = runSandbox();
    await run.apply(yaml({ portal: 'servers: [a], access: { policies: [people] }' }));
    const planned = await run.plan(yaml());
    expect(planned.lines).toEqual([
      'create policy:service-token-ci',
      'update server_app:a access.policies',
      'update portal:p servers.a.on_behalf',
      'update portal_app:p access.policies',
    ]);
  });

  it('is let go when the portal has no bots any more: the policy is left in place, or pruned', async () => {
    const run = runSandbox();
    await run.apply(yaml());
    const without = yaml({ portal: 'servers: [a], access: { policies: [people] }' });
    const listed = await run.plan(without);
    expect(listed.lines.toSorted()).toEqual(['update portal_app:p access.policies', 'update server_app:a access.policies']);
    expect(listed.plan.left_in_place.map(({ address }) => address)).toEqual(['policy:service-token-ci']);
    const pruned = await run.apply(without, { prune: true });
    expect(pruned.lines.at(-1)).toBe('delete policy:service-token-ci');
    expect(pruned.outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
    expect((await run.send('GET', '~/access/ai-controls/mcp/portals/p')).servers[0].on_behalf).toBe(false); // left out: as live
  });

  it('does not hold for an OAuth server, which is warned about', async () => {
    const run = runSandbox();
    const oauth = 'a: { url: https://a.example.com/mcp, auth: oauth, access: { policies: [people] } }';
    const applied = await run.apply(yaml({ servers: oauth }));
    expect(applied.plan.diagnostics).toContainEqual(
      expect.objectContaining({
        severity: 'warning',
        code: 'MCP002',
        message: expect.stringContaining('the oauth server a is hidden'),
      }),
    );
    expect((await run.send('GET', '~/access/ai-controls/mcp/portals/p')).servers[0].on_behalf).toBe(true);
    expect((await run.plan(yaml({ servers: oauth }))).lines).toEqual([]);
    const explicit = yaml({
      servers: oauth,
      portal: 'servers: { a: { on_behalf: false } }, service_tokens: [ci], access: { policies: [people] }',
    });
    expect((await run.plan(explicit)).plan.diagnostics.map(({ code }) => code)).not.toContain('MCP002');
    expect((await run.plan(explicit)).lines).toEqual(['update portal:p servers.a.on_behalf']);
  });

  it('does not take the people’s own login from a live OAuth server whose entry leaves auth out', async () => {
    const run = runSandbox();
    await run.send('POST', '~/access/ai-controls/mcp/servers', {
      id: 'a',
      name: 'A',
      hostname: 'https://a.example.com/mcp',
      auth_type: 'oauth',
    });
    const applied = await run.apply(yaml());
    expect(applied.ok).toBe(true);
    expect((await run.send('GET', '~/access/ai-controls/mcp/portals/p')).servers[0].on_behalf).toBe(true);
    const renamed = await run.apply(
      yaml({ portal: 'name: Other, servers: [a], service_tokens: [ci], access: { policies: [people] }' }),
    );
    expect(renamed.lines).toEqual(['update portal:p name']);
    expect(renamed.kept).toEqual([]);
  });

  it('needs access on the portal and on each linked server', () => {
    const run = runSandbox();
    expect(() => run.load(yaml({ servers: 'a: { url: https://a.example.com/mcp }' }))).toThrow(
      /the server a has no access\.policies, so no bot can see it/,
    );
    expect(() => run.load(yaml({ portal: 'servers: [a], service_tokens: [ci]' }))).toThrow(/no access\.policies to add them to/);
    expect(() => run.load(yaml({ portal: 'servers: [a], service_tokens: [cx], access: { policies: [people] }' }))).toThrow(
      /no service token "cx"/,
    );
    expect(() =>
      run.load(
        yaml({
          servers: 'a: { url: https://a.example.com/mcp, access: { policies: [people] } }, b: { url: https://b.example.com/mcp }',
        }),
      ),
    ).not.toThrow();
  });

  it('is told apart by the portal that brings the bot', () => {
    const run = runSandbox();
    const { desired } = run.load(`
version: 1
service_tokens: { one: {}, two: {} }
policies: { people: { decision: allow, include: [{ email: a@example.com }] } }
servers: { a: { url: https://a.example.com/mcp, access: { policies: [people] } } }
portals:
  p: { hostname: p.example.com, servers: [a], service_tokens: [one], access: { policies: [people] } }
  q: { hostname: q.example.com, servers: { a: {} }, service_tokens: [two], access: { policies: [people] } }
`);
    const why = Object.fromEntries(desired.filter((each) => each.why !== undefined).map((each) => [each.key, each.why]));
    expect(why).toEqual({
      'service-token-one': 'portals.p.service_tokens lets one in',
      'service-token-two': 'portals.q.service_tokens lets two in',
    });
    const app = desired.find(({ kind }) => kind === 'server_app')?.state['access'];
    expect(app).toMatchObject({ policies: ['people', 'service-token-one', 'service-token-two'] });
  });
});

describe('bots and links', () => {
  it('are told where servers: is left out that no server is opened to them', () => {
    const run = runSandbox();
    const { findings } = run.load(yaml({ portal: 'service_tokens: [ci], access: { policies: [people] }' }));
    const finding = findings.find(({ code }) => code === 'MCP002');
    expect(finding).toMatchObject({ severity: 'warning', place: { path: 'portals.p.service_tokens' } });
    expect(finding?.hint).toContain('list the servers under portals.p.servers');
    const listed = run.load(yaml({ portal: 'servers: [], service_tokens: [ci], access: { policies: [people] }' }));
    expect(listed.findings.filter(({ code }) => code === 'MCP002')).toEqual([]);
  });

  it('a server that becomes one that people sign in to loses the on_behalf: false that its bots had', async () => {
    const run = runSandbox();
    await run.apply(yaml());
    const oauth = yaml({ servers: 'a: { url: https://a.example.com/mcp, auth: oauth, access: { policies: [people] } }' });
    const applied = await run.apply(oauth);
    expect(applied.lines).toEqual(['replace server:a auth', 'update portal:p servers.a.on_behalf']);
    expect(applied.kept).toEqual([]);
    expect((await run.send('GET', '~/access/ai-controls/mcp/portals/p')).servers[0].on_behalf).toBe(true);
    expect((await run.plan(oauth)).lines).toEqual([]);
  });
});
