import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createBuckets } from '../../src/guard/buckets.ts';
import { openGuard } from '../../src/guard/server.ts';
import { call, guardOf, key, notification, open, recorder, rpc, serverOf, type Call } from './toy.ts';

const unauthorized = '{"error":{"type":"auth","message":"Missing or invalid API key"}}';
const withoutKey: Call = { headers: { 'x-api-key': '' } };
const json = { 'content-type': 'application/json' };

/** A guard in front of a recorder. */
async function guarded(options: Parameters<typeof guardOf>[1] = {}) {
  const upstream = recorder();
  const { url } = await serverOf(upstream.listener);
  return { ...(await guardOf(url, options)), requests: upstream.requests, upstream: url };
}

/** What comes back on a connection that is sent `bytes` as they are. */
async function raw(url: string, bytes: string): Promise<string> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
  socket.write(bytes);
  return await text(socket);
}

describe('without a key', () => {
  it.each(['/mcp', '/sse', '/mcp/sse', '/mcp/messages', '/messages', '/', '/register', '/anything?key=dev-abc123'])(
    'nobody reaches %s',
    async (path) => {
      const { url, requests } = await guarded();
      for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS', 'PUT']) {
        const answer = await call(url + path, { ...withoutKey, method });
        expect(answer).toMatchObject({ status: 401, text: unauthorized, headers: json });
        expect(answer.headers).not.toHaveProperty('www-authenticate');
      }
      expect(requests).toEqual([]);
    },
  );

  it.each<[string, Record<string, string>]>([
    ['a wrong one', { 'x-api-key': 'dev-abc1234' }],
    ['one in the wrong case', { 'x-api-key': 'DEV-ABC123' }],
    ['the list of all', { 'x-api-key': 'dev-abc123,dev-def456' }],
    ['its digest', { 'x-api-key': 'sha256:b8e8ab51' }],
    ['another scheme', { 'x-api-key': '', authorization: `Basic ${key}` }],
    ['a bare header', { 'x-api-key': '', authorization: key }],
    ['a cookie', { 'x-api-key': '', cookie: `X-API-Key=${key}` }],
  ])('%s is no help', async (_, headers) => {
    const { url } = await guarded();
    expect(await call(`${url}/mcp`, { headers })).toMatchObject({ status: 401, text: unauthorized });
  });

  it('every place where clients look for OAuth is a 404 in JSON', async () => {
    const { url, requests } = await guarded();
    for (const path of [
      '/.well-known/oauth-protected-resource',
      '/.well-known/oauth-authorization-server/mcp',
      '/mcp/.well-known/openid-configuration?x=1',
    ]) {
      const answer = await call(url + path, withoutKey);
      expect(answer).toMatchObject({ status: 404, headers: json });
      expect(JSON.parse(answer.text)).toEqual({ error: { type: 'not_found', message: expect.any(String) } });
    }
    expect((await call(`${url}/.well-known-not`, withoutKey)).status).toBe(401);
    expect(requests).toEqual([]);
  });

  it('a large body is answered all the same, and the connection goes on', async () => {
    const { url } = await guarded();
    const refused = await call(`${url}/mcp`, { ...withoutKey, body: new Uint8Array(8_000_000) });
    expect(refused).toMatchObject({ status: 401, text: unauthorized });
    expect(await call(`${url}/mcp`)).toMatchObject({ status: 200 });
  });
});

