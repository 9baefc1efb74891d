// What the guard is measured against, each a process of its own: node guard-peers.mjs ROLE [UPSTREAM]. Prints its port.
import { createServer } from 'node:http';

const [role, upstream] = process.argv.slice(2);
const host = '127.0.0.1';
const printPort = (port) => process.stdout.write(`${port}\n`);

const starters = {
  /** The least that a server can do: one fixed answer, after the body was read. */
  async bare() {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: 'Echo: hello' }] } });
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
        response.end(body);
      });
    });
    server.listen(0, host, () => printPort(server.address().port));
  },
  /** Event streams of 100 events, one every 20 ms, each written in two halves. */
  async streams() {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let sent = 0;
      const timer = setInterval(() => {
        response.write('data: ');
        response.write(`${sent}\n\n`);
        sent += 1;
        if (sent < 100) return;
        clearInterval(timer);
        response.end();
      }, 20);
    });
    server.listen(0, host, () => printPort(server.address().port));
  },
  /** No keys, no limit, no log: only the way through. */
  async hono() {
    const [{ Hono }, { proxy }, { serve }] = await Promise.all([
      import('hono'),
      import('hono/proxy'),
      import('@hono/node-server'),
    ]);
    const app = new Hono();
    app.all('*', (c) => proxy(new URL(c.req.path, upstream), { raw: c.req.raw }));
    serve({ fetch: app.fetch, port: 0, hostname: host }, ({ port }) => printPort(port));
  },
  async fastify() {
    const [{ default: Fastify }, { default: httpProxy }, { default: rateLimit }] = await Promise.all(
      ['fastify', '@fastify/http-proxy', '@fastify/rate-limit'].map((name) => import(name)),
    );
    const app = Fastify();
    await app.register(rateLimit, { max: 1e9, timeWindow: '1 minute' });
    await app.register(httpProxy, { upstream, undici: { bodyTimeout: 0 } });
    await app.listen({ port: 0, host });
    printPort(app.server.address().port);
  },
};

// A peer that is not installed is left out of the table.
await starters[role]().catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  printPort(0);
});
