import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandGroups } from '../../src/commands/index.ts';
import { answerFor } from '../../src/completion/candidates.ts';
import { bashScript } from '../../src/completion/bash.ts';
import { fishScript } from '../../src/completion/fish.ts';
import { knownWords } from '../../src/completion/known-words.ts';
import { zshScript } from '../../src/completion/zsh.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mcp-portal-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));

const known = knownWords(commandGroups);
const scripts = { bash: bashScript(known), zsh: zshScript(known), fish: fishScript(known) };
const pathOf = (shell: string): string => join(folder, `completion.${shell}`);
for (const [shell, text] of Object.entries(scripts)) writeFileSync(pathOf(shell), text);

/** A folder for PATH whose `mcp-portal` is this shell text. */
function program(name: string, text: string): string {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'mcp-portal'), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, name, 'mcp-portal'), 0o755);
  return join(folder, name);
}

const asked = program('asked', `printf 'asked: %s\\n' "$*"`);
const real = program('real', `exec '${process.execPath}' '${root}bin/mcp-portal.js' "$@"`);

const inShell = (shell: string, text: string, path: string): string =>
  execFileSync(shell, shell === 'bash' ? ['--norc', '-c', text] : ['-c', text], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${path}:${process.env['PATH']}`, HOME: folder },
  });

const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

// `npm run check` has built the program by now; a lone `vitest` in a clean clone has not.
beforeAll(async () => {
  if (!existsSync(join(root, 'dist/main.js'))) await promisify(execFile)(process.execPath, [join(root, '.ci/build.mjs')]);
  writeFileSync(
    join(folder, 'portal.yaml'),
    [
      'version: 1',
      'servers:',
      '  notes: { name: Notes, url: https://notes.example.com/mcp }',
      '  nodes: { url: "no url yet" }',
      'service_tokens: { "$(touch$IFS\'pwned\')": {} }',
      'portals: { tools: {} }',
    ].join('\n'),
  );
}, 120_000);

/** A command line up to the cursor, as bash gives it to a completion: words end at spaces, and at : and =. */
function typed(line: string): string {
  const words = line.split(' ').flatMap((word) => (word === '' ? [''] : word.split(/([:=])/).filter((part) => part !== '')));
  return `COMP_LINE=${quoted(line)}; COMP_POINT=${line.length}; COMP_WORDS=(${words.map(quoted).join(' ')}); COMP_CWORD=${words.length - 1}`;
}

function inBash(line: string, path = real): readonly string[] {
  const text = `source ${pathOf('bash')}; ${typed(line)}; _mcp_portal; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return inShell('bash', text, path).split('\n').filter(Boolean);
}

describe('bash', () => {
  it('registers the function, through eval as well', () => {
    const registered = 'complete -o bashdefault -o default -F _mcp_portal mcp-portal\n';
    expect(inShell('bash', `source <(cat ${pathOf('bash')}); complete -p mcp-portal`, asked)).toBe(registered);
    expect(inShell('bash', `eval "$(cat ${pathOf('bash')})"; complete -p mcp-portal`, asked)).toBe(registered);
  });

  it.each([
    ['mcp-portal valid', ['validate']],
    ['mcp-portal dns ', ['list', 'add', 'remove']],
    ['mcp-portal dns -f portal.yaml l', ['list']],
    ['mcp-portal -o ', ['text', 'json', 'markdown']],
    ['mcp-portal plan --output=j', ['json']],
    ['mcp-portal plan --pru', ['--prune']],
    ['mcp-portal help sch', ['schema']],
    ['mcp-portal completion ', ['bash', 'zsh', 'fish']],
    ['mcp-portal plan --target server:no', ['notes', 'nodes']],
    ['mcp-portal plan --target=portal:', ['tools']],
    ['mcp-portal export -f "portal.yaml" --portal t', ['tools']],
    ['mcp-portal export -f missing.yaml --portal t', []],
    ['mcp-portal unknown ', []],
    ['mcp-portal plan -f ', []],
  ])('completes "%s"', (line, expected) => {
    expect(inBash(line)).toEqual(expected);
  });

  it('runs nothing that a key of the document says', () => {
    const [key = '', ...rest] = inBash('mcp-portal plan --target service_token:');
    expect(rest).toEqual([]);
    expect(inShell('bash', `printf %s ${key}`, real)).toBe("$(touch$IFS'pwned')");
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });

  it('knows every command and option without asking the program', () => {
    const names = commandGroups.flatMap((group) => group.commands).filter((command) => command.hidden !== true);
    const paths = ['', ...names.flatMap(({ name, aliases = [] }) => [name, ...aliases])];
    const lines = paths.flatMap((path) => [path.split(' ').filter(Boolean)]);
    const ask = ([...words]: readonly string[], word: string): string => `__mcp_portal ${[word, ...words].map(quoted).join(' ')}`;
    const text = lines.map((line) => `${ask(line, '-')}; echo; ${ask(line.slice(0, -1), '')}; echo`).join('\n');
    const answers = lines.flatMap((line) => [
      answerFor([...line, '-'], commandGroups),
      answerFor([...line.slice(0, -1), ''], commandGroups),
    ]);
    const expected = answers.map(({ candidates }) => candidates.map(({ word, about }) => `${word}\t${about}`).toSorted());
    const given = inShell('bash', `source ${pathOf('bash')}\n${text}`, asked)
      .split('\n\n')
      .slice(0, -1);
    expect(given.map((block) => block.split('\n').filter(Boolean).toSorted())).toEqual(expected);
  });

  it('asks the program about the rest, with the words as they are', () => {
    expect(inShell('bash', `source ${pathOf('bash')}; __mcp_portal 'a b' plan --target`, asked)).toBe(
      'asked: __complete -- plan --target a b\n',
    );
  });
});

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

describe.each(['zsh', 'fish'] as const)('%s (skipped where it is not installed)', (shell) => {
  it.skipIf(!has(shell))('can read its script', () => {
    expect(spawnSync(shell, ['-n', pathOf(shell)], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('zsh (skipped where it is not installed)', () => {
  it.skipIf(!has('zsh'))('gives the same candidates as bash', () => {
    const text = `source ${pathOf('bash')}; __mcp_portal - dns add; __mcp_portal '' -o; __mcp_portal '' --yes dns`;
    const functions = `compdef() { :; }; ${text.replaceAll(pathOf('bash'), pathOf('zsh'))}`;
    expect(inShell('zsh', functions, asked)).toBe(inShell('bash', text, asked));
  });
});

describe('fish (skipped where it is not installed)', () => {
  it.skipIf(!has('fish'))('gives the same candidates as bash', () => {
    const calls = (name: string): string => [`${name} - dns add`, `${name} '' -o`, `${name} '' --yes dns`].join('; ');
    const expected = inShell('bash', `source ${pathOf('bash')}; ${calls('__mcp_portal')}`, asked);
    expect(inShell('fish', `source ${pathOf('fish')}; ${calls('__mcp_portal_candidates')}`, asked)).toBe(expected);
  });
});