describe('with a key', () => {
  it.each([{ 'x-api-key': key }, { 'x-api-key': '', authorization: `Bearer ${key}` }, { 'x-api-key': '', 'x-auth-token': key }])(
    'in %j a request passes, without it and without what proves the way',
    async (headers) => {
      const { url, requests, upstream } = await guarded();
      const sent = {
        ...headers,
        'CF-Access-Client-Id': 'id.access',
        'CF-Access-Client-Secret': 'secret',
        'Cf-Access-Jwt-Assertion': 'jwt',
        'Cf-Access-Authenticated-User-Email': 'user@example.com',
        cookie: 'a=1; CF_Authorization=jwt; b=2',
        origin: 'https://claude.ai',
        connection: 'keep-alive, x-mine',
        'x-mine': '1',
        'mcp-session-id': 'one',
        'mcp-protocol-version': '2025-06-18',
        'last-event-id': '7',
        'cf-ray': '8f0-FRA',
        'accept-encoding': 'gzip',
      };
      const body = rpc('tools/list');
      expect(await call(`${url}/mcp/messages?sessionId=1%2F2`, { headers: sent, body })).toMatchObject({ status: 200 });
      expect(requests).toEqual([
        {
          method: 'POST',
          url: '/mcp/messages?sessionId=1%2F2',
          body,
          headers: {
            host: new URL(upstream).host,
            connection: 'keep-alive',
            cookie: 'a=1; b=2',
            'content-length': String(body.length),
            'mcp-session-id': 'one',
            'mcp-protocol-version': '2025-06-18',
            'last-event-id': '7',
            'cf-ray': '8f0-FRA',
          },
        },
      ]);
    },
  );

  it('bodies pass byte for byte, also in chunks, empty, or in no known language', async () => {
    const bodies: Buffer[] = [];
    const { url: upstream } = await serverOf(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      bodies.push(Buffer.concat(chunks));
      outgoing.end();
    });
    const { url } = await guardOf(upstream);
    const odd = Buffer.from([0xff, 0xfe, 0, 1, 0x7b]);
    await call(url, { body: odd });
    await call(url, { body: odd, headers: { 'transfer-encoding': 'chunked' } });
    await call(url, { method: 'POST', headers: { 'content-length': '0' } });
    await call(url, { body: Buffer.alloc(4 * 1024 * 1024, 120) });
    expect(bodies.map(({ length }) => length)).toEqual([5, 5, 0, 4 * 1024 * 1024]);
    expect(bodies[0]?.equals(odd)).toBe(true);
  });

  it.each([{}, { 'transfer-encoding': 'chunked' }, { expect: '100-continue' }])(
    'a body beyond 4 MB is refused (%j)',
    async (headers) => {
      const { url, requests } = await guarded();
      const answer = await call(url, { body: new Uint8Array(4 * 1024 * 1024 + 1), headers });
      expect(answer).toMatchObject({ status: 413, headers: json });
      expect(JSON.parse(answer.text).error.type).toBe('too_large');
      expect(requests).toEqual([]);
    },
  );

  it('a caller that asks before it sends its body is told to go on', async () => {
    const { url, requests } = await guarded();
    const said = await raw(
      url,
      `POST /mcp HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
    );
    expect(said).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(requests[0]).toMatchObject({ body: '{}', headers: expect.not.objectContaining({ expect: expect.anything() }) });
  });

  it('WebSocket is refused, other upgrades are left alone', async () => {
    const { url, requests } = await guarded();
    const upgrade = (to: string): Promise<string> =>
      raw(url, `GET /mcp HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\nConnection: Upgrade, close\r\nUpgrade: ${to}\r\n\r\n`);
    expect(await upgrade('websocket')).toMatch(/^HTTP\/1\.1 501 [^]*not_implemented/);
    expect(await upgrade('h2c')).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(requests.map(({ headers }) => headers.upgrade)).toEqual([undefined]);
  });

  it('a target that is no path does not leave the upstream', async () => {
    const { url, requests } = await guarded();
    const said = await raw(url, `GET http://evil.example/ HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\nConnection: close\r\n\r\n`);
    expect(said).toMatch(/^HTTP\/1\.1 400 /);
    expect(requests).toEqual([]);
  });
});

describe('the limit', () => {
  const limited = (rps: number, burst: number) => guarded({ buckets: createBuckets({ rps, burst }, () => 0) });

  it('refuses what is too much, and says when to come again', async () => {
    const { url } = await limited(0.5, 2);
    const answers = [];
    for (let at = 0; at < 3; at += 1) answers.push(await call(url, { body: rpc('tools/list') }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]).toMatchObject({
      text: '{"error":{"type":"rate_limit","message":"Too many requests"}}',
      headers: { ...json, 'retry-after': '2' },
    });
    expect((await call(url, { headers: { 'x-api-key': 'dev-def456' } })).status).toBe(200);
  });

  it('does not count notifications and pings, and counts each request of a batch', async () => {
    const { url } = await limited(1, 2);
    const send = async (body: string) => (await call(url, { body })).status;
    expect(await send(rpc('ping'))).toBe(200);
    expect(await send(notification('notifications/initialized'))).toBe(200);
    expect(await send(`[${rpc('tools/call')},${rpc('tools/call')},${rpc('ping')}]`)).toBe(200);
    expect(await send(rpc('tools/list'))).toBe(429);
    expect(await send(rpc('ping'))).toBe(200);
  });

  it('counts a stream that is opened as one', async () => {
    const { url } = await limited(1, 1);
    expect([(await call(url)).status, (await call(url)).status]).toEqual([200, 429]);
  });
});

