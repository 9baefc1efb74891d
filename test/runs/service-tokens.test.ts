import { describe, expect, it } from 'vitest';
import { cli, portal, portalWithToken, type Cli } from './cli.ts';

const base = '/access/service_tokens';
const withSink = `${portal.trimEnd()}\nservice_tokens:\n  ci: { name: the-bot, out: ["dotenv:.env"] }\n`;

/** The writes that reached the account, ids left out. */
const writes = (one: Cli): readonly string[] => one.writes().map((line) => line.replace(/[0-9a-f-]{36}/, 'ID'));

const secretIn = (one: Cli, file = '.env'): string => /CF_ACCESS_CLIENT_SECRET=(.+)/.exec(one.read(file))?.[1] ?? '';

/** The same account, answering somewhat else to one request. */
const answering =
  (one: Cli, path: RegExp, change: (answer: Response) => Response | Promise<Response>) =>
  async (request: Request): Promise<Response> => {
    const hit = request.method === 'POST' && path.test(new URL(request.url).pathname);
    const answer = await one.account.fetch(request);
    return hit ? change(answer) : answer;
  };

const replaced =
  (pattern: RegExp, text: string) =>
  async (answer: Response): Promise<Response> =>
    new Response((await answer.text()).replace(pattern, text), { status: answer.status, headers: answer.headers });

describe('service-token create', () => {
  const line = 'service-token create ci --duration 720h --out dotenv:.env --yes';

  it('makes a token with one write, and brings its secret to its place', async () => {
    const one = cli();
    const { code, json, stdout, stderr } = await one.run(`${line} --json`);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      ok: true,
      applied: [{ address: 'service_token:ci', action: 'create', ok: true, id: expect.any(String) }],
    });
    expect(one.account.state.service_tokens[0]?.body).toMatchObject({ name: 'ci', duration: '720h' });
    expect(writes(one)).toEqual([`POST ${base}`]);
    expect(secretIn(one)).toMatch(/^cfast_/);
    expect(stdout + stderr).not.toContain(secretIn(one));
  });

  it('takes any name', async () => {
    for (const name of ['my bot', 'ünï. "x"', 'a.b', '[1]']) {
      const one = cli();
      await one.run(['service-token', 'create', name, '--out', 'dotenv:.env', '--save', '--yes']);
      expect(one.account.state.service_tokens.map(({ body }) => body['name'])).toEqual([name]);
      expect(one.read('portal.yaml')).toContain('service_tokens:');
      expect((await one.run(['service-token', 'refresh', name, '--yes'])).code).toBe(0);
      await one.run(['service-token', 'revoke', name, '--yes']);
      expect(one.account.state.service_tokens).toEqual([]);
    }
  });

  it('leaves one alone that is there, says why, and how to get a new secret', async () => {
    const one = cli();
    await one.run(line);
    const env = one.read('.env');
    const again = await one.run('service-token create ci --duration 8760h --out dotenv:.env --yes');
    expect(again).toMatchObject({ code: 0, stdout: 'No changes. 1 resources match the document.\n' });
    expect(again.stderr).toContain(
      'secret was shown only when it was made. Its duration stays 720h. For a new secret: mcp-portal service-token rotate ci',
    );
    expect(one.read('.env')).toBe(env);
    expect(writes(one)).toHaveLength(1);
  });

  it('takes the entry of the document, by its key and by its name, and nothing else of it', async () => {
    for (const name of ['ci', 'the-bot']) {
      const one = cli({ files: { 'portal.yaml': withSink } });
      expect((await one.run(`service-token create ${name} --yes`)).code).toBe(0);
      expect(one.account.state.service_tokens.map(({ body }) => body['name'])).toEqual(['the-bot']);
      expect(writes(one)).toHaveLength(1);
      expect(secretIn(one)).toMatch(/^cfast_/);
      expect((await one.run('service-token create ci --yes')).stderr).toContain('the-bot is there already');
    }
  });

  it('needs a place for the secret, and names the option', async () => {
    const one = cli();
    const { code, stderr } = await one.run('service-token create ci --yes');
    expect([code, stderr]).toEqual([3, expect.stringMatching(/shows its secret once.*\n.*add --out dotenv/s)]);
    expect(writes(one)).toEqual([]);
    expect((await one.run('service-token create ci --out nowhere:x --yes')).code).toBe(64);
    expect((await one.run('service-token create ci --out dotenv:.env')).code).toBe(3);
    expect((await one.run('service-token create ci --out dotenv:.env --duration 30d --yes')).code).toBe(64);
    expect(writes(one)).toEqual([]);
  });

  it('shows the plan with --dry-run, and saves the entry with --save', async () => {
    const one = cli({ files: { 'portal.yaml': portal } });
    const dry = await one.run(`${line} --save --dry-run --json`);
    expect(dry).toMatchObject({ code: 0, json: { changes: [{ address: 'service_token:ci', action: 'create' }] } });
    expect(one.read('portal.yaml')).toBe(portal);
    await one.run(`${line} --save`);
    expect(one.read('portal.yaml')).toContain(portal.trimEnd());
    expect((await one.run('plan --json --target service_token:ci')).json).toMatchObject({ changes: [] });
    expect(one.read('portal.yaml')).toMatch(/service_tokens:\s+ci:/);
  });

  it('adopts with --save what is there', async () => {
    const one = cli({ files: { 'portal.yaml': portal } });
    await one.send('POST', '~/access/service_tokens', { name: 'ci', duration: '100h' });
    expect((await one.run('service-token create ci --duration 200h --save --yes')).code).toBe(0);
    expect(one.read('portal.yaml')).toContain('100h');
    expect(writes(one)).toEqual([`POST ${base}`]);
  });

  it('makes an entry that was absent', async () => {
    const one = cli({ files: { 'portal.yaml': 'version: 1\nservice_tokens: { ci: { absent: true } }\n' } });
    expect((await one.run('service-token create ci --out dotenv:.env --yes')).stdout).toContain('Applied: 1 created');
  });
});

