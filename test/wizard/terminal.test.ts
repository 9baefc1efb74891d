import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs its arguments on a terminal of their own, with our standard input as its keyboard. */
const onTerminal = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

const hasTerminal = ((): boolean => {
  try {
    execFileSync('python3', ['-c', 'import os, pty; os.waitstatus_to_exitcode'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

beforeAll(async () => {
  if (!existsSync(join(root, 'dist/main.js')))
    await promisify(execFile)(process.execPath, [join(root, '.ci/build.mjs')], { cwd: root });
}, 120_000);

type Keys = readonly (readonly [waitFor: string, keys: string])[];

/** The built program at a terminal, with somebody who types once they see what they wait for. */
async function typing(args: readonly string[], keys: Keys) {
  const cwd = mkdtempSync(join(tmpdir(), 'mcp-portal-terminal-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const program = [process.execPath, join(root, 'bin/mcp-portal.js'), ...args];
  const env = { PATH: process.env['PATH'], NO_COLOR: '1', TERM: 'xterm' };
  const child = spawn('python3', ['-c', onTerminal, ...program], { cwd, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const rest = [...keys];
  let seen = '';
  let from = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
    const [next] = rest;
    const at = next === undefined ? -1 : stripVTControlCharacters(seen).indexOf(next[0], from);
    if (next === undefined || at === -1) return;
    rest.shift();
    from = at + next[0].length;
    child.stdin.write(next[1]);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, cwd, screen: stripVTControlCharacters(seen), unseen: rest };
}

const answers: Keys = [
  ['set up?', '\r'],
  ['Id of the portal', '\r'],
  ['Name below example.com', '\r'],
  ['DNS record', '\r'],
  ['URL of the server', 'https://notes.example.com/mcp\r'],
  ['Id of the server', '\r'],
  ['sign in', '\r'],
  ['Another server?', '\r'],
  ['Who may', '\r'],
  ['E-mail addresses', 'you@example.com\r'],
  ['programs', '\r'],
];

describe.skipIf(!hasTerminal)('the built program at a terminal', () => {
  it('asks, writes the file, and applies it', async () => {
    const { code, cwd, screen, unseen } = await typing(
      ['init', '--sandbox=account.json'],
      [...answers, ['Write portal.yaml?', '\r'], ['Apply these changes?', 'y\r']],
    );
    expect(unseen).toEqual([]);
    expect(code).toBe(0);
    expect(screen).toContain('✔ Id of the portal: tools');
    expect(screen).toContain('tools: https://mcp.example.com/mcp');
    expect(readFileSync(join(cwd, 'portal.yaml'), 'utf8')).toContain('email: you@example.com');
    expect(JSON.parse(readFileSync(join(cwd, 'account.json'), 'utf8')).portals).toHaveLength(1);
  });

  it.each([
    ['at the first question', 0],
    ['in the middle', 4],
    ['at the last question', answers.length],
  ])('ends with 130 at Ctrl-C %s, with nothing written', async (_, at) => {
    const [question] = [...answers, ['Write portal.yaml?', ''] as const][at] ?? ['', ''];
    const { code, cwd, screen, unseen } = await typing(['init', '--sandbox'], [...answers.slice(0, at), [question, '\u0003']]);
    expect(unseen).toEqual([]);
    expect(code).toBe(130);
    expect(screen).toContain('Nothing was written.');
    expect(existsSync(join(cwd, 'portal.yaml'))).toBe(false);
  });

  it('hides a token that is typed, and does not go on without an answer', async () => {
    const canary = 'canary-7f3a9c0e51d2';
    const { code, screen } = await typing(
      ['init'],
      [
        ['set up?', '\r'],
        ['no Cloudflare credentials', '\r'],
        ['API token', canary],
        ['API token', '\u0003'],
      ],
    );
    expect(code).toBe(130);
    expect(screen).not.toContain(canary);
  });
});
