import { describe, expect, it } from 'vitest';
import { runSandbox } from '../support/run-sandbox.ts';

const portals = '~/access/ai-controls/mcp/portals';
const servers = '~/access/ai-controls/mcp/servers';
const two = 'servers: { a: { url: https://a.example.com/mcp }, b: { url: https://b.example.com/mcp } }';
const doc = (fields: string) =>
  `version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, dns: false${fields === '' ? '' : `, ${fields}`} } }`;

/** A portal that others have filled in completely. */
async function adopted() {
  const run = runSandbox();
  await run.apply(`version: 1\n${two}`);
  await run.send('POST', portals, {
    id: 'p',
    name: 'Elsewhere',
    hostname: 'mcp.example.com',
    description: 'Theirs',
    code_mode: 'enforced',
    secure_web_gateway: true,
    servers: [
      {
        server_id: 'a',
        default_disabled: true,
        on_behalf: false,
        updated_tools: [{ name: 'search', alias: 'find', enabled: true }],
        updated_prompts: [{ name: 'ask', enabled: true }],
      },
    ],
  });
  return run;
}

describe('a portal in the document', () => {
  it('is sent with every field under the API’s own name', async () => {
    const run = runSandbox();
    const link =
      '{ default: disabled, on_behalf: false, tools: { search: { alias: find, description: Finds, enabled: true } }, prompts: { ask: true } }';
    const applied = await run.apply(
      doc(`name: A name, description: Text, code_mode: default_on, secure_web_gateway: true, servers: { a: ${link} }`),
    );
    expect(applied.writes.at(-1)?.body).toEqual({
      id: 'p',
      name: 'A name',
      hostname: 'mcp.example.com',
      description: 'Text',
      code_mode: 'default_on',
      secure_web_gateway: true,
      servers: [
        {
          server_id: 'a',
          default_disabled: true,
          on_behalf: false,
          updated_tools: [{ name: 'search', alias: 'find', description: 'Finds', enabled: true }],
          updated_prompts: [{ name: 'ask', enabled: true }],
        },
      ],
    });
    expect(applied.kept).toEqual([]);
  });

  it('gets the key as its name where none is said', async () => {
    const run = runSandbox();
    const applied = await run.apply(doc(''));
    expect(applied.writes.at(-1)?.body).toEqual({ id: 'p', name: 'p', hostname: 'mcp.example.com' });
  });

  it('leaves everything alone that an adopted portal’s entry leaves out', async () => {
    const run = await adopted();
    expect((await run.plan(doc(''))).lines).toEqual([]);
    expect((await run.plan(doc('servers: [a]'))).lines).toEqual([]);
    expect((await run.plan(doc('servers: { a: }'))).lines).toEqual([]);
    const before = await run.send('GET', `${portals}/p`);
    const applied = await run.apply(doc('description: Ours, servers: [a]'));
    expect(applied.lines).toEqual(['update portal:p description']);
    expect({ ...(await run.send('GET', `${portals}/p`)), modified_at: '' }).toEqual({
      ...before,
      description: 'Ours',
      modified_at: '',
    });
  });

  for (const [field, empty, member, cleared] of [
    ['description', "''", 'description', ''],
    ['description', 'null', 'description', ''],
    ['servers', '[]', 'servers', []],
    ['servers', '{}', 'servers', []],
    ['servers', 'null', 'servers', []],
    ['code_mode', 'null', 'code_mode', 'opt_in'],
    ['secure_web_gateway', 'null', 'secure_web_gateway', false],
  ] as const) {
    it(`clears ${field} for an explicit ${empty}`, async () => {
      const run = await adopted();
      const applied = await run.apply(doc(`${field}: ${empty}`));
      expect(applied.plan.changes).toHaveLength(1);
      expect(applied.plan.changes[0]?.fields.every(({ path }) => path.split('.')[0] === field)).toBe(true);
      expect(applied.kept).toEqual([]);
      expect((await run.send('GET', `${portals}/p`))[member]).toEqual(cleared);
      expect((await run.plan(doc(`${field}: ${empty}`))).lines).toEqual([]);
    });
  }

  for (const [field, empty, member, cleared] of [
    ['tools', '{}', 'updated_tools', null],
    ['tools', 'null', 'updated_tools', null],
    ['prompts', 'null', 'updated_prompts', null],
    ['default', 'null', 'default_disabled', false],
    ['on_behalf', 'null', 'on_behalf', true],
  ] as const) {
    it(`clears ${field} of a link for an explicit ${empty}`, async () => {
      const run = await adopted();
      const yaml = doc(`servers: { a: { ${field}: ${empty} } }`);
      const applied = await run.apply(yaml);
      expect(applied.plan.changes).toHaveLength(1);
      expect(applied.plan.changes[0]?.fields.every(({ path }) => path.startsWith(`servers.a.${field}`))).toBe(true);
      expect(applied.kept).toEqual([]);
      expect((await run.send('GET', `${portals}/p`)).servers[0][member]).toEqual(cleared);
      expect((await run.plan(yaml)).lines).toEqual([]);
    });
  }

  it('takes a list and a map of servers alike, and what it names is the whole', async () => {
    const run = await adopted();
    const applied = await run.apply(doc('servers: [b]'));
    expect(applied.lines).toEqual(['update portal:p servers.b, servers.a']);
    expect(applied.plan.changes[0]?.fields[1]).toMatchObject({
      path: 'servers.a',
      after: null,
      before: { default: 'disabled', on_behalf: false },
    });
    expect((await run.send('GET', `${portals}/p`)).servers).toMatchObject([
      { server_id: 'b', default_disabled: false, on_behalf: true },
    ]);
    expect((await run.plan(doc('servers: { b: {} }'))).lines).toEqual([]);
    expect((await run.plan(doc('servers: { b: { default: enabled, on_behalf: true, tools: {} } }'))).lines).toEqual([]);
  });

  it('takes a map of tools as the whole', async () => {
    const run = await adopted();
    const applied = await run.apply(doc('servers: { a: { tools: { other: true } } }'));
    expect(applied.lines).toEqual(['update portal:p servers.a.tools.other.enabled, servers.a.tools.search']);
    expect((await run.send('GET', `${portals}/p`)).servers[0].updated_tools).toMatchObject([{ name: 'other', enabled: true }]);
  });

  it('names only servers of the document, with a guess for a misspelt one', () => {
    const run = runSandbox();
    expect(() => run.load(doc('servers: [c]'))).toThrow(/no server "c"/);
    expect(() =>
      run.load(
        `version: 1\nservers: { health: { url: https://a.example.com/mcp } }\nportals: { p: { hostname: mcp.example.com, servers: [helth] } }`,
      ),
    ).toThrow(expect.objectContaining({ facts: expect.objectContaining({ hint: expect.stringContaining('health') }) }));
    expect(() => run.load(doc('servers: { a: { onbehalf: true } }'))).toThrow(/unknown key "onbehalf" in portals\.p\.servers\.a/);
  });

  it('is removed with its application and record for absent: true', async () => {
    const run = runSandbox();
    const yaml = `version: 1\npolicies: { people: { decision: allow, include: [{ email: a@example.com }] } }\n${two}\nportals: { p: { hostname: mcp.example.com, servers: [a], access: { policies: [people] } } }`;
    await run.apply(yaml);
    const gone = `version: 1\nportals: { p: { hostname: mcp.example.com, absent: true } }`;
    const applied = await run.apply(gone);
    expect(applied.lines.toSorted()).toEqual([
      'delete dns_record:mcp.example.com/CNAME',
      'delete portal:p',
      'delete portal_app:p',
    ]);
    expect(applied.ok).toBe(true);
    expect((await run.plan(gone)).lines).toEqual([]);
  });

  it('is removed with its application where absent: true says nothing else, also twice', async () => {
    const run = runSandbox();
    const entry = (id: string) => `${id}: { hostname: ${id}.example.com, dns: false, access: { policies: [people] } }`;
    const policies = 'policies: { people: { decision: allow, include: [{ email: a@example.com }] } }';
    await run.apply(`version: 1\n${policies}\nportals: { ${entry('p')}, ${entry('q')} }`);
    const applied = await run.apply(`version: 1\n${policies}\nportals: { p: { absent: true }, q: { absent: true } }`);
    expect(applied.lines.toSorted()).toEqual([
      'delete portal:p',
      'delete portal:q',
      'delete portal_app:p',
      'delete portal_app:q',
    ]);
    expect(applied.ok).toBe(true);
    expect((await run.plan(`version: 1\nportals: { p: { absent: true }, q: { absent: true } }`)).lines).toEqual([]);
  });

  it('is never deleted while it is protected', async () => {
    const run = runSandbox();
    await run.apply(doc('protect: true'));
    await expect(run.plan(doc('protect: true'), { destroy: true })).rejects.toMatchObject({ exitCode: 3 });
  });
});