describe('service-token list', () => {
  async function three(): Promise<Cli> {
    const one = cli();
    await one.send('POST', '~/access/service_tokens', { name: 'late', duration: '8760h' });
    await one.send('POST', '~/access/service_tokens', { name: 'soon', duration: '240h' });
    await one.send('POST', '~/access/service_tokens', { name: 'ever', duration: 'forever' });
    return one;
  }

  it('shows the next to expire first, as a table and as JSON', async () => {
    const one = await three();
    const { code, stdout } = await one.run('service-token list');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^NAME +EXPIRES +LAST SEEN +DURATION +CLIENT ID +ID\nsoon +2026-01-12 \(in 10 days\) +never +240h .*\nlate +2027-01-02 .*\never +never /,
    );
    const { json } = await one.run('service-token list --json');
    expect(json).toMatchObject({ schema_version: 1, ok: true });
    expect(json.service_tokens[0]).toEqual({
      name: 'soon',
      id: expect.any(String),
      client_id: expect.stringMatching(/\.access$/),
      duration: '240h',
      expires_at: '2026-01-12T03:04:05Z',
      last_seen_at: null,
      enabled: true,
      client_secret_version: 1,
    });
    expect((await cli().run('service-token list')).stdout).toBe('No service tokens.\n');
  });

  it('exits 2 with --expiring where one expires within that time or has, and lists only those', async () => {
    const one = await three();
    const soon = await one.run('service-token list --expiring 30d --json');
    expect(soon.code).toBe(2);
    expect(soon.json.service_tokens).toMatchObject([{ name: 'soon' }]);
    for (const span of ['239h', '9d', '1w']) expect((await one.run(`service-token list --expiring ${span}`)).code).toBe(0);
    expect((await one.run('service-token list --expiring 2w')).code).toBe(2);
    expect((await one.run('service-token list --expiring 1h')).stdout).toBe('No service token expires within 1h.\n');
    one.account.state.service_tokens = one.account.state.service_tokens.map((row) => ({
      ...row,
      expires_at: '2026-01-01T00:00:00Z',
    }));
    const over = await one.run('service-token list --expiring 0');
    expect([over.code, over.stdout]).toEqual([2, expect.stringMatching(/late +2026-01-01 \(expired\)/)]);
    expect(over.stdout).not.toMatch(/^ever /m);
  });

  it('refuses a span that is none, and never writes', async () => {
    const one = cli();
    for (const span of ['soon', '1y', '-1d'])
      expect(await one.run(['service-token', 'list', `--expiring=${span}`])).toMatchObject({
        code: 64,
        stderr: expect.stringContaining('--expiring'),
      });
    expect(writes(one)).toEqual([]);
  });
});

