// Ratios of whole processes, measured in turn (A B A B …) in one run. Times are never asserted: this only prints.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accountId, documentOf } from './documents.mjs';
import { benchGuard } from './guard.mjs';
import { onTerminal } from './first-prompt.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const program = join(here, '../../bin/mcp-portal.js');
const rounds = Number(process.env.BENCH_ROUNDS ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'mcp-portal-bench-'));
// With this variable Node builds its whole certificate store at start, which hides everything else.
const { NODE_EXTRA_CA_CERTS: _unused, ...env } = process.env;

/** One process from its start to its end: milliseconds, and peak memory in kB. */
function once(args, extra = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const options = { env: { ...env, ...extra }, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] };
    const child = spawn(process.execPath, ['--require', join(here, 'measure.cjs'), ...args], options);
    const texts = ['', '', '', ''];
    for (const at of [1, 2, 3]) child.stdio[at].on('data', (chunk) => (texts[at] += chunk));
    child.on('close', (code) => {
      const ms = performance.now() - started;
      if (code === 0) resolve({ ms, kb: Number(texts[3]), out: texts[1] });
      else reject(new Error(`${args.join(' ')} ended with ${code}: ${texts[2]}`));
    });
  });
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The medians of the pairwise ratios of time and memory. */
async function compare(measured, floor) {
  const pairs = [];
  await floor();
  await measured();
  for (let round = 0; round < rounds; round += 1) pairs.push([await measured(), await floor()]);
  const ratio = (field) => median(pairs.map(([a, b]) => a[field] / b[field])).toFixed(2);
  return {
    time: ratio('ms'),
    memory: ratio('kb'),
    ms: median(pairs.map(([a]) => a.ms)).toFixed(0),
    floorMs: median(pairs.map(([, b]) => b.ms)).toFixed(0),
  };
}

const bare = () => once(['-e', '0']);
const rows = [];
const add = (name, goal, { time, memory, ms, floorMs }) =>
  rows.push({ name, 'time ×': time, 'goal ≤': goal, 'memory ×': memory, ms, 'floor ms': floorMs });

function fileOf(servers) {
  const path = join(folder, `portal-${servers}.yaml`);
  writeFileSync(path, documentOf(servers));
  return path;
}

async function planAgainst(servers, goal) {
  const mock = spawn(process.execPath, [join(here, 'mock-api.mjs'), String(servers), '50'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise((resolve) => mock.stdout.once('data', (line) => resolve(Number(line))));
  const settings = {
    CLOUDFLARE_API_TOKEN: 'bench',
    CLOUDFLARE_ACCOUNT_ID: accountId,
    CLOUDFLARE_BASE_URL: `http://127.0.0.1:${port}`,
  };
  const args = [program, 'plan', '-f', fileOf(servers)];
  const { out } = await once(args, settings);
  if (!out.startsWith('No changes.')) throw new Error(`the plan of ${servers} servers is not empty:\n${out.slice(0, 2000)}`);
  add(
    `plan, ${servers} servers, 50 ms latency / bare node:http`,
    goal,
    await compare(
      () => once(args, settings),
      () => once([join(here, 'lower-bound.mjs'), String(port), String(servers)]),
    ),
  );
  mock.kill();
}

/** A helper process of the measurement, and the port that it tells. */
async function serving(...args) {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((resolve) => child.stdout.once('data', (line) => resolve(Number(line))));
  return { child, port };
}

/** All servers at once: the listing of the account, then three requests to each server and portal. */
async function verifyAll(servers, goal) {
  const [api, mcp] = await Promise.all([
    serving(join(here, 'mock-api.mjs'), String(servers), '50'),
    serving(join(here, 'mock-mcp.mjs'), '50'),
  ]);
  const hosts = [...Array.from({ length: servers }, (_, i) => `server-${i}`), 'portal-0', 'portal-1', 'portal-2'];
  const resolve = hosts.flatMap((host) => ['--resolve', `${host}.example.com=127.0.0.1:${mcp.port}`]);
  const settings = {
    CLOUDFLARE_API_TOKEN: 'bench',
    CLOUDFLARE_ACCOUNT_ID: accountId,
    CLOUDFLARE_BASE_URL: `http://127.0.0.1:${api.port}`,
  };
  const args = [program, 'verify', '-f', fileOf(servers), ...resolve];
  const { out } = await once(args, settings);
  if (!out.includes(' 0 failed, ')) throw new Error(`verify of ${servers} servers fails:\n${out.slice(0, 2000)}`);
  add(
    `verify, ${servers} servers, 50 ms latency / its slowest chain`,
    goal,
    await compare(
      () => once(args, settings),
      () => once([join(here, 'chain.mjs'), String(mcp.port), '4']),
    ),
  );
  for (const { child } of [api, mcp]) child.kill();
}

/** From the keystroke to the first question of the wizard; two bare processes and what a question alone costs are the goal. */
async function firstPrompt() {
  const chunks = join(here, '../../dist/chunks');
  const prompts = join(
    chunks,
    readdirSync(chunks).find((name) => name.startsWith('inquirer-')),
  );
  const question = `require(${JSON.stringify(prompts)}).select({ message: 'Which?', choices: ['one', 'two'] }, { output: process.stderr })`;
  const timed = async (args, wanted) => ({ ms: await onTerminal(args, { wanted, env, cwd: folder }), kb: 1 });
  const both = async () => ({ ms: (await timed(['-e', '0'])).ms + (await timed(['-e', question], '? ')).ms, kb: 1 });
  const result = await compare(() => timed([program, 'init'], '? '), both);
  add('first prompt of init / (2 node -e 0 + the prompts)', '1', { ...result, memory: '' });
}

try {
  await firstPrompt().catch(({ message }) => console.log(`first prompt: not measured, ${message}`));
  add('--version / node -e 0', '1.3', await compare(() => once([program, '--version']), bare));
  add('--help / node -e 0', '1.3', await compare(() => once([program, '--help']), bare));
  add('validate, 10 servers / node -e 0', '3', await compare(() => once([program, 'validate', '-f', fileOf(10)]), bare));
  add('validate, 100 servers / node -e 0', '5', await compare(() => once([program, 'validate', '-f', fileOf(100)]), bare));
  const whoCan = [program, 'who-can', 'a@team0.example.com', '-f', fileOf(200)];
  add('who-can, 200 servers / node -e 0', '2', await compare(() => once(whoCan), bare));
  await planAgainst(100, '2.2 (memory 1.5)');
  await planAgainst(1000, '2.5 (memory 1.5)');
  await verifyAll(50, '2');
  console.table(rows);
  const [{ size, unpackedSize, entryCount }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: join(here, '../..'),
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  console.log(
    `package: ${(size / 1000).toFixed(0)} kB packed (goal < 400), ${(unpackedSize / 1000).toFixed(0)} kB unpacked (goal < 1500), ${entryCount} files`,
  );
  await benchGuard();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
