// The guard beside a direct call and beside other proxies, in front of the same server, measured in turn in one run.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCaller, openReader, requestText } from './guard-load.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const program = join(here, '../../bin/mcp-portal.js');
const everything = join(here, '../../node_modules/@modelcontextprotocol/server-everything/dist/index.js');
const rounds = Number(process.env.BENCH_ROUNDS ?? 15);
const key = 'bench-key-0123456789';
const { NODE_EXTRA_CA_CERTS: _unused, ...env } = process.env;

const children = [];
/** Starts a process, and resolves with the port that `pattern` finds in its output. */
function start(args, pattern, extra = {}) {
  const child = spawn(process.execPath, args, { env: { ...env, ...extra }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk) => {
      said += chunk;
      const port = pattern.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}: ${said}`)));
  });
}
const peer = (role, upstream) => start([join(here, 'guard-peers.mjs'), role, upstream ?? ''], /^(\d+)\n/);
const freePort = async () => {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const percentile = (numbers, share) =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];

async function latencies(port, text, count) {
  const caller = await openCaller(port, text);
  const times = [];
  for (let at = 0; at < count; at += 1) times.push(await caller.call());
  caller.close();
  return times;
}

/** Calls per second over 32 connections. */
async function throughput(port, text, ms) {
  const callers = await Promise.all(Array.from({ length: 32 }, () => openCaller(port, text)));
  const started = performance.now();
  let calls = 0;
  const repeat = async ({ call }) => {
    while (performance.now() - started < ms) {
      await call();
      calls += 1;
    }
  };
  await Promise.all(callers.map(repeat));
  const seconds = (performance.now() - started) / 1000;
  for (const { close } of callers) close();
  return calls / seconds;
}

async function compare(title, upstreamPort, headers, folder) {
  const upstream = `http://127.0.0.1:${upstreamPort}`;
  const ways = new Map([
    ['direct', upstreamPort],
    ['guard', await startGuard(upstream, folder)],
    ['hono proxy', await peer('hono', upstream)],
    ['@fastify/http-proxy', await peer('fastify', upstream)],
  ]);
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { message: 'hello' } } };
  const text = requestText(JSON.stringify(call), [`X-API-Key: ${key}`, ...headers]);
  const seen = new Map(
    [...ways].filter(([, port]) => port !== 0).map(([name, port]) => [name, { port, medians: [], p99s: [], rates: [] }]),
  );
  for (const { port } of seen.values()) await throughput(port, text, 1000);
  for (let round = 0; round < rounds; round += 1) {
    for (const each of seen.values()) {
      const times = await latencies(each.port, text, 500);
      each.medians.push(percentile(times, 0.5));
      each.p99s.push(percentile(times, 0.99));
    }
    for (const each of seen.values()) each.rates.push(await throughput(each.port, text, 500));
  }
  const direct = seen.get('direct');
  // The median of the rounds: what else runs on the machine hits single rounds.
  const typical = (numbers) => percentile(numbers, 0.5);
  const added = (each, field) => (typical(each[field]) - typical(direct[field])).toFixed(3);
  const rate = (each) => typical(each.rates);
  console.log(`${title} (goals for the guard: median + 1 ms, p99 + 3 ms, throughput 50 %)`);
  console.table(
    [...seen].map(([name, each]) => ({
      way: name,
      'median ms': typical(each.medians).toFixed(3),
      '+ median': added(each, 'medians'),
      'p99 ms': typical(each.p99s).toFixed(3),
      '+ p99': added(each, 'p99s'),
      'calls/s': rate(each).toFixed(0),
      'of direct': `${((100 * rate(each)) / rate(direct)).toFixed(0)} %`,
    })),
  );
  for (const [name, port] of ways) if (port === 0) console.log(`${name}: not installed, left out`);
}

/** The guard as the program starts it, with a limit that no measurement reaches. */
const startGuard = (upstream, folder) => {
  const settings = { BENCH_API_KEYS: key, BENCH_RATE_LIMIT_RPS: '1000000', BENCH_RATE_LIMIT_BURST: '1000000' };
  const options = ['--listen', '127.0.0.1:0', '--env-prefix', 'BENCH', '--audit', join(folder, 'audit.jsonl')];
  return start([program, 'guard', '--upstream', upstream, ...options], /listening on \S+:(\d+)/, settings);
};

/** Resident memory after each 10,000 keys of which none is right. */
async function wrongKeys(port, pid) {
  const sizes = [];
  for (let round = 0; round < 4; round += 1) {
    for (let at = 0; at < 10_000; at += 500) {
      const wrong = (each) => requestText('{}', [`X-API-Key: wrong-${round}-${at + each}`, 'Connection: close']);
      await Promise.all(Array.from({ length: 500 }, (_, each) => openReader(port, wrong(each))));
    }
    sizes.push(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1000);
  }
  console.log(
    `guard, resident MB after each 10,000 distinct wrong keys (goal: flat): ${sizes.map((mb) => mb.toFixed(0)).join(', ')}`,
  );
}

/** 500 streams at once, each with 100 events. */
async function openStreams(port) {
  const request = ['GET /sse HTTP/1.0', 'Host: localhost', `X-API-Key: ${key}`, 'Connection: close', '', ''].join('\r\n');
  const answers = await Promise.all(Array.from({ length: 500 }, () => openReader(port, request)));
  const events = answers.map((answer) => [...answer.matchAll(/data: (\d+)\n\n/g)].map(([, number]) => Number(number)));
  const whole = events.filter((numbers) => numbers.length === 100 && numbers.every((number, at) => number === at));
  console.log(`guard, 500 open event streams: ${whole.length} of them with all of their 100 events in order (goal: 500)`);
}

/** A session of the real server, whose id every call carries. */
async function openSession(port) {
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } };
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }),
  });
  await response.text();
  return response.headers.get('mcp-session-id');
}

/** Prints its tables; every process that it starts is ended. */
export async function benchGuard() {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-portal-bench-guard-'));
  try {
    await compare('guard before a real MCP server (tools/call of server-everything)', ...(await realServer()), folder);
    await compare('guard before a server that does nothing', await peer('bare'), [], folder);
    const port = await startGuard(`http://127.0.0.1:${await peer('streams')}`, folder);
    await wrongKeys(port, children.at(-1).pid);
    await openStreams(port);
  } finally {
    for (const child of children) child.removeAllListeners('exit').kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function realServer() {
  const PORT = String(await freePort());
  const port = await start([everything, 'streamableHttp'], /listening on port (\d+)/, { PORT });
  return [port, [`Mcp-Session-Id: ${await openSession(port)}`]];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchGuard();