describe('an answer', () => {
  it('comes with its status and headers, and without those of the other connection', async () => {
    const { url: upstream } = await serverOf((_, outgoing) => {
      outgoing.writeHead(418, 'Short And Stout', [
        'X-A',
        '1',
        'X-A',
        '2',
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2',
        'Keep-Alive',
        'timeout=1',
        'Connection',
        'keep-alive, X-Mine',
        'X-Mine',
        '1',
        'Mcp-Session-Id',
        's',
      ]);
      outgoing.end('tea');
    });
    const { url } = await guardOf(upstream);
    const response = await open(url);
    expect([response.statusCode, response.statusMessage]).toEqual([418, 'Short And Stout']);
    expect(response.headers).toMatchObject({ 'x-a': '1, 2', 'set-cookie': ['a=1', 'b=2'], 'mcp-session-id': 's' });
    expect(response.headers).not.toHaveProperty('x-mine');
    expect(response.headers['keep-alive']).not.toBe('timeout=1');
    expect(await text(response)).toBe('tea');
  });

  it('to HEAD has no body, and one with trailers has them', async () => {
    const { url: upstream } = await serverOf((incoming, outgoing) => {
      if (incoming.method === 'HEAD') return void outgoing.writeHead(200, { 'content-length': '7' }).end();
      outgoing.writeHead(200, { trailer: 'X-Sum' });
      outgoing.write('a');
      outgoing.addTrailers({ 'X-Sum': '9' });
      outgoing.end();
    });
    const { url } = await guardOf(upstream);
    expect(await call(url, { method: 'HEAD' })).toMatchObject({ status: 200, text: '', headers: { 'content-length': '7' } });
    const response = await open(url);
    await text(response);
    expect(response.trailers).toEqual({ 'x-sum': '9' });
  });

  it('that redirects to the upstream itself is one to a path; others pass, and none is followed', async () => {
    const { url: upstream } = await serverOf((incoming, outgoing) => {
      const { host } = incoming.headers;
      outgoing.writeHead(307, { location: incoming.url === '/mcp' ? `http://${host}/mcp/?a=1` : 'https://login.example/' }).end();
    });
    const { url } = await guardOf(upstream);
    expect(await call(`${url}/mcp`)).toMatchObject({ status: 307, headers: { location: '/mcp/?a=1' } });
    expect(await call(`${url}/x`)).toMatchObject({ status: 307, headers: { location: 'https://login.example/' } });
  });

  it('is 502 where nobody listens, or what answers is not HTTP', async () => {
    const { port } = await serverOf(() => {});
    const gone = await guardOf('http://127.0.0.1:1');
    const garbage = await serverOf((incoming) => void incoming.socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    const hangsUp = await serverOf((incoming) => incoming.socket.destroy());
    const upgrades = await serverOf(
      (incoming) => void incoming.socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    );
    for (const { url } of [gone, await guardOf(garbage.url), await guardOf(hangsUp.url), await guardOf(upgrades.url)]) {
      const answer = await call(url, { body: rpc('tools/list') });
      expect(answer).toMatchObject({ status: 502, headers: json });
      expect(JSON.parse(answer.text).error.type).toBe('bad_gateway');
      expect(answer.text).not.toContain(String(port));
    }
  });

  it('is 504 where the upstream does not begin', async () => {
    let closed = false;
    const { url: upstream } = await serverOf((incoming) => void incoming.socket.on('close', () => (closed = true)));
    const { url, lines } = await guardOf(upstream, { timeoutMs: 50 });
    const answer = await call(url, { body: rpc('tools/list') });
    expect(answer).toMatchObject({ status: 504, headers: json });
    expect(JSON.parse(answer.text).error.type).toBe('gateway_timeout');
    await vi.waitFor(() => expect(closed).toBe(true));
    expect(lines).toMatchObject([{ status: 504, reason: 'gateway_timeout' }]);
  });

  it('that the upstream breaks off does not look whole', async () => {
    const { url: upstream } = await serverOf((incoming, outgoing) => {
      outgoing.write('half');
      setTimeout(() => incoming.socket.destroy(), 20);
    });
    const { url, lines } = await guardOf(upstream);
    await expect(call(url)).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(lines).toMatchObject([{ status: 200, bytes: 4, reason: 'upstream_closed' }]));
  });

  it('that is large goes at the pace of its reader', async () => {
    let written = 0;
    const { url: upstream } = await serverOf((_, outgoing) => {
      const more = (): void => {
        while (written < 200 && outgoing.write(Buffer.alloc(1024 * 1024))) written += 1;
        written += 1;
        if (written < 200) outgoing.once('drain', more);
        else outgoing.end();
      };
      more();
    });
    const { url } = await guardOf(upstream);
    const response = await open(url);
    await delay(300);
    expect(written).toBeLessThan(100);
    let length = 0;
    for await (const chunk of response) length += chunk.length;
    expect(length).toBeGreaterThanOrEqual(199 * 1024 * 1024);
  });
});