describe('service-token rotate', () => {
  async function made(text = withSink): Promise<Cli> {
    const one = cli({ files: { 'portal.yaml': text } });
    await one.run('service-token create ci --yes');
    return one;
  }

  it('puts the new pair where the old one was, and gives the old secret a day', async () => {
    const one = await made();
    const old = secretIn(one);
    const id = /CF_ACCESS_CLIENT_ID=(.+)/.exec(one.read('.env'))?.[1];
    const { code, stdout, stderr } = await one.run('service-token rotate ci --yes');
    expect(code).toBe(0);
    expect(stdout).toContain('client_secret: (secret) → (known after apply)');
    expect(stdout).toContain('previous_client_secret_expires_at: (none) → 2026-01-03T03:04:05Z');
    expect(stdout).toContain('impact: the old secret dies at 2026-01-03T03:04:05Z');
    expect(stdout).toContain('Applied: 0 created, 1 changed');
    expect(stderr).toContain('the-bot: the old secret works until 2026-01-03T03:04:05Z.');
    expect(one.read('.env')).toContain(`CF_ACCESS_CLIENT_ID=${id}`);
    expect(secretIn(one)).toMatch(/^cfast_/);
    expect(secretIn(one)).not.toBe(old);
    expect(stdout + stderr).not.toContain(secretIn(one));
    expect(one.account.state.service_tokens[0]).toMatchObject({
      version: 2,
      body: { previous_client_secret_expires_at: '2026-01-03T03:04:05Z' },
    });
  });

  it('takes the key, the name and the id', async () => {
    const one = await made();
    const id = one.account.state.service_tokens[0]?.id ?? '';
    for (const name of ['ci', 'the-bot', id])
      expect((await one.run(`service-token rotate ${name} --yes --json`)).json).toMatchObject({
        ok: true,
        changes: [{ address: 'service_token:ci' }],
      });
    expect(one.account.state.service_tokens[0]?.version).toBe(4);
  });

  it('answers with the JSON of apply, and with the secret where standard output is its place', async () => {
    const one = await made();
    const { json } = await one.run('service-token rotate ci --overlap 2d --out stdout --yes --json');
    expect(json).toMatchObject({
      ok: true,
      changes: [
        {
          action: 'update',
          fields: [
            { path: 'client_secret', before: '(secret)', after: '(known after apply)', sensitive: true },
            { after: '2026-01-04T03:04:05Z' },
          ],
        },
      ],
      applied: [{ address: 'service_token:ci', ok: true }],
      service_tokens: [{ name: 'the-bot', client_secret_version: 2, previous_client_secret_expires_at: '2026-01-04T03:04:05Z' }],
      secrets: [
        {
          name: 'the-bot',
          client_id: expect.any(String),
          client_secret: expect.stringMatching(/^cfast_/),
          expires_at: expect.any(String),
        },
      ],
    });
    const text = await one.run('service-token rotate ci --out stdout --yes');
    expect(JSON.parse(text.stdout)).toMatchObject({ client_secret: expect.any(String) });
    expect(text.stderr).toContain('out: of the document) keeps the old secret');
  });

  it('warns of a secret before the old one that is still in its overlap', async () => {
    const one = await made();
    expect((await one.run('service-token rotate ci --yes')).stdout).not.toContain('the one before it');
    const { stdout } = await one.run('service-token rotate ci --overlap 2d --yes');
    expect(stdout).toContain('previous_client_secret_expires_at: 2026-01-03T03:04:05Z → 2026-01-04T03:04:05Z');
    expect(stdout).toContain('the one before it, which was to work until 2026-01-03T03:04:05Z, may die at once');
  });

  it('says that an overlap of 0 ends the old secret at once', async () => {
    const one = await made();
    const { stdout, stderr } = await one.run('service-token rotate ci --overlap 0 --yes');
    expect(stdout).toContain('impact: the old secret dies at once');
    expect(stdout).not.toContain('previous_client_secret_expires_at');
    expect(stderr).toContain('the-bot: the old secret is dead.');
    expect((await one.run(['service-token', 'rotate', 'ci', '--overlap=-1h', '--yes'])).code).toBe(64);
  });

  it('needs --yes, changes nothing with --dry-run, and knows no strangers', async () => {
    const one = await made();
    expect((await one.run('service-token rotate ci')).code).toBe(3);
    const dry = await one.run('service-token rotate ci --dry-run --json');
    expect(dry).toMatchObject({ code: 0, json: { ok: true, summary: { update: 1 } } });
    expect(await one.run('service-token rotate the-bit --yes')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean the-bot?'),
    });
    expect((await one.run('service-token rotate')).code).toBe(64);
    expect(writes(one)).toHaveLength(1);
  });

  it('refuses a place that cannot be written, or none, before anything is rotated', async () => {
    const one = cli();
    await one.send('POST', '~/access/service_tokens', { name: 'ci' });
    expect(await one.run('service-token rotate ci --out file:no/such/file --yes')).toMatchObject({ code: 3 });
    expect(await one.run('service-token rotate ci --yes')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('add --out'),
    });
    expect(one.account.state.service_tokens[0]?.version).toBe(1);
  });

  it('never chooses between two of one name, and takes the id', async () => {
    const one = cli();
    for (const _ of [1, 2]) await one.send('POST', '~/access/service_tokens', { name: 'ci' });
    const [first] = one.account.state.service_tokens;
    expect(await one.run('service-token rotate ci --out dotenv:.env --yes')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(first?.id ?? '-'),
    });
    expect((await one.run(`service-token rotate ${first?.id} --out dotenv:.env --yes`)).code).toBe(0);
    expect(one.account.state.service_tokens.map(({ version }) => version)).toEqual([2, 1]);
  });

  it('says what is lost where no place takes the new secret, and until when the old one works', async () => {
    const one = cli();
    await one.send('POST', '~/access/service_tokens', { name: 'ci' });
    const args = ['service-token', 'rotate', 'ci', '--yes', '--out', 'cmd:false'];
    const text = await one.run(args);
    expect(text.code).toBe(1);
    expect(text.stderr).toContain('ci: The new secret is lost; the old one works until 2026-01-03T03:04:05Z.');
    expect(text.stderr).toContain('run again: mcp-portal service-token rotate ci');
    const { json } = await one.run([...args, '--json']);
    expect(json).toMatchObject({
      ok: false,
      error: { code: 'secret_lost', message: expect.stringContaining('works until'), hint: expect.stringContaining('rotate ci') },
    });
    expect(one.account.state.service_tokens).toHaveLength(1);
  });

  it.each([
    [
      'carried out',
      'lost',
      2,
      /was carried out \(client_secret_version 1 → 2\)\. The new secret is lost; the old one works until 2026-01-03/,
    ],
    [
      'not carried out',
      'reset',
      1,
      /seems not to have been carried out \(client_secret_version is still 1\): the secret in use stays/,
    ],
  ] as const)('is sent once where its answer is lost (%s), and says what is known', async (_, what, version, said) => {
    const one = await made();
    one.account.faults.fail({ what, method: 'POST', path: /rotate$/ });
    const { code, stdout } = await one.run('service-token rotate ci --yes');
    expect(code).toBe(1);
    expect(stdout).toMatch(said);
    expect(one.account.state.service_tokens[0]?.version).toBe(version);
    expect(writes(one)).toEqual([`POST ${base}`, `POST ${base}/ID/rotate`]);
  });

  it('tells apart what nobody can know, and what Cloudflare refuses', async () => {
    const one = await made();
    one.account.faults.fail({ what: 'lost', method: 'POST', path: /rotate$/ });
    one.account.faults.fail({ what: 'forbidden', method: 'GET', path: /service_tokens\/[^/]+$/ });
    expect((await one.run('service-token rotate ci --yes')).stdout).toContain('does not tell whether it was carried out');
    one.account.faults.fail({ what: 'forbidden', method: 'POST', path: /rotate$/ });
    expect((await one.run('service-token rotate ci --yes')).stdout).toContain('Access: Service Tokens Write');
  });

  it('says of an answer without a secret that the secret is lost', async () => {
    const one = await made();
    const fetch = answering(one, /rotate$/, replaced(/"client_secret":"[^"]*"/, '"client_secret":""'));
    const { code, stdout } = await one.run('service-token rotate ci --overlap 0 --yes', { fetch });
    expect([code, stdout]).toEqual([1, expect.stringMatching(/no usable id.*The new secret is lost, and the old one is dead/)]);
  });

  it('names the servers that Cloudflare signs in to with the old secret, and apply brings them the new one', async () => {
    const text = withSink.replace('notes.example.com/mcp,', 'notes.example.com/mcp, auth: { service_token: ci },');
    const one = cli({ files: { 'portal.yaml': text } });
    expect((await one.run('apply --yes')).code).toBe(0);
    const { stdout } = await one.run('service-token rotate ci --yes');
    expect(stdout).toContain(
      'signs in with it to server:notes, and keeps the old secret there until mcp-portal apply --resend-secrets',
    );
    await one.run('apply --yes --resend-secrets');
    expect(one.account.state.servers[0]?.credentials).toContain(secretIn(one));
  });
});

