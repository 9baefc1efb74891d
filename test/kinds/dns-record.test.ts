import { describe, expect, it } from 'vitest';
import { runSandbox, type RunSandboxOptions } from '../support/run-sandbox.ts';

const withRecords = (...entries: readonly string[]): string =>
  `version: 1\ndns:\n${entries.map((entry) => `  - { ${entry} }\n`).join('')}`;
const withPortal = (more = ''): string =>
  `version: 1\nportals:\n  p: { hostname: mcp.example.com, servers: [], access: {}${more} }\n`;

type Run = ReturnType<typeof runSandbox>;
const recordsOf = async (run: Run, zone = 0): Promise<readonly { id: string; type: string; name: string; content: string }[]> =>
  run.send('GET', `/zones/${run.account.state.zones[zone]?.id}/dns_records`);
const post = (run: Run, body: object): Promise<{ id: string }> =>
  run.send('POST', `/zones/${run.account.state.zones[0]?.id}/dns_records`, body);
const recordWrites = (result: Awaited<ReturnType<Run['apply']>>) =>
  result.writes.filter(({ path }) => path.includes('dns_records'));

/** An account where `yaml` was applied, and then matches. */
async function applied(yaml: string, options: RunSandboxOptions = {}) {
  const run = runSandbox(options);
  const result = await run.apply(yaml);
  expect(result.outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
  expect(result.kept).toEqual([]);
  expect((await run.plan(yaml)).lines).toEqual([]);
  return { run, result };
}

describe('quirks of DNS records', () => {
  it('Q9, Q10: a portal gets its record, proxied, without settings', async () => {
    const { result } = await applied(withPortal());
    expect(recordWrites(result).map(({ body }) => body)).toEqual([
      {
        type: 'CNAME',
        name: 'mcp.example.com',
        content: 'gateway.agents.cloudflare.com',
        proxied: true,
        ttl: 1,
        comment: 'managed by mcp-portal',
      },
    ]);
  });

  it.each([
    ['name: www, zone: example.com', 'www.example.com'],
    ['name: WWW, zone: Example.COM.', 'www.example.com'],
    ['name: "www.example.com."', 'www.example.com'],
    ['name: www.example.com, zone: example.com', 'www.example.com'],
    ['name: a.b, zone: example.com', 'a.b.example.com'],
    ['name: "@", zone: example.com', 'example.com'],
    ['name: example.com', 'example.com'],
    ['name: bücher, zone: example.com', 'xn--bcher-kva.example.com'],
    ['name: "*", zone: example.com', '*.example.com'],
    ['name: "*.Apps.example.com"', '*.apps.example.com'],
    ['name: _dmarc, zone: example.com', '_dmarc.example.com'],
    ['name: "10", zone: example.com', '10.example.com'],
    ['name: "1.2", zone: example.com', '1.2.example.com'],
  ])('Q66: { %s } is the record %s', async (name, full) => {
    const { run, result } = await applied(withRecords(`type: TXT, ${name}, content: hello`));
    expect(result.lines).toEqual([`create dns_record:${full}/TXT`]);
    expect((await recordsOf(run)).map((record) => record.name)).toEqual([full]);
  });

  it('Q66: a real rename is a new record', async () => {
    const { run } = await applied(withRecords('type: CNAME, name: www.example.com, content: example.com'));
    expect((await run.plan(withRecords('type: CNAME, name: www2.example.com, content: example.com'))).lines).toEqual([
      'create dns_record:www2.example.com/CNAME',
    ]);
  });

  it('Q67: settings are neither sent nor compared, and survive', async () => {
    const { run } = await applied(withRecords('type: CNAME, name: www.example.com, content: example.com, proxied: true'));
    const [record] = await recordsOf(run);
    await run.send('PATCH', `/zones/${run.account.state.zones[0]?.id}/dns_records/${record?.id}`, {
      settings: { flatten_cname: true },
    });
    const result = await run.apply(withRecords('type: CNAME, name: www.example.com, content: example.org, proxied: true'));
    expect(result.lines).toEqual(['update dns_record:www.example.com/CNAME content']);
    expect(recordWrites(result)[0]?.body).not.toHaveProperty('settings');
    expect((await recordsOf(run))[0]).toMatchObject({ content: 'example.org', settings: { flatten_cname: true } });
  });

  it.each([
    ['CNAME', 'Example.ORG.', 'example.org'],
    ['CNAME', 'bücher.example', 'xn--bcher-kva.example'],
    ['NS', 'NS1.Example.org.', 'ns1.example.org'],
    ['AAAA', '2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['A', '203.0.113.7', '203.0.113.7'],
    ['TXT', '\'"v=spf1 -all"\'', '"v=spf1 -all"'],
    ['TXT', 'Case Stays  as it is', 'Case Stays  as it is'],
  ])('Q68: %s %s equals %s', async (type, written, live) => {
    const { run } = await applied(
      withRecords(`type: ${type}, name: x.example.com, content: "${written.replace(/^'|'$/g, '').replaceAll('"', '\\"')}"`),
    );
    const [record] = await recordsOf(run);
    await run.send('PATCH', `/zones/${run.account.state.zones[0]?.id}/dns_records/${record?.id}`, { content: live });
    expect(
      (
        await run.plan(
          withRecords(`type: ${type}, name: x.example.com, content: "${written.replace(/^'|'$/g, '').replaceAll('"', '\\"')}"`),
        )
      ).lines,
    ).toEqual([]);
  });

  it('Q68: a long TXT that comes back in pieces is one text', async () => {
    const rewrite: RunSandboxOptions['rewrite'] = (request, result) =>
      request.path.endsWith('/dns_records') && Array.isArray(result)
        ? result.map((record) => ({ ...record, content: '"v=DKIM1; p=abc" "def \\"g\\""' }))
        : result;
    const yaml = withRecords(`type: TXT, name: x.example.com, content: 'v=DKIM1; p=abcdef "g"'`);
    const { run } = await applied(yaml, { rewrite });
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('Q69: tags and timestamps are not compared, and tags survive', async () => {
    const { run } = await applied(withRecords('type: TXT, name: x.example.com, content: hello, comment: one'));
    const [record] = await recordsOf(run);
    await run.send('PATCH', `/zones/${run.account.state.zones[0]?.id}/dns_records/${record?.id}`, { tags: ['owner:me'] });
    const result = await run.apply(withRecords('type: TXT, name: x.example.com, content: hello, comment: two'));
    expect(result.lines).toEqual(['update dns_record:x.example.com/TXT comment']);
    expect((await recordsOf(run))[0]).toMatchObject({ tags: ['owner:me'], comment: 'two' });
  });

  it.each(['60', 'auto', '1'])('Q70: a proxied record has an automatic ttl, whatever is said: %s', async (ttl) => {
    const yaml = withRecords(`type: A, name: x.example.com, content: 203.0.113.7, proxied: true, ttl: ${ttl}`);
    const { result } = await applied(yaml);
    expect(recordWrites(result)[0]?.body.ttl).toBe(1);
  });

  it('Q70: a record that others proxied keeps its automatic ttl', async () => {
    const { run } = await applied(withRecords('type: A, name: x.example.com, content: 203.0.113.7, proxied: true'));
    expect((await run.plan(withRecords('type: A, name: x.example.com, content: 203.0.113.7, ttl: 300'))).lines).toEqual([]);
    expect(
      (await run.plan(withRecords('type: A, name: x.example.com, content: 203.0.113.7, ttl: 300, proxied: false'))).lines,
    ).toEqual(['update dns_record:x.example.com/A proxied, ttl']);
  });

  it('Q70: proxying a record sends an automatic ttl', async () => {
    const { run } = await applied(withRecords('type: A, name: x.example.com, content: 203.0.113.7, ttl: 300'));
    const result = await run.apply(withRecords('type: A, name: x.example.com, content: 203.0.113.7, proxied: true'));
    expect(recordWrites(result)[0]?.body).toMatchObject({ proxied: true, ttl: 1 });
    expect(result.kept).toEqual([]);
  });

  it('Q71: a record that is there already is adopted, never made twice', async () => {
    const run = runSandbox();
    await post(run, { type: 'CNAME', name: 'mcp', content: 'Gateway.Agents.Cloudflare.com', proxied: true });
    const result = await run.apply(withPortal());
    expect(recordWrites(result)).toEqual([]);
  });

  it('Q71: a lost answer to a creation does not make a second record', async () => {
    for (const entry of [
      'type: A, name: x.example.com, content: 203.0.113.7',
      'type: TXT, name: x.example.com, content: hello',
      'type: SRV, name: _sip._tcp.example.com, content: 10 5 5060 sip.example.com',
    ]) {
      const run = runSandbox();
      run.account.faults.fail({ what: 'lost', method: 'POST', path: /dns_records$/ });
      expect((await run.apply(withRecords(entry))).ok).toBe(true);
      expect(await recordsOf(run)).toHaveLength(1);
    }
  });

  it.each([
    ['A', '203.0.113.7'],
    ['AAAA', '2001:db8::1'],
  ])('Q72: a record of type %s where our CNAME has to go is a conflict, and nothing is written', async (type, content) => {
    const run = runSandbox();
    const foreign = await post(run, { type, name: 'mcp', content });
    const before = run.account.requests.length;
    const error = await run.apply(withPortal()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 3 });
    expect(String(error)).toContain(`${type} ${content} (${foreign.id})`);
    expect(run.account.requests.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it.each(['type: A, name: mcp.example.com, content: 203.0.113.7', 'type: AAAA, name: mcp.example.com, content: "2001:db8::1"'])(
    'Q72: so is a CNAME where { %s } has to go',
    async (entry) => {
      const run = runSandbox();
      const foreign = await post(run, { type: 'CNAME', name: 'mcp', content: 'example.org' });
      await expect(run.plan(withRecords(entry))).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringContaining(foreign.id),
      });
    },
  );

  it('Q72: records of other types beside ours are no conflict', async () => {
    const run = runSandbox();
    await post(run, { type: 'TXT', name: 'mcp', content: 'hello' });
    expect((await run.apply(withPortal())).ok).toBe(true);
  });

  it('a CNAME with other content is changed, and shown', async () => {
    const run = runSandbox();
    await post(run, { type: 'CNAME', name: 'mcp', content: 'old.example.org', proxied: false, ttl: 300, comment: 'by hand' });
    const result = await run.apply(withPortal());
    const change = result.plan.changes.find(({ kind }) => kind === 'dns_record');
    expect(change).toMatchObject({
      action: 'update',
      fields: [
        { path: 'content', before: 'old.example.org', after: 'gateway.agents.cloudflare.com' },
        { path: 'proxied', before: false, after: true },
      ],
    });
    expect(await recordsOf(run)).toMatchObject([{ content: 'gateway.agents.cloudflare.com', proxied: true, comment: 'by hand' }]);
  });

  it('Q73: each zone is asked for by its name, once, and listed once', async () => {
    const zones = Array.from({ length: 60 }, (_, index) => `zone${index}.example`);
    const { run } = await applied(
      withRecords(
        'type: TXT, name: a.zone59.example, content: a',
        'type: TXT, name: b.zone59.example, content: b',
        'type: TXT, name: c, zone: zone59.example, content: c',
      ),
      { zones },
    );
    const { requests } = await run.plan(
      withRecords(
        'type: TXT, name: a.zone59.example, content: a',
        'type: TXT, name: b.zone59.example, content: b',
        'type: TXT, name: c, zone: zone59.example, content: c',
      ),
    );
    expect(
      requests.map(({ path, query }) =>
        `${path.replace(/[0-9a-f]{32}/, 'ID')} ${new URLSearchParams(query).get('name') ?? ''}`.trim(),
      ),
    ).toEqual(['/zones zone59.example', '/zones/ID/dns_records']);
  });
});

describe('the zone of a record', () => {
  it.each([
    ['a.b.example.com', 'b.example.com'],
    ['x.a.b.example.com', 'b.example.com'],
    ['a.example.com', 'example.com'],
    ['example.com', 'example.com'],
    ['*.b.example.com', 'b.example.com'],
    ['X.B.Example.com', 'b.example.com'],
    ['bücher.xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ])('of %s is the longest that fits: %s', async (name, zone) => {
    const { run } = await applied(withRecords(`type: TXT, name: "${name}", content: hello`), {
      zones: ['example.com', 'b.example.com', 'xn--bcher-kva.example'],
    });
    const home = run.account.state.dns_records[0]?.zone_id;
    expect(run.account.state.zones.find(({ id }) => id === home)?.name).toBe(zone);
  });

  it('may be the name itself, where its parent delegates it', async () => {
    const run = runSandbox({ zones: ['example.com', 'b.example.com'] });
    await post(run, { type: 'NS', name: 'b', content: 'ns1.example.org' });
    const yaml = withRecords(
      'type: TXT, name: b.example.com, content: hello',
      'type: NS, name: b.example.com, content: ns1.example.org',
      'type: NS, name: b.example.com, content: ns2.example.org',
    );
    expect((await run.apply(yaml)).ok).toBe(true);
    expect((await recordsOf(run, 0)).map(({ type }) => type)).toEqual(['NS', 'NS']);
    expect((await recordsOf(run, 1)).map(({ type }) => type)).toEqual(['TXT']);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('costs one look-up for a hostname one label below it', async () => {
    const { requests } = await runSandbox().plan(withPortal());
    expect(requests.filter(({ path }) => path.startsWith('/zones'))).toHaveLength(2);
  });

  it('may be said, where a shorter one is meant', async () => {
    const { run } = await applied(withRecords('type: TXT, name: a.b.example.com, zone: example.com, content: hello'), {
      zones: ['example.com', 'b.example.com'],
    });
    expect(await recordsOf(run, 0)).toHaveLength(1);
    expect(await recordsOf(run, 1)).toEqual([]);
  });

  it('asks for each name at most once', async () => {
    const run = runSandbox({ zones: ['example.com'] });
    const { requests } = await run.plan(
      withRecords('type: TXT, name: x.a.b.example.com, content: hello', 'type: TXT, name: y.a.b.example.com, content: hello'),
    );
    const asked = requests.filter(({ path }) => path === '/zones').map(({ query }) => new URLSearchParams(query).get('name'));
    expect(asked).toEqual([...new Set(asked)]);
  });

  it.each(['type: TXT, name: a.example.net, content: hello', 'type: TXT, name: a, zone: example.net, content: hello'])(
    'that the account does not have is told: %s',
    async (entry) => {
      await expect(runSandbox().plan(withRecords(entry))).rejects.toMatchObject({
        code: 'zone_not_found',
        message: expect.stringContaining('example.net'),
      });
    },
  );

  it('that is gone takes its records with it: nothing is left to remove', async () => {
    expect((await runSandbox().plan(withRecords('type: TXT, name: a.example.net, content: hello, absent: true'))).lines).toEqual(
      [],
    );
  });

  it('a refusal of the listing is never taken for an empty zone', async () => {
    const run = runSandbox();
    run.account.faults.fail({ what: 'forbidden', path: /dns_records$/, times: 9 });
    await expect(run.plan(withPortal())).rejects.toMatchObject({ exitCode: 1 });
  });
});

describe('several records on one name', () => {
  it.each([
    ['TXT', ['one', 'two']],
    ['A', ['203.0.113.1', '203.0.113.2']],
    ['AAAA', ['2001:db8::1', '2001:db8::2']],
    ['MX', ['10 mail1.example.com', '20 mail2.example.com']],
    ['NS', ['ns1.example.org', 'ns2.example.org']],
    ['CAA', ['0 issue letsencrypt.org', '0 iodef mailto:a@example.com']],
    ['SRV', ['10 5 5060 sip1.example.com', '20 5 5060 sip2.example.com']],
  ])('of type %s are told apart by content', async (type, contents) => {
    const entries = contents.map((content) => `type: ${type}, name: x.example.com, content: "${content}"`);
    const { run } = await applied(withRecords(...entries));
    expect(await recordsOf(run)).toHaveLength(2);
    expect((await run.plan(withRecords(...entries.toReversed()))).lines).toEqual([]);
    const [first = '', second = ''] = entries;
    const result = await run.apply(withRecords(first, `${second}, comment: here`));
    expect(result.lines).toEqual([expect.stringMatching(/^update dns_record:x\.example\.com\/\w+\/.* comment$/)]);
    expect(await recordsOf(run)).toHaveLength(2);
  });

  it('one that the document does not have stays', async () => {
    const run = runSandbox();
    await post(run, { type: 'TXT', name: 'x', content: 'of somebody else' });
    const result = await run.apply(withRecords('type: TXT, name: x.example.com, content: ours'));
    expect(result.lines).toEqual(['create dns_record:x.example.com/TXT']);
    expect((await recordsOf(run)).map(({ content }) => content)).toEqual(['of somebody else', 'ours']);
  });

  it.each([
    ['A', '203.0.113.1', '203.0.113.2'],
    ['AAAA', '2001:db8::1', '2001:db8::2'],
  ])('a single %s is changed in place', async (type, before, after) => {
    const { run } = await applied(withRecords(`type: ${type}, name: x.example.com, content: "${before}"`));
    const [record] = await recordsOf(run);
    const result = await run.apply(withRecords(`type: ${type}, name: x.example.com, content: "${after}"`));
    expect(result.plan.changes).toMatchObject([{ action: 'update', fields: [{ path: 'content', before, after }] }]);
    expect(await recordsOf(run)).toMatchObject([{ id: record?.id, content: after }]);
  });

  it('where two addresses are live, another one is made', async () => {
    const run = runSandbox();
    for (const content of ['203.0.113.1', '203.0.113.2']) await post(run, { type: 'A', name: 'x', content });
    expect((await run.plan(withRecords('type: A, name: x.example.com, content: 203.0.113.3'))).lines).toEqual([
      'create dns_record:x.example.com/A',
    ]);
  });

  it('two live records that say the same are refused, naming both', async () => {
    const rewrite: RunSandboxOptions['rewrite'] = (request, result) =>
      request.path.endsWith('/dns_records') && Array.isArray(result)
        ? result.flatMap((record) => [record, { ...record, id: `${record.id}-twin` }])
        : result;
    const run = runSandbox({ rewrite });
    const { id } = await post(run, { type: 'A', name: 'x', content: '203.0.113.1' });
    await expect(run.plan(withRecords('type: A, name: x.example.com, content: 203.0.113.1'))).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(`${id}, ${id}-twin`),
    });
  });
});

describe('records in parts', () => {
  it.each([
    ['SRV', '10 5 5060 sip.example.com', { priority: 10, weight: 5, port: 5060, target: 'sip.example.com' }],
    ['SRV', '"5 5060 SIP.example.com."', { priority: 0, weight: 5, port: 5060, target: 'sip.example.com' }],
    ['CAA', '\'0 issue "letsencrypt.org"\'', { flags: 0, tag: 'issue', value: 'letsencrypt.org' }],
    ['CAA', '0 ISSUE letsencrypt.org', { flags: 0, tag: 'issue', value: 'letsencrypt.org' }],
    ['CAA', '\'128 issuewild ";"\'', { flags: 128, tag: 'issuewild', value: ';' }],
  ])('%s %s is sent as data, and matches what comes back', async (type, content, data) => {
    const { result } = await applied(withRecords(`type: ${type}, name: x.example.com, content: ${content}`));
    expect(recordWrites(result)[0]?.body).toMatchObject({ data });
    expect(recordWrites(result)[0]?.body).not.toHaveProperty('content');
  });

  it('a priority beside the content is the same one', async () => {
    const { run, result } = await applied(
      withRecords('type: SRV, name: x.example.com, content: 5 5060 sip.example.com, priority: 10'),
    );
    expect(recordWrites(result)[0]?.body.data.priority).toBe(10);
    expect((await run.plan(withRecords('type: SRV, name: x.example.com, content: 10 5 5060 sip.example.com'))).lines).toEqual([]);
    expect((await run.plan(withRecords('type: SRV, name: x.example.com, content: 20 5 5060 sip.example.com'))).lines).toEqual([
      'update dns_record:x.example.com/SRV priority',
    ]);
  });

  it('MX takes its priority in either form', async () => {
    const { run, result } = await applied(withRecords('type: MX, name: example.com, content: 10 Mail.example.com.'));
    expect(recordWrites(result)[0]?.body).toMatchObject({ content: 'mail.example.com', priority: 10 });
    expect((await run.plan(withRecords('type: MX, name: example.com, content: mail.example.com, priority: 10'))).lines).toEqual(
      [],
    );
    const changed = await run.apply(withRecords('type: MX, name: example.com, content: mail.example.com, priority: 20'));
    expect(changed.lines).toEqual(['update dns_record:example.com/MX priority']);
    expect(changed.kept).toEqual([]);
  });

  it('an API that renders SRV and CAA as text with tabs makes no difference', async () => {
    const rewrite: RunSandboxOptions['rewrite'] = (request, result) => {
      if (!request.path.endsWith('/dns_records') || !Array.isArray(result)) return result;
      const text = (type: string) =>
        type === 'SRV' ? { content: '5\t5060\tsip.example.com', priority: 10 } : { content: '0\tissue\t"letsencrypt.org"' };
      return result.map((record) => ({ ...record, ...text(record.type), data: undefined }));
    };
    const yaml = withRecords(
      'type: SRV, name: x.example.com, content: 10 5 5060 sip.example.com',
      'type: CAA, name: example.com, content: 0 issue letsencrypt.org',
    );
    const { run } = await applied(yaml, { rewrite });
    expect((await run.plan(yaml)).lines).toEqual([]);
  });
});

describe('every field of a record', () => {
  const plain = 'type: A, name: x.example.com, content: 203.0.113.7';

  it.each([
    ['proxied', 'true', 'false', 'proxied'],
    ['ttl', '300', 'auto', 'ttl'],
    ['ttl', '300', '1', 'ttl'],
    ['comment', 'one', '""', 'comment'],
    ['comment', 'one', 'null', 'comment'],
  ])('%s: set to %s, left alone when it is left out, cleared by %s', async (field, set, cleared, changed) => {
    const { run } = await applied(withRecords(`${plain}, ${field}: ${set}`));
    expect((await run.plan(withRecords(plain))).lines).toEqual([]);
    const result = await run.apply(withRecords(`${plain}, ${field}: ${cleared}`));
    expect(result.lines).toEqual([`update dns_record:x.example.com/A ${changed}`]);
    expect(result.kept).toEqual([]);
    expect((await run.plan(withRecords(`${plain}, ${field}: ${cleared}`))).lines).toEqual([]);
  });

  it.each(['""', 'null'])('comment: %s makes a record without one', async (empty) => {
    const { result } = await applied(withRecords(`${plain}, comment: ${empty}`));
    expect(recordWrites(result)[0]?.body).not.toHaveProperty('comment');
  });

  it.each([
    ['type: A, name: x.example.com', 'needs content:'],
    ['type: A, name: x, content: 203.0.113.7', '"x" is not a full name'],
    ['type: A, name: "@", content: 203.0.113.7', '"@" is not a full name'],
    ['type: A, name: x.example.com, content: example.org', 'an IPv4 address'],
    ['type: AAAA, name: x.example.com, content: 203.0.113.7', 'an IPv6 address'],
    ['type: CNAME, name: x.example.com, content: "https://example.org"', 'a hostname'],
    ['type: SRV, name: x.example.com, content: sip.example.com', 'WEIGHT PORT TARGET'],
    ['type: CAA, name: x.example.com, content: letsencrypt.org', 'FLAGS TAG VALUE'],
    ['type: TXT, name: x.example.com, content: hello, proxied: true', 'cannot be proxied'],
    ['type: A, name: x.example.com, content: 203.0.113.7, ttl: 5', '30 to 86400'],
    ['type: PTR, name: x.example.com, content: y.example.com', 'type'],
    ['type: A, name: x.example.com, content: 203.0.113.7, proxy: true', 'unknown key "proxy"'],
  ])('refuses { %s }', (entry, message) => {
    expect(() => runSandbox().load(withRecords(entry))).toThrow(message);
  });

  it('warns of a CNAME to cloudflareaccess.com', () => {
    expect(
      runSandbox().load(withRecords('type: CNAME, name: mcp.example.com, content: abc.cloudflareaccess.com, proxied: true'))
        .findings,
    ).toMatchObject([{ severity: 'warning', code: 'MCP005' }]);
  });
});

describe('the record of a portal', () => {
  it('is left to others with dns: false', async () => {
    const { run, result } = await applied(withPortal(', dns: false'));
    expect(result.requests.filter(({ path }) => path.startsWith('/zones'))).toEqual([]);
    expect(await recordsOf(run)).toEqual([]);
  });

  it('takes a target, a zone and a comment', async () => {
    const { run } = await applied(
      withPortal(', dns: { target: Other.Example.org., zone: Example.com, comment: portal }').replace(
        'mcp.example.com',
        'mcp.b.example.com',
      ),
      { zones: ['example.com', 'b.example.com'] },
    );
    expect(await recordsOf(run, 0)).toMatchObject([
      { name: 'mcp.b.example.com', content: 'other.example.org', comment: 'portal', proxied: true },
    ]);
  });

  it('stands in any spelling of the hostname', async () => {
    const { run } = await applied(withPortal());
    expect((await run.plan(withPortal().replace('mcp.example.com', 'MCP.Example.com'))).lines).toEqual([]);
  });

  it('goes with the portal, and only where it leads to the gateway', async () => {
    const { run } = await applied(withPortal());
    expect((await run.plan(withPortal(', absent: true'))).lines).toContain('delete dns_record:mcp.example.com/CNAME');
    const [record] = await recordsOf(run);
    await run.send('PATCH', `/zones/${run.account.state.zones[0]?.id}/dns_records/${record?.id}`, {
      content: 'elsewhere.example.org',
    });
    expect((await run.plan(withPortal(', absent: true'))).lines).not.toContain('delete dns_record:mcp.example.com/CNAME');
  });
});

describe('absent records', () => {
  it('go, and those that are not there are no change', async () => {
    const { run } = await applied(withRecords('type: TXT, name: x.example.com, content: hello'));
    const absent = withRecords('type: TXT, name: x.example.com, content: hello, absent: true');
    expect((await run.apply(absent)).lines).toEqual(['delete dns_record:x.example.com/TXT']);
    expect(await recordsOf(run)).toEqual([]);
    expect((await run.plan(absent)).lines).toEqual([]);
  });

  it('without content are the only one of that name and type', async () => {
    const { run } = await applied(withRecords('type: TXT, name: x.example.com, content: hello'));
    expect((await run.plan(withRecords('type: TXT, name: x.example.com, absent: true'))).lines).toEqual([
      'delete dns_record:x.example.com/TXT',
    ]);
  });

  it('without content are refused where there are several', async () => {
    const { run } = await applied(
      withRecords('type: TXT, name: x.example.com, content: one', 'type: TXT, name: x.example.com, content: two'),
    );
    const error = await run.plan(withRecords('type: TXT, name: x.example.com, absent: true')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 3 });
    for (const { id } of await recordsOf(run)) expect(String(error)).toContain(id);
  });

  it.each([
    ['A', '203.0.113.1', '203.0.113.2'],
    ['CNAME', 'one.example.org', 'two.example.org'],
    ['TXT', 'one', 'two'],
  ])('never take a %s with other content', async (type, live, absent) => {
    const { run } = await applied(withRecords(`type: ${type}, name: x.example.com, content: ${live}`));
    expect((await run.plan(withRecords(`type: ${type}, name: x.example.com, content: ${absent}, absent: true`))).lines).toEqual(
      [],
    );
  });
});

it('a new sandbox account gets the zones that records and portals need', async () => {
  const { kinds } = await import('../../src/kinds/index.ts');
  const zones = kinds.find(({ kind }) => kind === 'dns_record')?.zones;
  const { desired } = runSandbox().load(
    `${withPortal()}dns:\n  - { type: TXT, name: a, zone: Sub.Example.ORG, content: x }\n  - { type: TXT, name: "*.apps.example.net", content: x }\n`,
  );
  expect(desired.filter(({ kind }) => kind === 'dns_record').flatMap(({ state }) => zones?.(state))).toEqual(
    expect.arrayContaining(['example.com', 'sub.example.org', 'example.net']),
  );
});

describe('a zone below another', () => {
  it('gets the record of its own name where the run asks for it anyway', async () => {
    const run = runSandbox({ zones: ['example.com', 'sub.example.com'] });
    const yaml = withRecords('type: TXT, name: sub.example.com, content: a', 'type: TXT, name: x.sub.example.com, content: b');
    expect((await run.apply(yaml)).ok).toBe(true);
    expect((await recordsOf(run, 0)).map(({ name }) => name)).toEqual([]);
    expect((await recordsOf(run, 1)).map(({ name }) => name).toSorted()).toEqual(['sub.example.com', 'x.sub.example.com']);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('is never looked for under a name with a service label', async () => {
    const run = runSandbox();
    const yaml = withRecords('type: SRV, name: _sip._tcp.example.com, content: 1 5060 sip.example.com, priority: 1');
    const { requests } = await run.plan(yaml);
    const asked = requests.filter(({ path }) => path === '/zones').map(({ query }) => new URLSearchParams(query).get('name'));
    expect(asked).toEqual(['example.com']);
  });
});
