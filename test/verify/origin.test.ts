import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Secret } from '../../src/secrets/secret.ts';
import type { Check } from '../../src/verify/check.ts';
import { checkOrigin, type OriginSubject } from '../../src/verify/origin.ts';
import { openWire, type WireOptions } from '../../src/verify/wire.ts';
import { listening, mcpServer, type Upstream } from '../support/data-side.ts';

const wireWith = (options: Partial<WireOptions> = {}) => {
  const wire = openWire({
    env: {},
    resolve: new Map(),
    timeoutMs: 3000,
    signal: new AbortController().signal,
    ...options,
  });
  onTestFinished(() => wire.close());
  return wire;
};

const look = (url: string, more: Partial<OriginSubject> = {}, options: Partial<WireOptions> = {}): Promise<readonly Check[]> =>
  checkOrigin(
    { id: 'notes', url, auth: 'none', gateway: false, headers: undefined, ...more },
    { wire: wireWith(options), timeoutMs: options.timeoutMs ?? 3000 },
  );

const named = (checks: readonly Check[], name: string): Check | undefined => checks.find((check) => check.name === name);

/** An upstream that gives one answer to everything below /mcp. */
const answering = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Upstream> =>
  listening((request, response) => {
    const isMcp = request.url?.startsWith('/mcp') === true;
    response
      .writeHead(isMcp ? status : 404, isMcp ? { 'content-type': 'application/json', ...headers } : {})
      .end(isMcp ? body : '');
  });

const html = { 'content-type': 'text/html' };

describe('an origin that works', () => {
  it('is told with its transport, protocol and lists', async () => {
    const { url } = await mcpServer({ tools: ['a', 'b'] });
    const checks = await look(url);
    expect(checks).toMatchObject([{ layer: 'origin', subject: 'notes', name: 'handshake', ok: true, status: 'ok' }]);
    expect(checks[0]?.detail).toMatch(/^Streamable HTTP, protocol 2026-07-28 \(modern\), 2 tools, 1 prompt, \d+ ms$/);
  });

  it('is asked with the credentials of the document, and no other host is', async () => {
    const upstream = await mcpServer({ needs: { 'x-api-key': 'sesame' } });
    const headers = { 'X-Api-Key': Secret.of('env:KEY', 'sesame') };
    expect(named(await look(upstream.url, { auth: 'bearer', headers }), 'handshake')?.ok).toBe(true);
    const thief = await answering(200, '{}');
    const bait = await answering(307, '', { location: `${thief.origin}/mcp` });
    const [check] = await look(bait.url, { auth: 'bearer', headers });
    expect(check).toMatchObject({ ok: false, detail: expect.stringContaining('HTTP 307') });
    expect(thief.reached).toEqual([]);
  });

  it.each(['bearer', 'oauth'])('may ask for credentials that only Cloudflare has, %s', async (auth) => {
    const { url } = await answering(401, '{}', { 'www-authenticate': 'Bearer resource_metadata="x"' });
    expect(await look(url, { auth })).toMatchObject([
      { name: 'handshake', ok: true, detail: expect.stringContaining('asks for credentials (HTTP 401)') },
    ]);
  });

  it('shows its health where it has any', async () => {
    const sick = await listening(
      (request, response) => void (request.url === '/health' ? response.writeHead(503) : response.writeHead(401)).end(),
    );
    expect(named(await look(sick.url, { auth: 'bearer' }), 'health')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('HTTP 503'),
    });
  });
});