describe('service-token refresh', () => {
  it('extends the life by the duration, and says until when', async () => {
    const one = cli();
    await one.send('POST', '~/access/service_tokens', { name: 'ci', duration: '240h' });
    one.account.state.service_tokens = one.account.state.service_tokens.map((row) => ({
      ...row,
      expires_at: '2026-01-03T00:00:00Z',
    }));
    const { code, stdout } = await one.run('service-token refresh ci --yes');
    expect(code).toBe(0);
    expect(stdout).toContain('expires_at: 2026-01-03T00:00:00Z → (known after apply)');
    expect(stdout).toMatch(/Applied: 0 created, 1 changed.*\nci: expires 2026-01-12T03:04:05Z\n$/);
    expect((await one.run('service-token refresh ci --yes --json')).json).toMatchObject({
      ok: true,
      service_tokens: [{ name: 'ci', expires_at: '2026-01-12T03:04:05Z' }],
    });
    expect(one.account.state.service_tokens[0]?.version).toBe(1);
    expect((await one.run('service-token refresh ci')).code).toBe(3);
    expect((await one.run('service-token refresh ci --dry-run --json')).json).not.toHaveProperty('service_tokens');
  });

  it('is asked for again only where a lost answer left nothing behind', async () => {
    for (const [what, times] of [
      ['lost', 1],
      ['reset', 2],
    ] as const) {
      const one = cli();
      await one.send('POST', '~/access/service_tokens', { name: 'ci', duration: '240h' });
      one.account.state.service_tokens = one.account.state.service_tokens.map((row) => ({
        ...row,
        expires_at: '2026-01-03T00:00:00Z',
      }));
      one.account.faults.fail({ what, method: 'POST', path: /refresh$/ });
      expect((await one.run('service-token refresh ci --yes')).code).toBe(0);
      expect(writes(one).filter((line) => line.endsWith('refresh'))).toHaveLength(times);
    }
  });

  it('says of an entry of the document that its token is yet to be made', async () => {
    const { code, stderr } = await cli({ files: { 'portal.yaml': withSink } }).run('service-token refresh ci --yes');
    expect([code, stderr]).toEqual([64, expect.stringContaining('it is in the document: apply makes it')]);
  });
});

