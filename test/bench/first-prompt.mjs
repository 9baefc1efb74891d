import { spawn } from 'node:child_process';

// Starts a program on a terminal of its own, and says after how many milliseconds a text stood there, or,
// without a text, after how many it ended. Python's clock: its own start does not count.
const script = `
import os, pty, signal, sys, time
wanted, command = sys.argv[1].encode(), sys.argv[2:]
started = time.monotonic()
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
seen = b''
while wanted == b'' or wanted not in seen:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        piece = b''
    if piece == b'':
        break
    seen += piece
if wanted == b'':
    os.waitpid(child, 0)
print((time.monotonic() - started) * 1000 if wanted in seen else 'never')
if wanted != b'':
    os.kill(child, signal.SIGKILL)
`;

/** Milliseconds from the start of a Node.js process on a terminal to a text there; to its end where no text is given. */
export function onTerminal(args, { wanted = '', ...options } = {}) {
  return new Promise((resolve, reject) => {
    // Colours would stand in the middle of the text.
    const env = { ...(options.env ?? process.env), NO_COLOR: '1' };
    const stdio = ['ignore', 'pipe', 'inherit'];
    const child = spawn('python3', ['-c', script, wanted, process.execPath, ...args], {
      ...options,
      env,
      stdio,
      timeout: 20_000,
    });
    let out = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.on('error', reject);
    child.on('close', () => {
      const ms = Number(out);
      if (Number.isFinite(ms) && out !== '') resolve(ms);
      else reject(new Error(`${args.join(' ')} never showed ${JSON.stringify(wanted)}`));
    });
  });
}