describe('an origin that fails', () => {
  it.each<[string, number, string, Readonly<Record<string, string>>, RegExp, RegExp]>([
    [
      '302 to a login',
      302,
      '',
      { location: 'https://team.cloudflareaccess.com/cdn-cgi/access/login/x?kid=1' },
      /Access application stands before the origin/,
      /auth: \{ service_token: KEY \}/,
    ],
    ['301 elsewhere', 301, '', { location: 'https://other.example/mcp' }, /has moved/, /servers\.notes\.url/],
    ['401', 401, '{}', {}, /asks for credentials, and the server is registered without/, /servers\.notes\.auth/],
    ['403 of a bot filter', 403, '<html>Attention Required</html>', html, /blocks the request/, /Block AI bots/],
    ['403 of a challenge', 403, '<html>Just a moment</html>', { ...html, 'cf-mitigated': 'challenge' }, /for a bot/, /WAF rule/],
    [
      '403 of a host check',
      403,
      '{"error":{"message":"Invalid Host: notes"}}',
      {},
      /under names that it knows/,
      /httpHostHeader/,
    ],
    ['404', 404, '{"error":"Not found"}', {}, /no MCP endpoint at this path/, /servers\.notes\.url/],
    ['405', 405, '', {}, /takes no POST/, /\/sse for SSE/],
    ['406', 406, '{}', {}, /Accept header/, /text\/event-stream/],
    [
      '400 without headers',
      400,
      '{"error":"Bad Request: Mcp-Session-Id header is required"}',
      {},
      /strips them/,
      /Mcp-Session-Id/,
    ],
    ['421', 421, '', {}, /does not serve this name/, /httpHostHeader/],
    ['429', 429, '', {}, /limits how often/, /Raise its limit/],
    ['500', 500, 'oops', {}, /The server failed/, /log/],
    ['502', 502, '', html, /reaches no server behind it/, /tunnel list/],
    ['503', 503, '', html, /overloaded or not ready/, /tunnel list/],
    ['522', 522, '', html, /no connection to the server/, /firewall/],
    ['525', 525, '', html, /TLS between Cloudflare and the server/, /origin certificate/],
    ['530', 530, '', html, /tunnel without a connector/, /tunnel compose/],
    ['530 with 1033', 530, 'error code: 1033', html, /Error 1033/, /tunnel compose/],
    ['530 with 1016', 530, 'error code: 1016', html, /cannot resolve where the record/, /dns list/],
    ['409 with 1014', 409, 'error code: 1014', html, /Error 1014/, /dns remove/],
    ['a web page', 200, '<!DOCTYPE html><html></html>', html, /a web page, not an MCP endpoint/, /mostly \/mcp/],
    [
      'an expired token',
      401,
      '{"error":"unauthorized","message":"Token expired or invalid"}',
      {},
      /has expired or was never valid/,
      /service token/,
    ],
    [
      'an application whose token ran out',
      500,
      '{"error":"MCP authentication failed"}',
      {},
      /stored token has run out/,
      /service-token create/,
    ],
  ])('%s names its cause and one step', async (_what, status, body, headers, cause, fix) => {
    const { url } = await answering(status, body, headers);
    const check = named(await look(url), 'handshake');
    expect(check).toMatchObject({ ok: false, status: 'failed', detail: expect.stringContaining(`HTTP ${status}`) });
    expect(check?.cause).toMatch(cause);
    expect(check?.fix).toMatch(fix);
    expect(`${check?.cause}${check?.fix}`).not.toMatch(/\{(id|host|url)\}/);
  });

  it('with tools: [] is up and offers nothing', async () => {
    const empty = await listening((request, response) => {
      const { id, method } = JSON.parse(request.text === '' ? '{}' : request.text);
      const results: Readonly<Record<string, object>> = {
        initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } },
        'tools/list': { tools: [] },
      };
      const result = results[method];
      if (id === undefined) return response.writeHead(request.method === 'POST' ? 202 : 405).end();
      const answer =
        result === undefined
          ? { jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } }
          : { jsonrpc: '2.0', id, result };
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    expect(named(await look(empty.url), 'tools')).toMatchObject({
      ok: false,
      detail: 'tools: []',
      fix: expect.stringContaining('mcp-portal sync-server notes'),
    });
  });

  it('refuses the credentials of the document, which are shown nowhere', async () => {
    const echo = await listening(
      (request, response) =>
        void response.writeHead(401, { 'content-type': 'text/plain' }).end(`bad ${request.headers['authorization']}`),
    );
    const headers = { authorization: Secret.of('env:T', 'Bearer very-secret-value') };
    const checks = await look(echo.url, { auth: 'bearer', headers });
    expect(named(checks, 'handshake')?.cause).toMatch(/refuses the document's credentials.*strips their header/);
    expect(JSON.stringify(checks)).not.toContain('very-secret-value');
  });

  it('without a listener is down', async () => {
    const port = await closedPort();
    expect(await look(`http://127.0.0.1:${port}/mcp`)).toMatchObject([
      { ok: false, cause: 'Nothing listens there: the server is down, or on another port.' },
    ]);
  });

  it('with a certificate that does not verify is not spoken to', async () => {
    const plain = await mcpServer();
    const [check] = await look(`https://127.0.0.1:${plain.port}/mcp`);
    expect(check).toMatchObject({ ok: false, cause: expect.stringContaining('does not speak TLS') });
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('the older transport', () => {
  const stream = (answer: (path: string) => number, headers: Readonly<Record<string, string>> = {}) =>
    listening((request, response) => {
      if (request.method === 'GET' && request.url === '/sse') {
        response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
        const text = 'event: endpoint\ndata: /messages?sessionId=1\n\n';
        response.write(headers['content-encoding'] === 'gzip' ? gzipSync(text) : text);
        return;
      }
      response.writeHead(answer(request.url ?? '')).end();
    });

  it('that opens its stream and loses the messages is told from one that is down', async () => {
    const { origin } = await stream(() => 404);
    const check = named(await look(`${origin}/sse`), 'handshake');
    expect(check).toMatchObject({ ok: false, detail: expect.stringContaining('the stream opened; messages: HTTP 404') });
    expect(check?.cause).toContain('the messages beside it do not arrive at /messages');
  });

  it('that never sends an event ends with the time limit', async () => {
    const silent = await listening((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders(),
    );
    const check = named(await look(`${silent.origin}/sse`, {}, { timeoutMs: 400 }), 'handshake');
    expect(check).toMatchObject({ ok: false, cause: expect.stringContaining('nothing comes through it') });
  });
});

describe('what an origin can do to us', () => {
  it('costs its time limit once where it does not answer', async () => {
    const connections: unknown[] = [];
    const silent = createServer((socket) => {
      connections.push(socket);
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const wire = wireWith({ timeoutMs: 300 });
    const subject = { id: 'notes', auth: 'none', gateway: false, headers: undefined };
    const first = await checkOrigin({ ...subject, url: `http://127.0.0.1:${port}/mcp` }, { wire, timeoutMs: 300 });
    const second = await checkOrigin({ ...subject, url: `http://127.0.0.1:${port}/` }, { wire, timeoutMs: 300 });
    expect([first, second].map(([check]) => check?.cause)).toEqual(
      Array.from({ length: 2 }, () => expect.stringContaining('does not answer')),
    );
    expect(first).toHaveLength(1);
    expect(connections).toHaveLength(1);
  });

  it('is cut off where its list of tools is endless', async () => {
    const tool = { name: 'x', description: 'y'.repeat(1_000_000), inputSchema: { type: 'object' } };
    const huge = await listening((request, response) => {
      const { id, method } = JSON.parse(request.text === '' ? '{}' : request.text);
      const result =
        method === 'initialize'
          ? { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } }
          : { tools: Array.from({ length: 12 }, () => tool) };
      if (method === 'server/discover') return response.writeHead(404).end();
      if (id === undefined) return response.writeHead(request.method === 'POST' ? 202 : 405).end();
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
    const check = named(await look(huge.url), 'handshake');
    expect(check).toMatchObject({
      ok: false,
      detail: expect.stringContaining('longer than 10 MB'),
      cause: 'The answer is longer than any client takes.',
    });
  });

  it('is not followed around in circles', async () => {
    const circle = await listening((_request, response) => void response.writeHead(302, { location: '/mcp' }).end());
    await look(circle.url);
    expect(circle.reached.filter(({ url }) => url === '/mcp').length).toBeLessThan(4);
  });

  it('is asked over as few connections as its lists are asked for at once', async () => {
    const upstream = await mcpServer();
    let connections = 0;
    const wire = wireWith();
    const { createServer: createHttp, request } = await import('node:http');
    const counting = createHttp((incoming, outgoing) => {
      incoming.pipe(
        request(`${upstream.origin}${incoming.url}`, { method: incoming.method, headers: incoming.headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        }),
      );
    }).on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => counting.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      counting.close();
      counting.closeAllConnections();
    });
    const { port } = counting.address() as AddressInfo;
    await checkOrigin(
      { id: 'notes', url: `http://127.0.0.1:${port}/mcp`, auth: 'none', gateway: false, headers: undefined },
      { wire, timeoutMs: 3000 },
    );
    // Tools, prompts and health at once, after what came before them.
    expect(upstream.reached.length).toBeGreaterThanOrEqual(4);
    expect(connections).toBeLessThanOrEqual(3);
  });
});

describe('a private address', () => {
  it('that only Cloudflare reaches is not judged', async () => {
    expect(await look('http://notes.internal:9/mcp', { gateway: true }, { timeoutMs: 2000 })).toMatchObject([
      { ok: true, status: 'skipped' },
    ]);
  });
});

describe('an event stream', () => {
  it('that is compressed is held back', async () => {
    const squeezed = await listening((request, response) => {
      const { id, method } = JSON.parse(request.text === '' ? '{}' : request.text);
      if (method === 'server/discover') return response.writeHead(404).end();
      if (id === undefined) return response.writeHead(request.method === 'POST' ? 202 : 405).end();
      const result =
        method === 'initialize'
          ? { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } }
          : { tools: [{ name: 'a', inputSchema: { type: 'object' } }] };
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
      return response.end(gzipSync(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`));
    });
    const checks = await look(squeezed.url);
    expect(named(checks, 'handshake')?.ok).toBe(true);
    expect(named(checks, 'streaming')).toMatchObject({
      ok: false,
      detail: 'content-encoding: gzip on an event stream',
      cause: expect.stringContaining('compressed'),
    });
  });
});
