import { expect, it, vi } from 'vitest';
import { openApi } from '../../src/cloudflare/client.ts';
import { exportDocument } from '../../src/engine/export.ts';
import { createReader } from '../../src/engine/reader.ts';
import { kinds } from '../../src/kinds/index.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { documentText } from '../../src/spec/write.ts';
import { runSandbox } from '../support/run-sandbox.ts';

type Run = ReturnType<typeof runSandbox>;

async function exported({ account }: Run): Promise<string> {
  const api = openApi({
    credentials: { token: Secret.of('test', 'test') },
    account: account.accountId,
    userAgent: 'test',
    fetch: account.fetch,
    sleep: async () => {},
    signal: new AbortController().signal,
  });
  const reader = createReader({ api, kinds, desired: [], everything: true });
  await reader.ensure(kinds.map(({ kind }) => kind));
  return documentText({ version: 1, ...exportDocument({ kinds, reader, isRoot: () => true }).sections });
}

it('what an account has becomes a document that changes nothing', async () => {
  const run = runSandbox({ zones: ['example.com', 'example.org'] });
  await run.apply(`version: 1
service_tokens: { ci: { out: stdout } }
groups: { staff: { include: [{ email_domain: example.com }, { raw: { email_list: { id: x } } }] } }
policies:
  people: { name: Some People, decision: allow, session_duration: 8h, include: [{ group: staff }], exclude: [{ ip: 203.0.113.7 }] }
  robots: { decision: service_auth, include: [{ service_token: ci }] }
servers:
  a: { url: https://a.example.com/mcp, access: { policies: [people, robots], tags: [mcp], session_duration: 8h } }
portals:
  p: { hostname: mcp.example.com, servers: [a], access: { policies: [people], oauth: { grant: { session_duration: 336h } }, skip_interstitial: true } }
applications:
  classic: { domain: app.example.com/api, policies: [people], cors: { allowed_origins: ["https://a.example"], allowed_methods: [GET] }, app_launcher_visible: false }
dns:
  - { type: SRV, name: _sip._tcp.example.com, content: 10 5 5060 sip.example.com }
  - { type: CAA, name: example.com, content: 0 issue letsencrypt.org }
  - { type: MX, name: example.org, content: mail.example.org, priority: 10 }
  - { type: TXT, name: example.org, content: one }
  - { type: TXT, name: example.org, content: 'two "quoted"' }
  - { type: A, name: "*.example.org", content: 203.0.113.7, ttl: 300, comment: wild }
`);
  const text = await exported(run);
  expect(text).not.toMatch(/enable_binding_cookie|app_launcher_visible: true|options_preflight/);
  expect((await run.plan(text)).lines).toEqual([]);
});

it('what no document can say is left out', async () => {
  const run = runSandbox();
  await run.send('POST', '~/access/apps', { type: 'saas', name: 'elsewhere' });
  await run.send('POST', '~/access/apps', { type: 'ssh', name: 'shell', domain: 'ssh.example.com' });
  await run.send('POST', `/zones/${run.account.state.zones[0]?.id}/dns_records`, {
    type: 'PTR',
    name: 'x',
    content: 'y.example.com',
  });
  await run.send('POST', '~/access/apps', {
    type: 'self_hosted',
    name: 'own',
    domain: 'own.example.com',
    policies: [{ name: 'mine', decision: 'allow', include: [{ everyone: {} }], precedence: 1 }],
  });
  const text = await exported(run);
  expect(text).toContain('own.example.com');
  expect(text).not.toMatch(/elsewhere|ssh\.example\.com|PTR/);
  expect((await run.plan(text)).lines).toEqual([]);
});

it('policies of an application’s own are not written as policies, also where they do not say so', async () => {
  const run = runSandbox();
  await run.send('POST', '~/access/apps', {
    type: 'self_hosted',
    name: 'own',
    domain: 'own.example.com',
    policies: [{ name: 'mine', decision: 'allow', include: [{ everyone: {} }], precedence: 1 }],
  });
  const { fetch } = run.account;
  vi.spyOn(run.account, 'fetch').mockImplementation(async (request) => {
    const response = await fetch(request);
    if (!request.url.includes('/access/apps?')) return response;
    return new Response((await response.text()).replaceAll('"reusable":false', '"other":0'), { status: response.status });
  });
  const text = await exported(run);
  expect(text).toContain('own.example.com');
  expect(text).not.toContain('policies');
  expect((await run.plan(text)).lines).toEqual([]);
});