describe('an event stream', () => {
  const stream = { 'content-type': 'text/event-stream' };

  it('sends its head at once, each event when it comes, and comments while nothing does', async () => {
    let push: (event: string) => void = () => {};
    const { url: upstream } = await serverOf((_, outgoing) => {
      outgoing.writeHead(200, { ...stream, 'cache-control': 'no-store' });
      outgoing.flushHeaders();
      push = (event) => void outgoing.write(event);
    });
    const { url, lines } = await guardOf(upstream, { idleMs: 60 });
    const response = await open(`${url}/sse`);
    expect(response.headers).toMatchObject({ ...stream, 'x-accel-buffering': 'no', 'cache-control': 'no-store, no-transform' });
    let seen = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (seen += chunk));
    response.on('error', () => {});
    await vi.waitFor(() => expect(seen).toContain(': keep-alive\n\n'));
    push('data: half of');
    await delay(200);
    push(' an event\n\n');
    await vi.waitFor(() => expect(seen).toContain('data: half of an event\n\n'));
    await vi.waitFor(() => expect(seen).toMatch(/event\n\n(: keep-alive\n\n)+$/));
    expect(lines).toEqual([]);
    response.destroy();
    await vi.waitFor(() => expect(lines).toMatchObject([{ status: 200, endpoint: '/sse', reason: 'client_closed' }]));
    expect(Number(lines[0]?.['duration_ms'])).toBeGreaterThan(200);
  });

  it('of the legacy transport names a path where it named the upstream', async () => {
    const { url: upstream } = await serverOf((incoming, outgoing) => {
      outgoing.writeHead(200, stream);
      outgoing.write(`event: endpoint\ndata: http://${incoming.headers.host}/messages?sessionId=1\n\n`);
      outgoing.end('event: message\ndata: 1\n\n');
    });
    const { url } = await guardOf(upstream);
    expect((await call(`${url}/sse`)).text).toBe('event: endpoint\ndata: /messages?sessionId=1\n\nevent: message\ndata: 1\n\n');
  });

  it('is left alone where it is compressed, or its length is fixed', async () => {
    const body = 'event: endpoint\ndata: http://127.0.0.1/messages\n\n';
    const { url: upstream } = await serverOf((incoming, outgoing) => {
      const more = incoming.url === '/length' ? { 'content-length': body.length } : { 'content-encoding': 'br' };
      outgoing.writeHead(200, { ...stream, ...more }).end(body);
    });
    const { url } = await guardOf(upstream);
    expect((await call(`${url}/length`)).text).toBe(body);
    expect((await call(`${url}/br`)).text).toBe(body);
  });

  it('ends at the upstream when its reader leaves', async () => {
    let closed = 0;
    const { url: upstream } = await serverOf((incoming, outgoing) => {
      outgoing.writeHead(200, stream);
      outgoing.flushHeaders();
      incoming.on('close', () => {});
      outgoing.on('close', () => (closed += 1));
    });
    const { url } = await guardOf(upstream);
    const readers = await Promise.all(Array.from({ length: 20 }, () => open(url)));
    for (const reader of readers) reader.on('error', () => {}).destroy();
    await vi.waitFor(() => expect(closed).toBe(20));
  });

  it('loses no event among 100 others', async () => {
    const { url: upstream } = await serverOf((incoming, outgoing) => {
      outgoing.writeHead(200, stream);
      let sent = 0;
      const timer = setInterval(() => {
        outgoing.write(`id: ${sent}\ndata: ${incoming.url}-${sent}\n\n`);
        sent += 1;
        if (sent === 20) outgoing.end();
        if (sent === 20) clearInterval(timer);
      }, 5);
    });
    const { url, lines } = await guardOf(upstream);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => call(`${url}/${at}`)));
    for (const [at, answer] of answers.entries()) {
      expect(answer.text).toBe(Array.from({ length: 20 }, (_, id) => `id: ${id}\ndata: /${at}-${id}\n\n`).join(''));
    }
    await vi.waitFor(() => expect(lines).toHaveLength(100));
  });
});

