import { describe, expect, it, vi } from 'vitest';
import type { Finding } from '../../src/engine/kind.ts';
import { SpecError } from '../../src/spec/spec-error.ts';
import { runSandbox, type RunSandboxOptions } from '../support/run-sandbox.ts';

const people = `policies:
  people: { decision: allow, include: [{ email: a@example.com }] }
  robots: { decision: service_auth, include: [{ any_valid_service_token: true }] }
`;
const withApp = (settings: string): string => `version: 1
${people}applications:
  classic: { type: self_hosted, domain: app.example.com, policies: [people]${settings === '' ? '' : `, ${settings}`} }
`;
const withServer = (access: string): string => `version: 1
${people}servers:
  a: { url: https://a.example.com/mcp, access: { ${access} } }
`;
const withPortal = (access: string, more = ''): string => `version: 1
${people}portals:
  p: { hostname: mcp.example.com, servers: [], access: { ${access} }${more} }
`;

/** An account where `yaml` was applied. */
async function applied(yaml: string, options: RunSandboxOptions = {}) {
  const run = runSandbox(options);
  const result = await run.apply(yaml);
  expect(result.outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
  expect(result.kept).toEqual([]);
  const apps = await run.send('GET', '~/access/apps');
  return { run, result, app: apps[0] };
}

const appWrite = (result: Awaited<ReturnType<ReturnType<typeof runSandbox>['apply']>>) =>
  result.writes.filter((request) => request.path.startsWith('~/access/apps')).map(({ method, body }) => ({ method, body }))[0];

describe('quirks of Access applications', () => {
  it('Q27: policies that come back whole are compared by id and order alone', async () => {
    const { run, app } = await applied(withServer('policies: [people, robots]'));
    expect(app.policies[0]).toMatchObject({ decision: 'allow', include: [{ email: { email: 'a@example.com' } }] });
    expect((await run.plan(withServer('policies: [people, robots]'))).lines).toEqual([]);
  });

  it('Q27: policies that come back in another order are read by their precedence', async () => {
    const rewrite: RunSandboxOptions['rewrite'] = (request, result) =>
      request.path === '~/access/apps' && Array.isArray(result)
        ? result.map((app) => ({ ...app, policies: app.policies.toReversed() }))
        : result;
    const { run } = await applied(withServer('policies: [people, robots]'), { rewrite });
    expect((await run.plan(withServer('policies: [people, robots]'))).lines).toEqual([]);
    expect((await run.plan(withServer('policies: [robots, people]'))).lines).toEqual(['update server_app:a access.policies']);
  });

  it('Q28: a PUT names the live policies where the document says nothing of them', async () => {
    const { run, app } = await applied(withServer('policies: [people, robots]'));
    const result = await run.apply(withServer('session_duration: 8h'));
    expect(appWrite(result)?.body.policies).toEqual(
      app.policies.map(({ id }: { id: string }, index: number) => ({ id, precedence: index + 1 })),
    );
    expect(result.kept).toEqual([]);
  });

  it('Q28: live policies are kept by the id they have, whatever it looks like', async () => {
    const rewrite: RunSandboxOptions['rewrite'] = (request, result) =>
      request.method === 'GET' && request.path === '~/access/apps' && Array.isArray(result)
        ? result.map((app) => ({ ...app, policies: [{ id: 'policy-1', reusable: true }] }))
        : result;
    const run = runSandbox({ rewrite });
    await run.apply('version: 1\nservers: { a: { url: https://a.example.com/mcp, access: { session_duration: 24h } } }');
    const result = await run.apply(
      'version: 1\nservers: { a: { url: https://a.example.com/mcp, access: { session_duration: 8h } } }',
    );
    expect(appWrite(result)?.body.policies).toEqual([{ id: 'policy-1', precedence: 1 }]);
  });

  it.each(['[]', 'null'])('Q28: policies: %s detaches all, and only when it is said', async (none) => {
    const { run } = await applied(withServer('policies: [people]'));
    const result = await run.apply(withServer(`policies: ${none}`));
    expect(result.lines).toEqual(['update server_app:a access.policies']);
    expect(appWrite(result)?.body.policies).toEqual([]);
    expect((await run.plan(withServer(`policies: ${none}`))).lines).toEqual([]);
  });

  it('Q29: allowed_idps [] equals absent, and every write carries the list', async () => {
    const idp = 'a3f1c2d4-0000-4000-8000-000000000001';
    const { run } = await applied(withServer(`policies: [people], allowed_idps: [${idp}]`));
    const left = await run.apply(withServer('policies: [people], session_duration: 8h'));
    expect(appWrite(left)?.body.allowed_idps).toEqual([idp]);
    const cleared = await run.apply(withServer('policies: [people], allowed_idps: []'));
    expect(cleared.lines).toEqual(['update server_app:a access.allowed_idps']);
    expect(appWrite(cleared)?.body.allowed_idps).toEqual([]);
    for (const empty of ['[]', 'null'])
      expect((await run.plan(withServer(`policies: [people], allowed_idps: ${empty}`))).lines).toEqual([]);
  });

  it('Q30: missing tags are made first, and their order says nothing', async () => {
    const { run, app } = await applied(withServer('policies: [people], tags: [zeta, alpha]'));
    expect(app.tags).toEqual(['alpha', 'zeta']);
    expect((await run.plan(withServer('policies: [people], tags: [zeta, alpha]'))).lines).toEqual([]);
    const more = await run.apply(withServer('policies: [people], tags: [alpha, beta]'));
    expect(more.writes.map(({ method, path, body }) => [method, path, body.name ?? body.tags])).toEqual([
      ['POST', '~/access/tags', 'beta'],
      ['PUT', expect.stringContaining('~/access/apps/'), 'a'],
    ]);
    expect((await run.apply(withServer('policies: [people], tags: []'))).kept).toEqual([]);
  });

  it('Q30: two applications of one run may need the same new tag', async () => {
    const yaml = `version: 1
servers:
  a: { url: https://a.example.com/mcp, access: { tags: [mcp] } }
  b: { url: https://b.example.com/mcp, access: { tags: [mcp] } }
`;
    const { result } = await applied(yaml);
    expect(result.ok).toBe(true);
  });

  it('Q31: switches that are shown as false, or as their default, equal absent ones', async () => {
    const settings = `auto_redirect_to_identity: false, allow_authenticate_via_warp: false, http_only_cookie_attribute: true, app_launcher_visible: true,
      service_auth_401_redirect: false, skip_interstitial: false, enable_binding_cookie: false, path_cookie_attribute: false, allow_iframe: false`;
    const { run } = await applied(withApp(''));
    expect((await run.plan(withApp(settings))).lines).toEqual([]);
    const gone = runSandbox({
      rewrite: (request, result) =>
        request.path === '~/access/apps' && Array.isArray(result)
          ? result.map(({ id, aud, type, name, domain, policies }) => ({ id, aud, type, name, domain, policies }))
          : result,
    });
    await gone.apply(withApp(''));
    expect((await gone.plan(withApp(settings))).lines).toEqual([]);
  });

  it('Q32: members that the API echoes and refuses are never sent for a server', async () => {
    const { run, app } = await applied(withServer('policies: [people]'));
    expect(app).toMatchObject({ enable_binding_cookie: false, options_preflight_bypass: false });
    const result = await run.apply(withServer('policies: [people], session_duration: 8h'));
    const body = appWrite(result)?.body;
    expect(Object.keys(body).toSorted()).toEqual([
      'allowed_idps',
      'destinations',
      'name',
      'policies',
      'session_duration',
      'type',
    ]);
    expect(result.kept).toEqual([]);
  });

  it('Q32: switches in their usual position are not sent back for a portal', async () => {
    const { run } = await applied(withPortal('policies: [people]'));
    const body = appWrite(await run.apply(withPortal('policies: [people], session_duration: 8h')))?.body;
    expect(Object.keys(body).toSorted()).toEqual(['allowed_idps', 'domain', 'name', 'policies', 'session_duration', 'type']);
  });

  it('Q33: domain alone is sent, and what is derived from it is no difference', async () => {
    const { run, app, result } = await applied(withApp(''));
    expect(app).toMatchObject({
      domain: 'app.example.com',
      destinations: [{ type: 'public', uri: 'app.example.com' }],
      self_hosted_domains: ['app.example.com'],
    });
    expect(appWrite(result)?.body).not.toHaveProperty('destinations');
    expect((await run.plan(withApp(''))).lines).toEqual([]);
  });

  it('Q33: an application that shows its hostname only among its destinations is found', async () => {
    const rewrite: RunSandboxOptions['rewrite'] = (request, result) =>
      request.path === '~/access/apps' && Array.isArray(result) ? result.map((app) => ({ ...app, domain: null })) : result;
    const { run } = await applied(withApp(''), { rewrite });
    expect((await run.plan(withApp(''))).lines).toEqual([]);
  });

  it.each([
    [
      'a second hostname',
      [
        { type: 'public', uri: 'app.example.com' },
        { type: 'public', uri: 'old.example.com' },
      ],
    ],
    [
      'rules of a path',
      [{ type: 'public', uri: 'app.example.com', overrides: [{ behavior: 'public', path_pattern: '/health' }] }],
    ],
    [
      'a private network',
      [
        { type: 'public', uri: 'app.example.com' },
        { type: 'private', cidr: '10.0.0.0/8' },
      ],
    ],
  ])('Q33: %s that others put before the application stays', async (_what, destinations) => {
    const { run, app } = await applied(withApp(''));
    await run.send('PUT', `~/access/apps/${app.id}`, {
      type: 'self_hosted',
      name: 'classic',
      domain: 'app.example.com',
      destinations,
      policies: app.policies,
    });
    const result = await run.apply(withApp('session_duration: 8h'));
    expect(appWrite(result)?.body.destinations).toEqual(destinations);
    expect((await run.send('GET', `~/access/apps/${app.id}`)).destinations).toEqual(destinations);
  });

  it('Q34: a portal never gets a destination through itself', async () => {
    const { result } = await applied(withPortal('policies: [people]'));
    expect(appWrite(result)?.body).not.toHaveProperty('destinations');
    const direct = runSandbox();
    await expect(
      direct.send('POST', '~/access/apps', {
        type: 'mcp_portal',
        domain: 'x.example.com',
        destinations: [{ type: 'via_mcp_server_portal', mcp_server_id: 'a' }],
      }),
    ).rejects.toThrow('via_mcp_server_portal');
  });

  it('Q35: an application lets go of a policy before the policy is deleted', async () => {
    const { run } = await applied(withServer('policies: [people, robots]'));
    const yaml = `version: 1
policies: { people: { decision: allow, include: [{ email: a@example.com }] }, robots: { absent: true } }
servers: { a: { url: https://a.example.com/mcp, access: { policies: [people] } } }
`;
    const result = await run.apply(yaml);
    expect(result.writes.map(({ method, path }) => `${method} ${path.split('/')[2]}`)).toEqual(['PUT apps', 'DELETE policies']);
    expect(result.kept).toEqual([]);
  });

  it('Q36: an application that is made right after its policy is sent again until the policy is known', async () => {
    let now = Date.parse('2026-11-01T00:00:00Z');
    const run = runSandbox({ now: () => new Date((now += 200)), faults: { policyDelayMs: 2000 } });
    const result = await run.apply(withServer('policies: [people]'));
    expect(result.ok).toBe(true);
    const tries = result.writes.filter(({ path }) => path === '~/access/apps').map(({ status }) => status);
    expect(tries.length).toBeGreaterThan(1);
    expect(tries).toEqual([...tries.slice(1).map(() => 400), 201]);
    expect(await run.send('GET', '~/access/apps')).toHaveLength(1);
  });

  it('Q37: a listing that is refused while a policy settles is asked again, never taken for empty', async () => {
    const { run } = await applied(withServer('policies: [people]'));
    const { fetch } = run.account;
    let refusals = 3;
    vi.spyOn(run.account, 'fetch').mockImplementation(async (request) => {
      if (!request.url.includes('/access/apps?') || refusals-- <= 0) return fetch(request);
      const errors = [{ code: 12130, message: 'access.api.error.invalid_request: policy is not found' }];
      return Response.json({ success: false, errors, messages: [], result: null }, { status: 400 });
    });
    expect((await run.plan(withServer('policies: [people]'))).lines).toEqual([]);
    run.account.faults.fail({ what: 'forbidden', path: /access\/apps$/, times: 9 });
    await expect(run.plan(withServer('policies: [people]'))).rejects.toMatchObject({ exitCode: 1 });
  });

  it('Q38: an application that is refused says so with the ray id', async () => {
    const run = runSandbox();
    const { fetch } = run.account;
    vi.spyOn(run.account, 'fetch').mockImplementation(async (request) => {
      if (request.method !== 'POST' || !request.url.endsWith('/access/apps')) return fetch(request);
      const errors = [{ code: 12130, message: 'access.api.error.invalid_request: unrecognized policy decision' }];
      return Response.json(
        { success: false, errors, messages: [], result: null },
        { status: 400, headers: { 'cf-ray': '8f00000000000001-FRA' } },
      );
    });
    const result = await run.apply(withApp(''));
    expect(result.outcomes.find(({ address }) => address === 'application:classic')?.error).toMatch(
      /unrecognized policy decision.*8f00000000000001-FRA/,
    );
  });

  it('Q39: a group id in the place of a policy id is refused in words', async () => {
    const run = runSandbox();
    const group = await run.send('POST', '~/access/groups', { name: 'staff', include: [{ everyone: {} }] });
    const result = await run.apply(
      `version: 1\nservers: { a: { url: https://a.example.com/mcp, access: { policies: [${group.id}] } } }`,
    );
    expect(result.outcomes.find(({ address }) => address === 'server_app:a')).toMatchObject({ ok: false });
  });

  it.each(['server', 'portal', 'application'])('Q40: an application with policies of its own is refused: %s', async (what) => {
    const yaml =
      { server: withServer('policies: [people]'), portal: withPortal('policies: [people]'), application: withApp('') }[what] ??
      '';
    const { run, app } = await applied(yaml);
    const own = await run.send('PUT', `~/access/apps/${app.id}`, {
      type: app.type,
      name: app.name,
      ...(app.domain ? { domain: app.domain } : { destinations: app.destinations }),
      policies: [{ name: 'mine', decision: 'allow', include: [{ everyone: {} }], precedence: 1 }],
    });
    const before = run.account.requests.length;
    await expect(run.apply(yaml)).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining(own.policies[0].id) });
    expect(run.account.requests.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('Q40: policies of its own stay where the document does not speak of policies', async () => {
    const { run, app } = await applied(withServer('session_duration: 24h'));
    await run.send('PUT', `~/access/apps/${app.id}`, {
      type: 'mcp',
      name: 'a',
      destinations: app.destinations,
      policies: [{ name: 'mine', decision: 'allow', include: [{ everyone: {} }], precedence: 1 }],
    });
    const result = await run.apply(withServer('session_duration: 8h'));
    expect(appWrite(result)?.body).not.toHaveProperty('policies');
    expect((await run.send('GET', `~/access/apps/${app.id}`)).policies).toMatchObject([{ name: 'mine' }]);
  });

  it('Q41: managed OAuth comes back with its defaults spelled out', async () => {
    const yaml = withPortal('policies: [people], oauth: { enabled: true }');
    const { run, app } = await applied(yaml);
    expect(app.oauth_configuration).toMatchObject({
      dynamic_client_registration: { allow_any_on_localhost: true },
      grant: { access_token_lifetime: '15m' },
    });
    expect((await run.plan(yaml)).lines).toEqual([]);
    const spelled = withPortal(
      `policies: [people], oauth: { enabled: true, dynamic_client_registration: { enabled: true, allow_any_on_loopback: true, allowed_uris: [] }, grant: { access_token_lifetime: 15m0s } }`,
    );
    expect((await run.plan(spelled)).lines).toEqual([]);
  });

  it('Q41: an empty oauth block turns it on, as the API does', async () => {
    const { run } = await applied(withPortal('policies: [people], oauth: {}'));
    expect((await run.plan(withPortal('policies: [people], oauth: {}'))).lines).toEqual([]);
    await run.apply(withPortal('policies: [people], oauth: null'));
    expect((await run.plan(withPortal('policies: [people], oauth: {}'))).lines).toEqual([
      'update portal_app:p access.oauth.enabled',
    ]);
  });

  it('Q41: leaving oauth out keeps it, null turns it off', async () => {
    const { run } = await applied(
      withPortal(
        'policies: [people], oauth: { enabled: true, dynamic_client_registration: { allowed_uris: ["https://claude.ai/*"] } }',
      ),
    );
    const left = await run.apply(withPortal('policies: [people], session_duration: 8h'));
    expect(appWrite(left)?.body.oauth_configuration.dynamic_client_registration.allowed_uris).toEqual(['https://claude.ai/*']);
    const off = await run.apply(withPortal('policies: [people], oauth: null'));
    expect(off.lines).toEqual(['update portal_app:p access.oauth.enabled']);
    expect(off.kept).toEqual([]);
    expect((await run.plan(withPortal('policies: [people], oauth: null'))).lines).toEqual([]);
  });

  it('Q42: redirect addresses are a set, and durations are compared as time', async () => {
    const { run } = await applied(
      withPortal(
        'policies: [people], oauth: { dynamic_client_registration: { allowed_uris: ["https://a.example/*", "https://b.example/*"] }, grant: { session_duration: 336h } }',
      ),
    );
    const same = withPortal(
      'policies: [people], oauth: { dynamic_client_registration: { allowed_uris: ["https://b.example/*", "https://a.example/*"] }, grant: { session_duration: 336h0m0s } }',
    );
    expect((await run.plan(same)).lines).toEqual([]);
    const other = same.replace('336h0m0s', '24h');
    expect((await run.plan(other)).lines).toEqual(['update portal_app:p access.oauth.grant.session_duration']);
  });

  it('Q44: a PUT keeps what others set in the dashboard', async () => {
    const { run, app } = await applied(withApp(''));
    const dashboard = {
      logo_url: 'https://example.com/logo.png',
      custom_deny_message: 'Ask the help desk',
      custom_pages: ['b9c0a5a0-0000-4000-8000-000000000001'],
      cors_headers: { allowed_origins: ['https://example.com'], allowed_methods: ['GET'], max_age: 60 },
      http_only_cookie_attribute: false,
      same_site_cookie_attribute: 'lax',
      skip_interstitial: true,
      app_launcher_visible: false,
      mfa_config: { mfa_disabled: true },
      read_service_tokens_from_header: 'Authorization',
    };
    await run.send('PUT', `~/access/apps/${app.id}`, {
      type: 'self_hosted',
      name: 'Renamed',
      domain: 'app.example.com',
      policies: app.policies,
      ...dashboard,
    });
    const result = await run.apply(withApp('session_duration: 8h'));
    expect(result.lines).toEqual(['update application:classic session_duration']);
    expect(await run.send('GET', `~/access/apps/${app.id}`)).toMatchObject({
      ...dashboard,
      name: 'Renamed',
      session_duration: '8h',
    });
  });

  it('Q44: the same for the application of a server', async () => {
    const { run, app } = await applied(withServer('policies: [people]'));
    const dashboard = {
      logo_url: 'https://example.com/logo.png',
      custom_deny_url: 'https://example.com/no',
      scim_config: { enabled: true },
    };
    const destinations = [...app.destinations, { type: 'public', uri: 'direct.example.com' }];
    await run.send('PUT', `~/access/apps/${app.id}`, {
      type: 'mcp',
      name: 'a',
      destinations,
      policies: app.policies,
      ...dashboard,
    });
    await run.apply(withServer('policies: [people], session_duration: 8h'));
    expect(await run.send('GET', `~/access/apps/${app.id}`)).toMatchObject({
      ...dashboard,
      destinations,
      session_duration: '8h',
    });
  });

  it('Q45: only the account is asked, never a zone', async () => {
    const { result } = await applied(withPortal('policies: [people]'));
    expect(result.requests.filter(({ path }) => path.startsWith('/zones/') && path.includes('access'))).toEqual([]);
  });
});

describe('every field of an application', () => {
  const fields: readonly (readonly [field: string, set: string, cleared: string])[] = [
    ['session_duration', '8h', '""'],
    ['session_duration', '90m', 'null'],
    ['allowed_idps', '[a3f1c2d4-0000-4000-8000-000000000001]', '[]'],
    ['tags', '[one, two]', '[]'],
    ['tags', '[one]', 'null'],
    ['logo_url', 'https://example.com/a.png', '""'],
    ['custom_deny_message', 'No', 'null'],
    ['custom_deny_url', 'https://example.com/no', '""'],
    ['custom_non_identity_deny_url', 'https://example.com/no', '""'],
    ['custom_pages', '[b9c0a5a0-0000-4000-8000-000000000001]', '[]'],
    ['http_only_cookie_attribute', 'false', 'true'],
    ['same_site_cookie_attribute', 'strict', '""'],
    ['allow_authenticate_via_warp', 'true', 'false'],
    ['app_launcher_visible', 'false', 'true'],
    ['service_auth_401_redirect', 'true', 'false'],
    ['skip_interstitial', 'true', 'false'],
    ['enable_binding_cookie', 'true', 'false'],
    ['path_cookie_attribute', 'true', 'false'],
    ['allow_iframe', 'true', 'false'],
    ['read_service_tokens_from_header', 'Authorization', '""'],
    ['cors', '{ allowed_origins: ["https://example.com"], allowed_methods: [get] }', 'null'],
  ];
  it.each(fields)('%s: set to %s, left alone when it is left out, cleared by %s', async (field, set, cleared) => {
    const { run } = await applied(withApp(`${field}: ${set}`));
    expect((await run.plan(withApp(`${field}: ${set}`))).lines).toEqual([]);
    expect((await run.plan(withApp(''))).lines).toEqual([]);
    const result = await run.apply(withApp(`${field}: ${cleared}`));
    expect(result.lines).toEqual([`update application:classic ${field}`]);
    expect(result.kept).toEqual([]);
    expect((await run.plan(withApp(`${field}: ${cleared}`))).lines).toEqual([]);
  });

  it('auto_redirect_to_identity needs exactly one identity provider', async () => {
    const idp = 'a3f1c2d4-0000-4000-8000-000000000001';
    await applied(withApp(`auto_redirect_to_identity: true, allowed_idps: [${idp}]`));
    for (const access of [
      'auto_redirect_to_identity: true, allowed_idps: []',
      'auto_redirect_to_identity: true, allowed_idps: null',
    ]) {
      expect(() => runSandbox().load(withApp(access))).toThrow('needs exactly one of allowed_idps');
      expect(() => runSandbox().load(withPortal(`policies: [people], ${access}`))).toThrow(
        'portals.p.access: auto_redirect_to_identity',
      );
    }
  });

  it('a new name is an update, and a left-out name leaves the live one', async () => {
    const { run, app } = await applied(withApp('name: Classic'));
    expect(app.name).toBe('Classic');
    expect((await run.plan(withApp(''))).lines).toEqual([]);
    expect((await run.plan(withApp('name: Other'))).lines).toEqual(['update application:classic name']);
  });

  it('the order of policies is their precedence', async () => {
    const { run } = await applied(withServer('policies: [people, robots]'));
    const result = await run.apply(withServer('policies: [robots, people]'));
    expect(result.plan.changes).toMatchObject([
      { fields: [{ path: 'access.policies', before: ['people', 'robots'], after: ['robots', 'people'] }] },
    ]);
    expect(appWrite(result)?.body.policies.map(({ precedence }: { precedence: number }) => precedence)).toEqual([1, 2]);
    expect((await run.plan(withServer('policies: [robots, people]'))).lines).toEqual([]);
  });

  it('a policy that is named twice is attached once', async () => {
    const { run } = await applied(withServer('policies: [people, people]'));
    expect((await run.plan(withServer('policies: [people, people]'))).lines).toEqual([]);
  });

  it('a policy may be named by its id', async () => {
    const run = runSandbox();
    const policy = await run.send('POST', '~/access/policies', { name: 'Live', decision: 'allow', include: [{ everyone: {} }] });
    const yaml = `version: 1\nservers: { a: { url: https://a.example.com/mcp, access: { policies: [${policy.id}] } } }`;
    expect((await run.apply(yaml)).ok).toBe(true);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('an unknown policy is an error of the document, with a guess', () => {
    expect(() => runSandbox().load(withServer('policies: [poeple]'))).toThrow(/there is no policy "poeple"/);
    expect(problems(withServer('policies: [poeple]'))).toMatchObject([
      { hint: 'did you mean "people"?', place: { line: 6, path: 'servers.a.access.policies[0]' } },
    ]);
  });
});

/** The findings of a document that is refused. */
function problems(yaml: string): readonly Finding[] {
  try {
    runSandbox().load(yaml);
  } catch (error) {
    if (error instanceof SpecError) return error.findings;
    throw error;
  }
  throw new Error('the document is valid');
}

describe('cors', () => {
  const seed =
    '{ allowed_origins: ["*"], allowed_methods: [GET, POST, PUT, DELETE, OPTIONS], allow_credentials: true, max_age: 3600 }';

  it('warns of any origin together with credentials, and still applies it', async () => {
    const { run, result } = await applied(withApp(`cors: ${seed}`));
    expect(result.findings).toMatchObject([
      { severity: 'warning', code: 'MCP004', place: { line: 6, path: 'applications.classic.cors' } },
    ]);
    expect((await run.plan(withApp(`cors: ${seed}`))).lines).toEqual([]);
    expect(runSandbox().load(withPortal(`policies: [people], cors: ${seed}`)).findings).toMatchObject([{ code: 'MCP004' }]);
  });

  it('compares lists as sets, methods in upper and headers in lower case', async () => {
    const { run } = await applied(
      withApp(
        'cors: { allowed_origins: ["https://a.example", "https://b.example"], allowed_methods: [GET, POST], allowed_headers: [X-One, X-Two] }',
      ),
    );
    const same = withApp(
      'cors: { allowed_origins: ["https://b.example", "https://a.example"], allowed_methods: [post, get], allowed_headers: [x-two, X-ONE], allow_credentials: false, allow_all_origins: false }',
    );
    expect((await run.plan(same)).lines).toEqual([]);
    expect((await run.plan(same.replace('x-two', 'x-three'))).lines).toEqual(['update application:classic cors.allowed_headers']);
  });

  it('changes one member and keeps the others', async () => {
    const { run, app } = await applied(withApp(`cors: ${seed}`));
    const result = await run.apply(withApp('cors: { max_age: 60 }'));
    expect(result.lines).toEqual(['update application:classic cors.max_age']);
    expect((await run.send('GET', `~/access/apps/${app.id}`)).cors_headers).toMatchObject({
      allowed_origins: ['*'],
      allow_credentials: true,
      max_age: 60,
    });
  });

  it('goes from all origins to some, and back', async () => {
    const { run, app } = await applied(withApp('cors: { allow_all_origins: true, allowed_methods: [GET] }'));
    const some = await run.apply(withApp('cors: { allowed_origins: ["https://a.example"] }'));
    expect(appWrite(some)?.body.cors_headers).toEqual({
      allow_credentials: false,
      allowed_methods: ['GET'],
      allowed_origins: ['https://a.example'],
    });
    expect(some.kept).toEqual([]);
    await run.apply(withApp('cors: { allow_all_origins: true }'));
    expect((await run.send('GET', `~/access/apps/${app.id}`)).cors_headers).not.toHaveProperty('allowed_origins');
    expect((await run.plan(withApp('cors: { allow_all_origins: true }'))).lines).toEqual([]);
  });

  it('refuses a list beside its allow_all', () => {
    expect(() => runSandbox().load(withApp('cors: { allow_all_methods: true, allowed_methods: [GET] }'))).toThrow(
      'both allow_all_methods and allowed_methods',
    );
  });

  it('takes the place of the preflight bypass, which the API refuses beside it', async () => {
    const { run, app } = await applied(withApp(''));
    await run.send('PUT', `~/access/apps/${app.id}`, {
      type: 'self_hosted',
      name: 'classic',
      domain: 'app.example.com',
      policies: app.policies,
      options_preflight_bypass: true,
    });
    expect((await run.apply(withApp('session_duration: 8h'))).ok).toBe(true);
    expect((await run.send('GET', `~/access/apps/${app.id}`)).options_preflight_bypass).toBe(true);
    expect((await run.apply(withApp(`cors: ${seed}`))).ok).toBe(true);
  });
});

describe('which live application is meant', () => {
  it.each(['server', 'portal', 'application'])('two that match are refused, naming both: %s', async (what) => {
    const yaml =
      { server: withServer('policies: [people]'), portal: withPortal('policies: [people]'), application: withApp('') }[what] ??
      '';
    const { run, app } = await applied(yaml);
    const twin = await run.send('POST', '~/access/apps', {
      type: app.type,
      name: 'twin',
      ...(app.domain ? { domain: app.domain } : { destinations: app.destinations }),
    });
    const error = await run.plan(yaml).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 3 });
    expect(String(error)).toContain(app.id);
    expect(String(error)).toContain(twin.id);
  });

  it('a document finds its application in any spelling of the domain', async () => {
    const { run } = await applied(withApp(''));
    for (const domain of ['APP.Example.com', 'app.example.com.', 'app.example.com/']) {
      expect((await run.plan(withApp('').replace('app.example.com', domain))).lines).toEqual([]);
    }
  });

  it('paths and wildcards are part of the domain', async () => {
    const yaml = `version: 1
applications:
  api: { domain: app.example.com/Api/v1 }
  all: { domain: "*.Example.com" }
  unicode: { domain: bücher.example.com }
`;
    const { run } = await applied(yaml);
    const domains = (await run.send('GET', '~/access/apps')).map((app: { domain: string }) => app.domain);
    expect(domains.toSorted()).toEqual(['*.example.com', 'app.example.com/Api/v1', 'xn--bcher-kva.example.com']);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it.each(['https://app.example.com', 'app example.com', '""'])('refuses the domain %s', (domain) => {
    expect(() =>
      runSandbox().load(`version: 1\napplications: { a: { domain: ${domain.startsWith('"') ? domain : `"${domain}"`} } }`),
    ).toThrow('a hostname is needed');
  });

  it('a type that documents cannot have is refused', () => {
    expect(() => runSandbox().load('version: 1\napplications: { a: { type: saas, domain: a.example.com } }')).toThrow(
      'self_hosted',
    );
  });

  it('a new hostname of a portal changes its application in place', async () => {
    const { run, app } = await applied(withPortal('policies: [people]'));
    const moved = withPortal('policies: [people]').replace('mcp.example.com', 'new.example.com');
    const result = await run.apply(moved);
    expect(result.lines).toContain('update portal_app:p access.domain');
    const apps = await run.send('GET', '~/access/apps');
    expect(apps).toMatchObject([{ id: app.id, domain: 'new.example.com', self_hosted_domains: ['new.example.com'] }]);
    expect((await run.plan(moved)).lines).toEqual([]);
  });

  it('a lost answer to a creation does not make a second application', async () => {
    for (const yaml of [withApp(''), withServer('policies: [people]'), withPortal('policies: [people]')]) {
      const run = runSandbox();
      run.account.faults.fail({ what: 'lost', method: 'POST', path: /access\/apps$/ });
      expect((await run.apply(yaml)).ok).toBe(true);
      expect(await run.send('GET', '~/access/apps')).toHaveLength(1);
    }
  });
});

describe('removal', () => {
  it('an absent application goes, and one that is not there is no change', async () => {
    const { run } = await applied(withApp(''));
    const absent = 'version: 1\napplications: { classic: { domain: app.example.com, absent: true } }';
    const result = await run.apply(absent);
    expect(result.lines).toEqual(['delete application:classic']);
    expect(result.plan.changes[0]?.impact).toContain('app.example.com');
    expect(await run.send('GET', '~/access/apps')).toEqual([]);
    expect((await run.plan(absent)).lines).toEqual([]);
  });

  it('two absent portals without their hostnames are two', async () => {
    const run = runSandbox();
    expect((await run.plan('version: 1\nportals: { a: { absent: true }, b: { absent: true } }')).lines).toEqual([]);
  });

  it('a policy that a foreign application uses stays, and its user is named', async () => {
    const run = runSandbox();
    await run.apply(`version: 1\n${people}`);
    const policy = (await run.send('GET', '~/access/policies')).find(({ name }: { name: string }) => name === 'people');
    const foreign = await run.send('POST', '~/access/apps', {
      type: 'self_hosted',
      name: 'intranet',
      domain: 'intra.example.com',
      policies: [policy.id],
    });
    const absent = 'version: 1\npolicies: { people: { absent: true } }';
    const error = await run.apply(absent).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('policy:people is still used by application:intranet'),
    });
    await run.send('DELETE', `~/access/apps/${foreign.id}`);
    expect((await run.apply(absent)).ok).toBe(true);
  });

  it.each(['saas', 'app_launcher', 'warp', 'bookmark'])(
    'also an application without a domain can use a policy: %s',
    async (type) => {
      const run = runSandbox();
      await run.apply(`version: 1\n${people}`);
      const [policy] = await run.send('GET', '~/access/policies');
      await run.send('POST', '~/access/apps', { type, name: 'elsewhere', policies: [policy.id] });
      await expect(run.plan(`version: 1\npolicies: { ${policy.name}: { absent: true } }`)).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringContaining('application:elsewhere'),
      });
    },
  );

  it('destroy leaves a policy that a foreign application uses, and says so', async () => {
    const run = runSandbox();
    await run.apply(withServer('policies: [people]'));
    const policies = await run.send('GET', '~/access/policies');
    const used = policies.find(({ name }: { name: string }) => name === 'people');
    await run.send('POST', '~/access/apps', {
      type: 'self_hosted',
      name: 'intranet',
      domain: 'intra.example.com',
      policies: [used.id],
    });
    const result = await run.apply(withServer('policies: [people]'), { destroy: true });
    expect(result.plan.left_in_place).toEqual([{ address: 'policy:people', why: 'still used by application:intranet' }]);
    expect(result.ok).toBe(true);
    expect((await run.send('GET', '~/access/policies')).map(({ name }: { name: string }) => name)).toEqual(['people']);
  });

  it('an absent policy cannot be used', () => {
    expect(() =>
      runSandbox().load(
        'version: 1\npolicies: { people: { absent: true } }\napplications: { a: { domain: a.example.com, policies: [people] } }',
      ),
    ).toThrow('policies.people is absent: true');
  });
});
