// What `mcp-portal mcp` costs: from the start of the process to the answer to `initialize`, and what a client reads.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin/mcp-portal.js', import.meta.url));
const rounds = 21;
const message = (id, method, params) => `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
const hello = message(1, 'initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1' },
});

/** Milliseconds until the program has said its first word, or has ended where it says none. */
function timed(args, input) {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    const done = () => {
      resolve(performance.now() - start);
      child.stdin.end();
    };
    if (input === undefined) child.on('exit', done);
    else child.stdout.once('data', done);
    if (input !== undefined) child.stdin.write(input);
  });
}

async function median(measure) {
  const all = [];
  for (let round = 0; round < rounds; round++) all.push(await measure());
  return all.toSorted((a, b) => a - b)[rounds >> 1];
}

/** The length of the whole list of tools. */
function listed() {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, 'mcp', '--sandbox'], { stdio: ['pipe', 'pipe', 'ignore'] });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
      const [, answer] = out.split('\n');
      if (!out.endsWith('\n') || answer === undefined || answer === '') return;
      child.stdin.end();
      const { tools } = JSON.parse(answer).result;
      resolve({ count: tools.length, characters: JSON.stringify(tools).length });
    });
    child.stdin.write(`${hello}${message(2, 'tools/list', {})}`);
  });
}

const bare = await median(() => timed(['-e', '0']));
const answered = await median(() => timed([program, 'mcp'], hello));
const { count, characters } = await listed();
const ratio = (answered / bare).toFixed(1);
process.stdout.write(
  `mcp: initialize answered after ${answered.toFixed(0)} ms, ${ratio} × bare node (${bare.toFixed(0)} ms; goal at most 3.0)\n` +
    `mcp: ${count} tools in ${characters} characters (goal < 24000)\n`,
);