describe('the audit log', () => {
  it('has a line for each request, also for those that were refused', async () => {
    const { url, lines } = await guarded();
    await call(`${url}/mcp?session=secret`, {
      body: rpc('tools/call', { name: 'search', arguments: { query: 'loans' } }),
      headers: { 'cf-ray': '8f0-FRA', 'cf-connecting-ip': '203.0.113.7' },
    });
    await call(`${url}/mcp`, { headers: { 'x-api-key': 'guess-123' } });
    await vi.waitFor(() => expect(lines).toHaveLength(2));
    expect(lines[0]).toEqual({
      time: '2026-01-02T03:04:05.000Z',
      event: 'mcp_request',
      key: 'b8e8ab51',
      http_method: 'POST',
      endpoint: '/mcp',
      rpc_method: 'tools/call',
      tool: 'search',
      status: 200,
      duration_ms: expect.any(Number),
      bytes: 2,
      request_bytes: expect.any(Number),
      ray: '8f0-FRA',
      client: '203.0.113.7',
    });
    expect(lines[1]).toMatchObject({ key: 'none', status: 401, reason: 'auth', client: '127.0.0.1' });
    expect(JSON.stringify(lines)).not.toMatch(/secret|loans|guess|dev-abc/);
  });

  it('shows what tools are called with where that is asked for, and not the key', async () => {
    const { url, lines } = await guarded({ auditArguments: true });
    await call(url, { body: rpc('tools/call', { name: 'a', arguments: { query: 'loans', echo: key, token: 't' } }) });
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    expect(lines[0]?.['arguments']).toEqual({ query: 'loans', echo: '(secret)', token: '(secret)' });
  });
});

describe('the guard', () => {
  it('has no bucket for a wrong key', async () => {
    const take = vi.fn<(name: string, cost: number) => number>(() => 0);
    const { url } = await guarded({ buckets: { take } });
    for (let at = 0; at < 50; at += 1) await call(url, { headers: { 'x-api-key': `wrong-${at}` } });
    expect(take).not.toHaveBeenCalled();
  });

  it('ends with its last answer, and takes no new connections meanwhile', async () => {
    let finish = (): void => {};
    const { url: upstream } = await serverOf((_, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
      outgoing.write('data: 1\n\n');
      finish = () => void outgoing.end('data: 2\n\n');
    });
    const { url, guard } = await guardOf(upstream);
    const response = await open(url);
    let isClosed = false;
    const closed = guard.close(10_000).then(() => (isClosed = true));
    await expect(call(url)).rejects.toThrow('ECONNREFUSED');
    expect(isClosed).toBe(false);
    finish();
    expect(await text(response)).toBe('data: 1\n\ndata: 2\n\n');
    await closed;
  });

  it('does not wait longer than its grace for streams without end', async () => {
    const { url: upstream } = await serverOf((_, outgoing) => void outgoing.writeHead(200).write('x'));
    const { url, guard, lines } = await guardOf(upstream);
    const response = await open(url);
    response.on('error', () => {}).resume();
    await guard.close(50);
    await vi.waitFor(() => expect(response.destroyed).toBe(true));
    await vi.waitFor(() => expect(lines).toHaveLength(1));
  });

  it('outlives a request on which it fails', async () => {
    const take = vi
      .fn<(name: string, cost: number) => number>(() => 0)
      .mockImplementationOnce(() => {
        throw new Error('a bug');
      });
    const { url, lines } = await guarded({ buckets: { take } });
    const failed = await call(url);
    expect([failed.status, failed.text]).toEqual([500, expect.not.stringContaining('a bug')]);
    expect((await call(url)).status).toBe(200);
    await vi.waitFor(() => expect(lines).toMatchObject([{ reason: 'internal' }, { status: 200 }]));
  });

  it('says when the port is taken', async () => {
    const { url, upstream } = await guarded();
    const taken = { upstream: new URL(upstream), listen: { host: '127.0.0.1', port: Number(new URL(url).port) } };
    const rest = { keys: [], buckets: { take: () => 0 }, access: undefined, timeoutMs: 1, now: () => new Date() };
    await expect(openGuard({ ...taken, ...rest })).rejects.toThrow('cannot listen on 127.0.0.1:');
  });
});
