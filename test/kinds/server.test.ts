import { describe, expect, it } from 'vitest';
import { readSecret } from '../../src/secrets/sources.ts';
import { fakeWorld } from '../fake-world.ts';
import { runSandbox } from '../support/run-sandbox.ts';

const servers = '~/access/ai-controls/mcp/servers';
const doc = (fields: string) =>
  `version: 1\nservers: { a: { url: https://a.example.com/mcp${fields === '' ? '' : `, ${fields}`} } }`;

/** A server that others have filled in completely. */
async function adopted() {
  const run = runSandbox();
  await run.send('POST', servers, {
    id: 'a',
    name: 'Elsewhere',
    hostname: 'https://a.example.com/mcp',
    auth_type: 'bearer',
    auth_credentials: 'theirs',
    description: 'Theirs',
    secure_web_gateway: true,
    is_shared_oauth_callback_enabled: true,
    updated_tools: [{ name: 'search', alias: 'find', description: 'Finds', enabled: false }],
    updated_prompts: [{ name: 'ask', enabled: false }],
  });
  return run;
}

describe('a server in the document', () => {
  it('is sent with every field under the API’s own name', async () => {
    const run = runSandbox();
    const fields =
      'name: A name, description: Text, auth: { headers: { X-Key: file:key.txt } }, secure_web_gateway: true, shared_oauth_callback: true, tools: { search: { alias: find, description: Finds }, drop: false, keep: true }, prompts: { ask: false }';
    const applied = await run.apply(doc(fields), { files: { 'key.txt': 'k\n' } });
    expect(applied.writes[0]?.body).toEqual({
      id: 'a',
      name: 'A name',
      hostname: 'https://a.example.com/mcp',
      auth_type: 'bearer',
      auth_credentials: '{"headers":{"X-Key":"k"}}',
      description: 'Text',
      secure_web_gateway: true,
      is_shared_oauth_callback_enabled: true,
      updated_tools: expect.arrayContaining([
        { name: 'search', alias: 'find', description: 'Finds', enabled: true },
        { name: 'drop', enabled: false },
      ]),
      updated_prompts: [{ name: 'ask', enabled: false }],
    });
    expect(applied.kept).toEqual([]);
  });

  it('gets the key as its name and no authentication where nothing else is said', async () => {
    const run = runSandbox();
    const applied = await run.apply(doc(''));
    expect(applied.writes[0]?.body).toMatchObject({ id: 'a', name: 'a', auth_type: 'unauthenticated' });
  });

  it('leaves everything alone that an adopted server’s entry leaves out', async () => {
    const run = await adopted();
    expect((await run.plan(doc(''))).lines).toEqual([]);
    const before = await run.send('GET', `${servers}/a`);
    const applied = await run.apply(doc('description: Ours'));
    expect(applied.lines).toEqual(['update server:a description']);
    expect({ ...(await run.send('GET', `${servers}/a`)), modified_at: '' }).toEqual({
      ...before,
      description: 'Ours',
      modified_at: '',
    });
    expect(run.account.state.servers[0]?.credentials).toBe('theirs');
  });

  for (const [field, empty, member, cleared] of [
    ['description', "''", 'description', ''],
    ['description', 'null', 'description', ''],
    ['tools', '{}', 'updated_tools', []],
    ['tools', 'null', 'updated_tools', []],
    ['prompts', '{}', 'updated_prompts', []],
    ['prompts', 'null', 'updated_prompts', []],
    ['secure_web_gateway', 'null', 'secure_web_gateway', false],
    ['shared_oauth_callback', 'null', 'is_shared_oauth_callback_enabled', false],
  ] as const) {
    it(`clears ${field} for an explicit ${empty}`, async () => {
      const run = await adopted();
      const applied = await run.apply(doc(`${field}: ${empty}`));
      expect(applied.plan.changes).toHaveLength(1);
      expect(applied.plan.changes[0]?.fields.every(({ path }) => path.split('.')[0] === field)).toBe(true);
      expect(applied.kept).toEqual([]);
      expect((await run.send('GET', `${servers}/a`))[member]).toEqual(cleared);
      expect((await run.plan(doc(`${field}: ${empty}`))).lines).toEqual([]);
    });
  }

  it('takes true and false as short forms, and a map of tools as the whole', async () => {
    const run = await adopted();
    const applied = await run.apply(doc('tools: { search: true, other: false }'));
    expect(applied.lines).toEqual(['update server:a tools.search.enabled, tools.other.enabled']);
    expect((await run.send('GET', `${servers}/a`)).updated_tools).toEqual(
      expect.arrayContaining([{ name: 'search', alias: 'find', description: 'Finds', enabled: true }]),
    );
    const gone = await run.apply(doc('tools: { other: false }'));
    expect(gone.lines).toEqual(['update server:a tools.search']);
    expect((await run.send('GET', `${servers}/a`)).updated_tools).toEqual([{ name: 'other', enabled: false }]);
  });

  it('removes an alias for an explicit empty one', async () => {
    const run = await adopted();
    const applied = await run.apply(doc("tools: { search: { alias: '' } }"));
    expect(applied.lines).toEqual(['update server:a tools.search.alias']);
    expect((await run.send('GET', `${servers}/a`)).updated_tools).toEqual([
      { name: 'search', description: 'Finds', enabled: false },
    ]);
  });

  it('takes names for tools that every object has', async () => {
    const run = runSandbox();
    const yaml = doc('tools: { constructor: false, toString: { alias: text }, valueOf: true }');
    expect((await run.apply(yaml)).kept).toEqual([]);
    expect((await run.send('GET', `${servers}/a`)).updated_tools).toHaveLength(2);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('compares addresses as addresses, and sends them as written', async () => {
    const run = runSandbox();
    const applied = await run.apply(doc('').replace('a.example.com', 'A.Example.com:443'));
    expect(applied.writes[0]?.body.hostname).toBe('https://A.Example.com:443/mcp');
    expect((await run.plan(doc(''))).lines).toEqual([]);
  });

  it('shows credentials by their path in the document and never their value', async () => {
    const run = runSandbox();
    const yaml = doc('auth: { bearer: env:TOKEN }');
    const created = await run.apply(yaml, { env: { TOKEN: 'very-secret' } });
    expect(created.plan.changes[0]?.fields).toContainEqual({
      path: 'auth.bearer',
      before: null,
      after: '(secret)',
      sensitive: true,
      forces_replacement: false,
    });
    expect(JSON.stringify(created.plan) + JSON.stringify(created.outcomes)).not.toContain('very-secret');
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('sends its credentials again with --resend-secrets, and only then', async () => {
    const run = runSandbox();
    const yaml = doc('name: N, auth: { bearer: env:TOKEN }');
    await run.apply(yaml, { env: { TOKEN: 'one' } });
    const renamed = await run.apply(yaml.replace('name: N', 'name: M'));
    expect(renamed.writes[0]?.body).not.toHaveProperty('auth_credentials');
    const resent = await run.apply(yaml.replace('name: N', 'name: M'), { env: { TOKEN: 'two' }, resendSecrets: true });
    expect(resent.lines).toEqual(['update server:a auth.bearer']);
    expect(resent.plan.changes[0]?.fields[0]).toMatchObject({ before: '(secret)', after: '(secret)', sensitive: true });
    expect(resent.ok).toBe(true);
    expect(run.account.state.servers[0]?.credentials).toBe('two');
  });

  it('asks for a secret that is missing before anything is written', async () => {
    const run = runSandbox();
    await expect(run.apply(doc('auth: { bearer: env:TOKEN }'))).rejects.toThrow(/TOKEN/);
    expect(run.account.state.servers).toEqual([]);
  });

  it('is removed with its application for absent: true, after every portal has let go of it', async () => {
    const run = runSandbox();
    const yaml = (server: string, links: string) => `
version: 1
policies: { people: { decision: allow, include: [{ email: a@example.com }] } }
servers: { a: ${server}, b: { url: https://b.example.com/mcp } }
portals: { p: { hostname: mcp.example.com, dns: false, servers: ${links} } }
`;
    await run.apply(yaml('{ url: https://a.example.com/mcp, access: { policies: [people] } }', '[a, b]'));
    await run.send('POST', '~/access/ai-controls/mcp/portals', {
      id: 'foreign',
      name: 'F',
      hostname: 'f.example.com',
      servers: [{ server_id: 'a' }, { server_id: 'b', on_behalf: false }],
    });
    expect(() => run.load(yaml('{ absent: true }', '[a, b]'))).toThrow(/absent: true and cannot be linked/);
    const applied = await run.apply(yaml('{ absent: true }', '[b]'));
    expect(applied.ok).toBe(true);
    expect(applied.lines.toSorted()).toEqual([
      'delete server:a',
      'delete server_app:a',
      'update portal:foreign servers.a',
      'update portal:p servers.a',
    ]);
    expect(applied.writes.at(-1)).toMatchObject({ method: 'DELETE', path: `${servers}/a` });
    expect((await run.send('GET', '~/access/ai-controls/mcp/portals/foreign')).servers).toMatchObject([
      { server_id: 'b', on_behalf: false },
    ]);
    expect((await run.plan(yaml('{ absent: true }', '[b]'))).lines).toEqual([]);
  });

  it('is never deleted while it is protected', async () => {
    const run = runSandbox();
    await run.apply(doc('protect: true'));
    await expect(run.plan(doc('protect: true'), { destroy: true })).rejects.toMatchObject({ exitCode: 3 });
    await expect(run.plan('version: 1\nservers: { a: { absent: true, protect: true } }')).rejects.toMatchObject({ exitCode: 3 });
  });

  it('needs an address, a known way of signing in and references in place of secrets', () => {
    const run = runSandbox();
    expect(() => run.load('version: 1\nservers: { a: { name: A } }')).toThrow(/needs url/);
    expect(() => run.load(doc('auth: basic'))).toThrow(/auth/);
    expect(() => run.load(doc('auth: { bearer: eyJhbGciOiJIUzI1NiJ9.e30.abc }'))).toThrow(/auth/);
    expect(() => run.load(doc('').replace('https://', ''))).toThrow(/whole URL/);
    expect(() => run.load(doc('tools: { x: { alias: two words } }'))).toThrow(/alias/);
    expect(() => run.load(doc('tools: { x: { alias: y }, y: true }'))).toThrow(/alias "y"/);
    expect(() => run.load(doc('tools: { x: { alias: x } }'))).toThrow(/alias "x"/);
    expect(() => run.load(doc("tools: { x: { alias: '' }, y: { alias: '' } }"))).not.toThrow();
    expect(() => run.load(doc('auth: { headers: {} }'))).toThrow(/header/);
  });
});

describe('a server that signs in with a service token', () => {
  const yaml = (url = 'https://a.example.com/mcp') =>
    `version: 1\nservice_tokens: { ci: {} }\nservers: { a: { url: ${url}, auth: { service_token: ci } } }`;

  it('gets the new token’s headers in the run that makes it', async () => {
    const run = runSandbox();
    const applied = await run.apply(yaml());
    expect(applied.lines).toEqual(['create service_token:ci', 'create server:a']);
    const { client_id, client_secret } = applied.secrets[0]?.secret.values ?? {};
    expect(JSON.parse(applied.writes.at(-1)?.body.auth_credentials)).toEqual({
      headers: { 'CF-Access-Client-Id': client_id, 'CF-Access-Client-Secret': client_secret },
    });
    expect(JSON.stringify([applied.plan, applied.outcomes])).not.toContain(client_secret);
    expect(applied.kept).toEqual([]);
    expect((await run.plan(yaml())).lines).toEqual([]);
    expect((await run.plan(yaml(), { resendSecrets: true })).lines).toEqual([]);
  });

  it('gets the headers of a token that was made anew', async () => {
    const run = runSandbox();
    await run.apply(yaml());
    await run.send('DELETE', `~/access/service_tokens/${(await run.send('GET', '~/access/service_tokens'))[0].id}`);
    const applied = await run.apply(yaml());
    expect(applied.lines).toEqual(['create service_token:ci', 'update server:a auth.service_token']);
    expect(run.account.state.servers[0]?.credentials).toContain(applied.secrets[0]?.secret.values['client_secret']);
    expect((await run.plan(yaml())).lines).toEqual([]);
  });

  it('is refused where the token’s secret is not known any more', async () => {
    const run = runSandbox();
    await run.apply('version: 1\nservice_tokens: { ci: {} }');
    await expect(run.plan(yaml())).rejects.toMatchObject({
      exitCode: 3,
      facts: { hint: expect.stringContaining('CF-Access-Client-Id: REF') },
    });
    const other = runSandbox();
    await other.apply(yaml());
    await expect(other.plan(yaml('https://new.example.com/mcp'))).rejects.toMatchObject({ exitCode: 3 });
  });

  it('needs a token of the document', () => {
    const run = runSandbox();
    expect(() => run.load(yaml().replace('service_tokens: { ci: {} }', 'service_tokens: { cd: {} }'))).toThrow(
      /no service token "ci"/,
    );
    expect(() => run.load(yaml().replace('ci: {}', 'ci: { absent: true }'))).toThrow(/absent: true and cannot be used/);
  });
});

describe('the URL of a server', () => {
  const load = (url: string) => runSandbox().load(`version: 1\nservers: { a: { url: "${url}" } }`);

  it('may not hold a user or a password', () => {
    for (const user of ['u:s3cret', 's3cret', ':s3cret']) {
      expect(() => load(`https://${user}@a.example.com/mcp`)).toThrow(/does not belong in the URL: say auth:/);
      expect(() => load(`https://${user}@a.example.com/mcp`)).not.toThrow(/s3cret/);
    }
  });

  it('may have parameters, and one that looks like a secret is warned about', () => {
    const codes = (url: string) => load(url).findings.map(({ code }) => code);
    expect(codes('https://a.example.com/mcp?codemode=false&monkey=1')).not.toContain('MCP016');
    for (const name of ['token', 'key', 'secret', 'password', 'api_key', 'access_token', 'sig', 'X-API-Key'])
      expect(codes(`https://a.example.com/mcp?x=1&${name}=v`)).toContain('MCP016');
    const found = load('https://a.example.com/mcp?token=s3cret').findings.find(({ code }) => code === 'MCP016');
    expect(found).toMatchObject({ severity: 'warning', message: expect.stringContaining('parameter token') });
    expect(JSON.stringify(found)).not.toContain('s3cret');
  });
});

describe('a command that should print a secret', () => {
  it.each([
    ['fails', 'cmd:false --key=s3cret', /^the cmd: reference of server:a failed with exit code 1/],
    ['is not found', 'cmd:gone-s3cret', /^the cmd: reference of server:a failed with exit code 1/],
  ])('and %s is named by its server', async (_, ref, message) => {
    const run = async () => ({ code: 1, stdout: '', stderr: `sh: ${ref.slice(4)}: no\n` });
    const { world } = fakeWorld({ run });
    const failure: unknown = await readSecret(ref, { world, baseDir: '/', purpose: 'server:a' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringMatching(message) });
    expect(String(failure)).not.toContain('s3cret');
  });
});
