import { describe, expect, it, vi } from 'vitest';
import { runSandbox, type RunSandboxOptions } from '../support/run-sandbox.ts';

const withPolicy = (settings: string): string => `version: 1
policies:
  people: { ${settings} }
`;
const allow = (rules: string): string => withPolicy(`decision: allow, include: [${rules}]`);

/** An account where `yaml` was applied, and its only policy. */
async function applied(yaml: string, options: RunSandboxOptions = {}) {
  const run = runSandbox(options);
  const result = await run.apply(yaml);
  expect(result.outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
  expect(result.kept).toEqual([]);
  const policies = await run.send('GET', '~/access/policies');
  return { run, result, policy: policies[0] };
}

/** An account that gives its objects of a listing a short id. */
const shortened = (collection: string, id: string): RunSandboxOptions => ({
  rewrite: ({ method, path }, result) =>
    method === 'GET' && path === `~/access/${collection}` && Array.isArray(result)
      ? result.map((object) => ({ ...object, id }))
      : result,
});

const policyPut = (result: Awaited<ReturnType<ReturnType<typeof runSandbox>['apply']>>) =>
  result.writes.find(({ method }) => method === 'PUT')?.body;

describe('quirks of policies', () => {
  it('Q48: an address is the network of one address, IPv6 in its short form', async () => {
    const yaml = allow('{ ip: [203.0.113.7, "2001:DB8:0:0::1", 198.51.100.9/24] }');
    const { run, result } = await applied(yaml);
    expect(result.plan.changes[0]?.fields.find(({ path }) => path === 'include')?.after).toEqual([
      { ip: '203.0.113.7/32' },
      { ip: '2001:db8::1/128' },
      { ip: '198.51.100.0/24' },
    ]);
    expect((await run.plan(yaml)).lines).toEqual([]);
    expect((await run.plan(allow('{ ip: [203.0.113.7/32, "2001:db8::1/128", 198.51.100.0/24] }'))).lines).toEqual([]);
  });

  it.each(['""', 'null'])('Q49: session_duration: %s equals absent, and is not sent', async (empty) => {
    const yaml = withPolicy(`decision: allow, session_duration: ${empty}, include: [{ everyone: true }]`);
    const { run, result } = await applied(yaml);
    expect(result.writes[0]?.body).not.toHaveProperty('session_duration');
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it.each(['""', 'null'])('Q49: session_duration: %s clears a live one', async (empty) => {
    const { run } = await applied(withPolicy('decision: allow, session_duration: 24h, include: [{ everyone: true }]'));
    const result = await run.apply(withPolicy(`decision: allow, session_duration: ${empty}, include: [{ everyone: true }]`));
    expect(result.lines).toEqual(['update policy:people session_duration']);
    expect(result.kept).toEqual([]);
    expect((await run.send('GET', '~/access/policies'))[0]).not.toHaveProperty('session_duration');
  });

  it('Q49: a duration is compared as time', async () => {
    const { run } = await applied(withPolicy('decision: allow, session_duration: 90m, include: [{ everyone: true }]'));
    expect(
      (await run.plan(withPolicy('decision: allow, session_duration: 1h30m0s, include: [{ everyone: true }]'))).lines,
    ).toEqual([]);
  });

  it('Q50: what the document does not say is not sent', async () => {
    const { result } = await applied(allow('{ everyone: true }'));
    expect(Object.keys(result.writes[0]?.body).toSorted()).toEqual(['decision', 'exclude', 'include', 'name', 'require']);
  });

  it('Q51: what the API counts by itself is no difference', async () => {
    const { run, policy } = await applied(allow('{ everyone: true }'));
    await run.send('POST', '~/access/apps', { type: 'self_hosted', domain: 'x.example.com', policies: [policy.id] });
    expect((await run.send('GET', `~/access/policies/${policy.id}`)).app_count).toBe(1);
    expect((await run.plan(allow('{ everyone: true }'))).lines).toEqual([]);
  });

  it('Q52: switches that are absent in the answer equal false', async () => {
    const yaml = withPolicy(
      'decision: bypass, approval_required: false, isolation_required: false, purpose_justification_required: false, include: [{ ip: 203.0.113.0/24 }]',
    );
    const { run, policy } = await applied(yaml);
    expect(policy).not.toHaveProperty('approval_required');
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('Q53: empty selectors that nobody sent are no difference', async () => {
    const yaml = allow('{ email: a@example.com }');
    const { run, policy } = await applied(yaml, { faults: { emptySelectors: true } });
    expect(policy.require).toEqual([{ common_name: {} }]);
    expect((await run.plan(yaml)).lines).toEqual([]);
    const result = await run.apply(allow('{ email: b@example.com }'));
    expect(policyPut(result)).toMatchObject({ require: [], exclude: [] });
  });

  it('Q53: empty selectors of every kind, alone and beside the one that is meant', async () => {
    const rewrite: RunSandboxOptions['rewrite'] = (request, result) =>
      request.path === '~/access/policies' && Array.isArray(result)
        ? result.map((policy) => ({
            ...policy,
            include: policy.include.map((rule: object) => ({ ...rule, geo: {}, okta: { name: '' } })),
            exclude: [{ azureAD: {} }, { gsuite: { email: '', identity_provider_id: null } }],
            require: null,
          }))
        : result;
    const yaml = allow('{ email: a@example.com }, { everyone: true }, { certificate: true }, { any_valid_service_token: true }');
    const { run } = await applied(yaml, { rewrite });
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('Q54: words of the document become the exact keys of the API', async () => {
    const { policy } = await applied(
      allow(
        '{ country: de }, { email_domain: "@Example.com" }, { device_posture: p1 }, { raw: { github-organization: { identity_provider_id: x, name: acme } } }',
      ),
    );
    expect(policy.include).toEqual([
      { geo: { country_code: 'DE' } },
      { email_domain: { domain: 'example.com' } },
      { device_posture: { integration_uid: 'p1' } },
      { 'github-organization': { identity_provider_id: 'x', name: 'acme' } },
    ]);
  });

  it('Q55: the order of rules, and a rule that is there twice, say nothing', async () => {
    const { run } = await applied(allow('{ email: [a@example.com, b@example.com] }, { country: DE }'));
    expect(
      (await run.plan(allow('{ country: DE }, { email: b@example.com }, { email: a@example.com }, { email: a@example.com }')))
        .lines,
    ).toEqual([]);
    expect((await run.plan(allow('{ country: DE }, { email: a@example.com }'))).lines).toEqual(['update policy:people include']);
  });

  it('Q56: two live policies of one name are refused, naming both', async () => {
    const { run, policy } = await applied(allow('{ everyone: true }'));
    const twin = await run.send('POST', '~/access/policies', { name: 'people', decision: 'deny', include: [{ everyone: {} }] });
    const error = await run.apply(allow('{ email: x@example.com }')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 3 });
    expect(String(error)).toContain(policy.id);
    expect(String(error)).toContain(twin.id);
    expect((await run.send('GET', '~/access/policies')).map(({ decision }: { decision: string }) => decision)).toEqual([
      'allow',
      'deny',
    ]);
  });

  it('Q57: policies that belong to one application are not adopted', async () => {
    const run = runSandbox();
    await run.send('POST', '~/access/apps', {
      type: 'self_hosted',
      domain: 'x.example.com',
      policies: [{ name: 'people', decision: 'deny', include: [{ everyone: {} }], precedence: 1 }],
    });
    expect((await run.plan(allow('{ everyone: true }'))).lines).toEqual(['create policy:people']);
  });
});

describe('every rule', () => {
  const rules: readonly (readonly [written: string, sent: readonly object[]])[] = [
    ['{ email: a@example.com }', [{ email: { email: 'a@example.com' } }]],
    ['{ email: [a@example.com, b@example.com] }', [{ email: { email: 'a@example.com' } }, { email: { email: 'b@example.com' } }]],
    [
      '{ email_domain: [example.com, example.org] }',
      [{ email_domain: { domain: 'example.com' } }, { email_domain: { domain: 'example.org' } }],
    ],
    ['{ everyone: true }', [{ everyone: {} }]],
    ['{ ip: [203.0.113.0/24, "2001:db8::/32"] }', [{ ip: { ip: '203.0.113.0/24' } }, { ip: { ip: '2001:db8::/32' } }]],
    ['{ country: [DE, at] }', [{ geo: { country_code: 'DE' } }, { geo: { country_code: 'AT' } }]],
    ['{ any_valid_service_token: true }', [{ any_valid_service_token: {} }]],
    ['{ login_method: [idp-1, idp-2] }', [{ login_method: { id: 'idp-1' } }, { login_method: { id: 'idp-2' } }]],
    ['{ auth_method: [mfa, hwk] }', [{ auth_method: { auth_method: 'mfa' } }, { auth_method: { auth_method: 'hwk' } }]],
    [
      '{ device_posture: [p1, p2] }',
      [{ device_posture: { integration_uid: 'p1' } }, { device_posture: { integration_uid: 'p2' } }],
    ],
    ['{ common_name: [one, two] }', [{ common_name: { common_name: 'one' } }, { common_name: { common_name: 'two' } }]],
    ['{ certificate: true }', [{ certificate: {} }]],
    ['{ raw: { email_list: { id: abc } } }', [{ email_list: { id: 'abc' } }]],
    [
      '{ raw: { user_risk_score: { user_risk_score: [low, medium] } } }',
      [{ user_risk_score: { user_risk_score: ['low', 'medium'] } }],
    ],
    ['{ raw: { cloudflare_account_member: {} } }', [{ cloudflare_account_member: {} }]],
    ['{ raw: { email: { email: a@example.com } } }', [{ email: { email: 'a@example.com' } }]],
    [
      '{ raw: { device_posture: { integration_uid: p1, account_id: x } } }',
      [{ device_posture: { integration_uid: 'p1', account_id: 'x' } }],
    ],
    ['{ group: 0a1b2c3d-0000-4000-8000-000000000001 }', [{ group: { id: '0a1b2c3d-0000-4000-8000-000000000001' } }]],
  ];
  it.each(rules)('%s', async (written, sent) => {
    for (const list of ['include', 'require', 'exclude']) {
      const yaml =
        list === 'include' ? allow(written) : withPolicy(`decision: allow, include: [{ everyone: true }], ${list}: [${written}]`);
      const { run, policy } = await applied(yaml);
      expect(policy[list]).toEqual(sent);
      expect((await run.plan(yaml)).lines).toEqual([]);
    }
  });

  it('a raw rule equals the same rule in words', async () => {
    const { run } = await applied(allow('{ raw: { email: { email: a@example.com } } }, { raw: { ip: { ip: 203.0.113.7 } } }'));
    expect((await run.plan(allow('{ email: a@example.com }, { ip: 203.0.113.7 }'))).lines).toEqual([]);
  });

  it.each([
    ['{ email: a@example.com, country: DE }', 'exactly one of'],
    ['{}', 'exactly one of'],
    ['{ everyone: false }', 'everyone'],
    ['{ emial: a@example.com }', 'unknown key "emial"'],
    ['{ email: [] }', 'an empty list matches nothing'],
    ['{ ip: 203.0.113.300 }', 'no address and no network'],
    ['{ ip: 203.0.113.0/33 }', 'no address and no network'],
    ['{ ip: "2001:db8::/129" }', 'no address and no network'],
    ['{ ip: 203.0.113.0/24/8 }', 'no address and no network'],
    ['{ raw: { email: { email: a }, geo: { country_code: DE } } }', 'exactly one selector'],
    ['{ raw: {} }', 'exactly one selector'],
  ])('refuses %s', (rule, message) => {
    expect(() => runSandbox().load(allow(rule))).toThrow(message);
  });

  it('a group may be named by its key or its id', async () => {
    const groups = 'groups: { staff: { include: [{ email_domain: example.com }] } }\n';
    const { run } = await applied(`${allow('{ group: staff }')}${groups}`);
    const [group] = await run.send('GET', '~/access/groups');
    expect((await run.send('GET', '~/access/policies'))[0].include).toEqual([{ group: { id: group.id } }]);
    expect((await run.plan(allow(`{ group: ${group.id} }`))).lines).toEqual([]);
    expect((await run.plan(`${allow(`{ group: ${group.id} }`)}${groups}`)).lines).toEqual([]);
  });

  it('a group may be named by an id that does not look like one', async () => {
    const run = runSandbox(shortened('groups', 'grp_1'));
    await run.send('POST', '~/access/groups', { name: 'staff', include: [{ everyone: {} }] });
    const result = await run.apply(allow('{ group: grp_1 }'));
    expect(result.writes[0]?.body.include).toEqual([{ group: { id: 'grp_1' } }]);
  });

  it.each([
    ['group: nobody', 'declare it in the document, or use the id of one that exists'],
    ['group: staff', 'that is the name of a live group, which a document mentions by its key in groups or by its id: ID'],
  ])('a mention of a group that is neither a key nor an id is refused before anything is written: %s', async (rule, hint) => {
    const run = runSandbox();
    const { id } = await run.send('POST', '~/access/groups', { name: 'staff', include: [{ everyone: {} }] });
    const before = run.account.requests.length;
    await expect(run.apply(allow(`{ ${rule} }`))).rejects.toMatchObject({
      exitCode: 3,
      message: `policy:people: there is no ${rule.replace(': ', ' "')}"`,
      facts: { hint: hint.replace('ID', id) },
    });
    expect(run.account.requests.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('a group that is nearly a key of the document is a slip, found without the account', () => {
    const yaml = `${allow('{ group: staf }')}groups: { staff: { include: [{ everyone: true }] } }\n`;
    expect(() => runSandbox().load(yaml)).toThrow('there is no group "staf"');
  });

  it('a session of 0 needs no quotes', async () => {
    const yaml = (session: string) => withPolicy(`decision: allow, include: [{ everyone: true }], session_duration: ${session}`);
    const { run, policy } = await applied(yaml('0'));
    expect(policy.session_duration).toMatch(/^0s?$/);
    expect((await run.plan(yaml('"0"'))).lines).toEqual([]);
    expect(() => run.load(yaml('5'))).toThrow('session_duration: expected');
    expect(() => run.load(yaml('1d'))).toThrow('a duration is written as Go does');
  });

  it('a service token may be named by its key, its name or its id', async () => {
    const tokens = 'service_tokens: { ci: { name: chittymcp-service-token, out: stdout } }\n';
    const bots = (ref: string) => withPolicy(`decision: service_auth, include: [{ service_token: ${ref} }]`);
    const { run } = await applied(`${bots('ci')}${tokens}`);
    const [token] = await run.send('GET', '~/access/service_tokens');
    expect((await run.send('GET', '~/access/policies'))[0].include).toEqual([{ service_token: { token_id: token.id } }]);
    for (const yaml of [
      `${bots('ci')}${tokens}`,
      bots('chittymcp-service-token'),
      bots(token.id),
      `${bots(token.id)}${tokens}`,
      `${bots('chittymcp-service-token')}${tokens}`,
    ]) {
      expect((await run.plan(yaml)).lines).toEqual([]);
    }
  });

  it('a service token that is nowhere is refused before anything is written, with a guess', async () => {
    const run = runSandbox();
    await run.send('POST', '~/access/service_tokens', { name: 'robots' });
    const yaml = `${withPolicy('decision: service_auth, include: [{ service_token: robot }]')}servers: { a: { url: https://a.example.com/mcp, access: { policies: [people] } } }\n`;
    await expect(run.apply(yaml)).rejects.toMatchObject({
      exitCode: 3,
      message: 'policy:people: there is no service token "robot"',
      facts: { hint: 'did you mean "robots"?' },
    });
    expect(run.account.requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith('service_tokens'))).toEqual([]);
  });

  it('two live service tokens of the name that is used are refused, naming both', async () => {
    const run = runSandbox();
    const one = await run.send('POST', '~/access/service_tokens', { name: 'ci' });
    const two = await run.send('POST', '~/access/service_tokens', { name: 'ci' });
    const error = await run
      .plan(withPolicy('decision: service_auth, include: [{ service_token: ci }]'))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 3 });
    expect(String(error)).toContain(one.id);
    expect(String(error)).toContain(two.id);
  });
});

describe('every field of a policy', () => {
  it.each([
    ['service_auth', 'non_identity'],
    ['non_identity', 'non_identity'],
    ['allow', 'allow'],
    ['deny', 'deny'],
    ['bypass', 'bypass'],
  ])('decision: %s is sent as %s', async (decision, sent) => {
    const yaml = withPolicy(`decision: ${decision}, include: [{ any_valid_service_token: true }]`);
    const { run, policy } = await applied(yaml);
    expect(policy.decision).toBe(sent);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('service_auth and non_identity are one word', async () => {
    const { run } = await applied(withPolicy('decision: service_auth, include: [{ any_valid_service_token: true }]'));
    expect((await run.plan(withPolicy('decision: non_identity, include: [{ any_valid_service_token: true }]'))).lines).toEqual(
      [],
    );
    const changed = await run.plan(withPolicy('decision: allow, include: [{ any_valid_service_token: true }]'));
    expect(changed.plan.changes[0]?.fields).toMatchObject([{ path: 'decision', before: 'service_auth', after: 'allow' }]);
  });

  const fields: readonly (readonly [field: string, set: string, cleared: string])[] = [
    ['session_duration', '8h', '""'],
    ['purpose_justification_required', 'true', 'false'],
    ['purpose_justification_prompt', 'Why?', '""'],
    ['purpose_justification_prompt', 'Why?', 'null'],
    ['approval_required', 'true', 'false'],
    ['isolation_required', 'true', 'false'],
    ['require', '[{ country: DE }]', '[]'],
    ['require', '[{ country: DE }]', 'null'],
    ['exclude', '[{ country: DE }]', '[]'],
    ['exclude', '[{ country: DE }]', 'null'],
  ];
  it.each(fields)('%s: set to %s, left alone when it is left out, cleared by %s', async (field, set, cleared) => {
    const plain = 'decision: allow, include: [{ everyone: true }]';
    const { run } = await applied(withPolicy(`${plain}, ${field}: ${set}`));
    expect((await run.plan(withPolicy(`${plain}, ${field}: ${set}`))).lines).toEqual([]);
    expect((await run.plan(withPolicy(plain))).lines).toEqual([]);
    const result = await run.apply(withPolicy(`${plain}, ${field}: ${cleared}`));
    expect(result.lines).toEqual([`update policy:people ${field}`]);
    expect(result.kept).toEqual([]);
    expect((await run.plan(withPolicy(`${plain}, ${field}: ${cleared}`))).lines).toEqual([]);
  });

  it('an update keeps what others set and the document does not say', async () => {
    const { run, policy } = await applied(allow('{ everyone: true }'));
    const others = {
      session_duration: '12h',
      approval_required: true,
      approval_groups: [{ approvals_needed: 1, email_addresses: ['boss@example.com'] }],
      mfa_config: { allowed_authenticators: ['totp'] },
      require: [{ geo: { country_code: 'DE' } }, { email_list: { id: 'abc' } }],
    };
    await run.send('PUT', `~/access/policies/${policy.id}`, {
      name: 'people',
      decision: 'allow',
      include: [{ everyone: {} }],
      ...others,
    });
    const result = await run.apply(allow('{ email: a@example.com }'));
    expect(result.lines).toEqual(['update policy:people include']);
    expect((await run.send('GET', '~/access/policies'))[0]).toMatchObject(others);
  });

  it('is found by its name, and a left-out name is the key', async () => {
    const run = runSandbox();
    await run.send('POST', '~/access/policies', {
      name: 'ChittyMCP User Access',
      decision: 'allow',
      include: [{ everyone: {} }],
    });
    expect(
      (await run.plan(withPolicy('name: ChittyMCP User Access, decision: allow, include: [{ everyone: true }]'))).lines,
    ).toEqual([]);
    expect((await run.plan(allow('{ everyone: true }'))).lines).toEqual(['create policy:people']);
  });

  it('two entries of one name are refused', () => {
    expect(() =>
      runSandbox().load(
        `version: 1\npolicies:\n  a: { name: x, decision: allow, include: [{ everyone: true }] }\n  b: { name: x, decision: deny, include: [{ everyone: true }] }\n`,
      ),
    ).toThrow('mean the same object');
  });

  it.each([
    ['include: [{ everyone: true }]', 'needs decision:'],
    ['decision: allow', 'needs include:'],
    ['decision: allow, include: []', 'needs include:'],
    ['decision: permit, include: [{ everyone: true }]', 'decision'],
    ['decision: allow, session_duration: 1d, include: [{ everyone: true }]', 'as Go does'],
  ])('refuses { %s }', (settings, message) => {
    expect(() => runSandbox().load(withPolicy(settings))).toThrow(message);
  });

  it('a lost answer to a creation does not make a second policy', async () => {
    const run = runSandbox();
    run.account.faults.fail({ what: 'lost', method: 'POST', path: /access\/policies$/ });
    expect((await run.apply(allow('{ everyone: true }'))).ok).toBe(true);
    expect(await run.send('GET', '~/access/policies')).toHaveLength(1);
  });
});

describe('removal', () => {
  it('an absent policy goes, and one that is not there is no change', async () => {
    const { run } = await applied(allow('{ everyone: true }'));
    const result = await run.apply(withPolicy('absent: true'));
    expect(result.lines).toEqual(['delete policy:people']);
    expect((await run.plan(withPolicy('absent: true'))).lines).toEqual([]);
  });

  it('Q35: a policy that the API still holds in use is deleted as soon as it lets go', async () => {
    const { run, policy } = await applied(allow('{ everyone: true }'));
    const stranger = await run.send('POST', '~/access/apps', {
      type: 'self_hosted',
      domain: 'x.example.com',
      policies: [policy.id],
    });
    const { fetch } = run.account;
    let refusals = 0;
    vi.spyOn(run.account, 'fetch').mockImplementation(async (request) => {
      // The listing does not show the application any more, and the policy does not know that yet.
      if (request.method === 'GET' && request.url.includes('/access/apps?'))
        return Response.json({ success: true, errors: [], messages: [], result: [] });
      const response = await fetch(request);
      if (response.status === 409 && ++refusals === 3)
        run.account.state.applications = run.account.state.applications.filter(({ id }) => id !== stranger.id);
      return response;
    });
    const result = await run.apply(withPolicy('absent: true'));
    expect(result.writes.map(({ method, status }) => `${method} ${status}`)).toEqual([
      'DELETE 409',
      'DELETE 409',
      'DELETE 409',
      'DELETE 200',
    ]);
    expect(result.ok).toBe(true);
  });

  it('protect: true keeps it', async () => {
    const { run } = await applied(allow('{ everyone: true }'));
    await expect(run.apply(withPolicy('absent: true, protect: true'))).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('policy:people is protected'),
    });
  });
});