describe('a new hostname', () => {
  const yaml = (host: string) => `
version: 1
policies: { people: { decision: allow, include: [{ email: a@example.com }] } }
servers: { a: { url: https://a.example.com/mcp } }
portals: { p: { hostname: ${host}, servers: { a: { on_behalf: false } }, access: { policies: [people] } } }
`;
  const old = 'dns_record:old.example.com/CNAME';

  it('changes the portal and its application in place, makes the new record and lists the old one', async () => {
    const run = runSandbox();
    await run.apply(yaml('old.example.com'));
    const [app] = await run.send('GET', '~/access/apps');
    const applied = await run.apply(yaml('new.example.com'));
    expect(applied.lines).toEqual([
      'update portal:p hostname',
      'update portal_app:p access.domain',
      'create dns_record:new.example.com/CNAME',
    ]);
    expect(applied.plan.left_in_place.map(({ address }) => address)).toEqual([old]);
    expect(applied.ok).toBe(true);
    const [now] = await run.send('GET', '~/access/apps');
    expect(now).toMatchObject({ id: app.id, aud: app.aud, domain: 'new.example.com' });
    expect((await run.plan(yaml('new.example.com'))).lines).toEqual([]);
  });

  it('takes the old record along with --prune, in the same run or later', async () => {
    const run = runSandbox();
    await run.apply(yaml('old.example.com'));
    const applied = await run.apply(yaml('new.example.com'), { prune: true });
    expect(applied.lines).toContain(`delete ${old}`);
    expect(applied.ok).toBe(true);
    const later = runSandbox();
    await later.apply(yaml('old.example.com'));
    await later.apply(yaml('new.example.com'));
    const cleaned = await later.apply(yaml('new.example.com'), { prune: true });
    expect(cleaned.lines).toEqual([`delete ${old}`]);
    expect((await later.plan(yaml('new.example.com'))).plan.left_in_place).toEqual([]);
  });

  it('leaves a record alone that another portal uses', async () => {
    const run = runSandbox();
    await run.apply(yaml('old.example.com'));
    await run.apply(yaml('new.example.com'));
    await run.send('POST', portals, { id: 'other', name: 'O', hostname: 'old.example.com' });
    const planned = await run.plan(yaml('new.example.com'), { prune: true });
    expect(planned.lines).toEqual([]);
  });
});