describe('service-token revoke', () => {
  async function used(rules: object = {}): Promise<{ readonly one: Cli; readonly id: string; readonly policy: string }> {
    const one = cli();
    const { id } = await one.send('POST', '~/access/service_tokens', { name: 'ci' });
    const rule = { service_token: { token_id: id } };
    const body = { name: 'robots', decision: 'non_identity', include: [rule, { ip: { ip: '10.0.0.0/8' } }], ...rules };
    const { id: policy } = await one.send('POST', '~/access/policies', body);
    return { one, id, policy };
  }

  it('ends a token that nobody uses, and finds nothing to do the second time', async () => {
    const one = cli();
    await one.send('POST', '~/access/service_tokens', { name: 'ci' });
    const { code, stdout } = await one.run('service-token revoke ci --yes');
    expect(code).toBe(0);
    expect(stdout).toContain('why: this command asks for it');
    expect(stdout).toContain('locked out at once');
    expect(one.account.state.service_tokens).toEqual([]);
    const again = await one.run('service-token revoke ci --yes');
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('No changes.'),
      stderr: expect.stringContaining('there is no service token "ci"'),
    });
    expect(writes(one)).toHaveLength(2);
  });

  it('refuses while a policy or a group uses it, and names each', async () => {
    const { one, id } = await used();
    await one.send('POST', '~/access/groups', { name: 'machines', include: [{ service_token: { token_id: id } }] });
    const { code, json } = await one.run('service-token revoke ci --yes --json');
    expect(code).toBe(3);
    expect(json.error).toMatchObject({
      message: expect.stringMatching(/still used by .*group:machines/),
      hint: expect.stringContaining('--detach'),
    });
    expect(json.error.message).toContain('policy:robots');
    expect(one.account.state.service_tokens).toHaveLength(1);
  });

  it('takes it out of them first with --detach, and leaves the rest of them as it was', async () => {
    const { one, policy } = await used({ exclude: [{ geo: { country_code: 'AQ' } }], session_duration: '5h' });
    const { code, stdout } = await one.run('service-token revoke ci --detach --yes');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('~ policy:robots') });
    expect(await one.send('GET', `~/access/policies/${policy}`)).toMatchObject({
      include: [{ ip: { ip: '10.0.0.0/8' } }],
      exclude: [{ geo: { country_code: 'AQ' } }],
      session_duration: '5h',
    });
    expect(one.account.state.service_tokens).toEqual([]);
    expect(writes(one).slice(-2)).toEqual(['PUT /access/policies/ID', 'DELETE /access/service_tokens/ID']);
  });

  it('empties no group and drops no condition, and says what to do', async () => {
    const only = await used();
    const rule = { service_token: { token_id: only.id } };
    await only.one.send('POST', '~/access/groups', { name: 'bots', include: [rule] });
    await only.one.send('POST', '~/access/policies', {
      name: 'both',
      decision: 'allow',
      include: [{ everyone: {} }],
      require: [rule],
    });
    const before = JSON.stringify(only.one.account.state);
    const { code, stderr } = await only.one.run('service-token revoke ci --detach --yes');
    expect(code).toBe(3);
    expect(stderr).toContain('group:bots has no other include rule, and would be empty');
    expect(stderr).toContain('policy:both requires it');
    expect(stderr).toContain('apply --prune');
    expect(stderr).not.toContain('policy:robots');
    expect(JSON.stringify(only.one.account.state)).toBe(before);
  });

  it('changes nothing with --dry-run or without --yes, and heeds protect', async () => {
    const { one } = await used();
    expect((await one.run('service-token revoke ci --detach --dry-run --json')).json).toMatchObject({
      summary: { update: 1, delete: 1 },
    });
    expect((await one.run('service-token revoke ci --detach')).code).toBe(3);
    one.write('portal.yaml', 'version: 1\nservice_tokens: { ci: { protect: true } }\n');
    expect(await one.run('service-token revoke ci --detach --yes')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('is protected'),
    });
    expect(one.account.state.service_tokens).toHaveLength(1);
  });

  it('takes one of two with the same name by its id', async () => {
    const { one, id } = await used();
    await one.send('POST', '~/access/service_tokens', { name: 'ci' });
    expect((await one.run('service-token revoke ci --yes')).code).toBe(3);
    const { code } = await one.run(`service-token revoke ${id} --detach --yes`);
    expect(code).toBe(0);
    expect(one.account.state.service_tokens).toHaveLength(1);
    expect(one.account.state.service_tokens[0]?.id).not.toBe(id);
  });

  it('by its key or its name in the document says what the document still has', async () => {
    for (const name of ['ci', 'the-bot']) {
      const one = cli({ files: { 'portal.yaml': withSink } });
      await one.run('service-token create ci --yes');
      const { code, stderr } = await one.run(`service-token revoke ${name} --yes`);
      expect([code, stderr]).toEqual([0, expect.stringContaining('The document still has service_tokens.ci')]);
      expect(one.account.state.service_tokens).toEqual([]);
    }
  });

  it('of the token of a portal takes along the policy that the portal brought, with --detach only', async () => {
    const text = portalWithToken.replace(
      'access: { policies: [people] } }\nservice',
      'access: { policies: [people] }, service_tokens: [ci] }\nservice',
    );
    const one = cli({ files: { 'portal.yaml': text } });
    expect((await one.run('apply --yes --secrets-out dotenv:.env')).code).toBe(0);
    expect((await one.run('service-token revoke ci --yes')).stderr).toContain('still used by policy:service-token-ci');
    const { code, stdout } = await one.run('service-token revoke ci --detach --yes');
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('- policy:service-token-ci\n    why: it lets in nobody but service_token:ci'),
    ]);
    expect(one.account.state.service_tokens).toEqual([]);
    expect(one.account.state.policies.map(({ body }) => body['name'])).toEqual(['people']);
    const apps = await one.send('GET', '~/access/apps');
    expect(apps.map((app: { policies: { name: string }[] }) => app.policies.map(({ name }) => name))).toEqual([
      ['people'],
      ['people'],
    ]);
  });
});