describe('what a portal lets go of', () => {
  const base = (linked: boolean) => `
version: 1
${linked ? 'service_tokens: { own: { out: stdout } }\ngroups: { staff: { include: [{ email_domain: example.com }] } }' : ''}
policies:
  people: { decision: allow, include: [{ email: a@example.com }] }
${linked ? '  only: { decision: allow, include: [{ group: staff }] }\n  bots: { decision: service_auth, include: [{ service_token: own }] }' : ''}
servers:
  a: { url: https://a.example.com/mcp, access: { policies: [people] } }
${linked ? '  b: { url: https://b.example.com/mcp, access: { policies: [people, only, bots] } }' : ''}
portals:
  p: { hostname: mcp.example.com, dns: false, servers: ${linked ? '[a, b]' : '[a]'}, access: { policies: [people] } }
`;
  const everything = ['group:staff', 'policy:bots', 'policy:only', 'server:b', 'server_app:b', 'service_token:own'];

  it('is listed as left in place: the server, its application, and the policies, groups and tokens that only those used', async () => {
    const run = runSandbox();
    await run.apply(base(true));
    const applied = await run.apply(base(false));
    expect(applied.lines).toEqual(['update portal:p servers.b']);
    expect(applied.plan.left_in_place.map(({ address }) => address).toSorted()).toEqual(everything);
    expect(applied.plan.left_in_place.every(({ why }) => why.includes('--prune'))).toBe(true);
    expect(await run.send('GET', servers)).toHaveLength(2);
  });

  it('goes with --prune, in an order that the API accepts', async () => {
    const run = runSandbox();
    await run.apply(base(true));
    const applied = await run.apply(base(false), { prune: true });
    expect(
      applied.lines
        .filter((line) => line.startsWith('delete'))
        .map((line) => line.slice(7))
        .toSorted(),
    ).toEqual(everything);
    expect(applied.outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
    const again = await run.plan(base(false), { prune: true });
    expect([again.lines, again.plan.left_in_place]).toEqual([[], []]);
  });

  it('stays where something else uses it', async () => {
    const run = runSandbox();
    await run.apply(base(true));
    const live = await run.send('GET', '~/access/policies');
    const only = live.find((policy: { name: string }) => policy.name === 'only');
    await run.send('POST', '~/access/apps', {
      type: 'self_hosted',
      name: 'x',
      domain: 'x.example.com',
      policies: [{ id: only.id, precedence: 1 }],
    });
    await run.send('POST', portals, { id: 'foreign', name: 'F', hostname: 'f.example.com', servers: [{ server_id: 'b' }] });
    const applied = await run.apply(base(false), { prune: true });
    expect(applied.lines).toEqual(['update portal:p servers.b']);
    expect(applied.plan.left_in_place).toEqual([
      { address: 'server:b', why: expect.stringMatching(/^still used by .*portal:foreign/) },
    ]);
  });

  it('is not the application of a server that stays, though its entry leaves access out', async () => {
    const run = runSandbox();
    await run.apply(base(true));
    const apart = base(true).replace(', access: { policies: [people, only, bots] }', '');
    const planned = await run.plan(apart, { prune: true });
    expect([planned.lines, planned.plan.left_in_place]).toEqual([[], []]);
  });
});