describe('a secret', () => {
  const old = 'a1'.repeat(32);

  it.each([
    ['new', undefined],
    ['old', old],
  ])('of the %s form is in its place, and nowhere else', async (_, form) => {
    const one = cli({ files: { 'portal.yaml': withSink } });
    const rewrite = form === undefined ? undefined : replaced(/cfast_\w+/, form);
    const fetch = rewrite === undefined ? one.account.fetch : answering(one, /service_tokens/, rewrite);
    const shown: string[] = [];
    for (const line of [
      'service-token create ci --yes',
      'service-token rotate ci --yes --json',
      'service-token refresh ci --yes',
      'service-token list --json',
    ]) {
      const { code, stdout, stderr } = await one.run(`${line} --debug`, { fetch });
      expect(code).toBe(0);
      shown.push(stdout, stderr, secretIn(one));
      expect(secretIn(one)).toMatch(form === undefined ? /^cfast_/ : /^[a1]{64}$/);
      expect(stdout + stderr).not.toContain(secretIn(one));
    }
    expect(shown.filter((text) => text.length > 100).join('\n')).not.toMatch(/cfast_|[a1]{64}/);
  });

  it('that Cloudflare repeats in an error is blotted out, whichever form it has', async () => {
    for (const secret of [old, `cfast_${'Ab3'.repeat(16)}`]) {
      const one = cli({ files: { 'portal.yaml': withSink } });
      await one.run('service-token create ci --yes');
      const refusal = () =>
        new Response(
          JSON.stringify({
            success: false,
            errors: [{ code: 12130, message: `${secret} was refused` }],
            messages: [],
            result: null,
          }),
          { status: 400 },
        );
      const fetch = answering(one, /rotate$/, refusal);
      for (const json of ['', ' --json']) {
        const { code, stdout, stderr } = await one.run(`service-token rotate ci --yes --debug${json}`, { fetch });
        expect(code).toBe(1);
        expect(stdout).toContain('was refused');
        expect(stdout + stderr).not.toContain(secret);
      }
    }
  });
});

it('the names also work with underscores', async () => {
  expect((await cli().run('service_token list')).stdout).toBe('No service tokens.\n');
});
