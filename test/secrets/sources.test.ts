import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import { parseSecretRef, readSecret } from '../../src/secrets/sources.ts';
import { programRunner } from '../../src/system/programs.ts';
import { fakeWorld, type FakeWorldOptions } from '../fake-world.ts';
import { canary, errorOf } from './real-files.ts';

const read = (ref: string, options: FakeWorldOptions = {}, more: { readonly inHeader?: boolean } = {}) =>
  readSecret(ref, { world: fakeWorld(options).world, baseDir: '/docs', ...more });

describe('parseSecretRef', () => {
  it.each([
    ['env:GITHUB_TOKEN', { from: 'env', name: 'GITHUB_TOKEN' }],
    ['file:secrets/token.txt', { from: 'file', path: 'secrets/token.txt' }],
    ['cmd:op read "op://vault/item"', { from: 'cmd', command: 'op read "op://vault/item"' }],
    ['-', { from: 'input' }],
  ])('understands %s', (text, ref) => {
    expect(parseSecretRef(text)).toEqual({ ok: true, ref });
  });

  it.each([canary, `Bearer ${canary}`, `vault:${canary}`, `env:${canary}`, `https://${canary}`, `x\n${canary}`, ` env:A`, ''])(
    'asks for a reference without repeating a value (%#)',
    (text) => {
      const parsed = parseSecretRef(text);
      expect(parsed.ok).toBe(false);
      expect(JSON.stringify(parsed)).not.toContain(canary);
    },
  );

  it('says what a misspelled scheme was meant to be', () => {
    expect(parseSecretRef('envv:TOKEN')).toMatchObject({ error: expect.stringContaining('did you mean env:?') });
    expect(parseSecretRef('file:')).toMatchObject({ error: expect.stringContaining('file: takes a path') });
    expect(parseSecretRef('cmd: ')).toMatchObject({ error: expect.stringContaining('cmd: takes a command') });
  });
});

describe('readSecret', () => {
  it('reads a variable as it is and never shows it', async () => {
    const secret = await read('env:T', { env: { T: `${canary}\n` } });
    expect(secret.reveal()).toBe(`${canary}\n`);
    expect(`${String(secret)} ${JSON.stringify({ secret })} ${inspect(secret)}`).not.toContain(canary);
    expect(secret.source).toBe('env:T');
  });

  it('reads a file beside the document and cuts one final newline', async () => {
    expect((await read('file:t', { files: { '/docs/t': `${canary}\r\n` } })).reveal()).toBe(canary);
    expect((await read('file:t', { files: { '/docs/t': `a\nb\n\n` } })).reveal()).toBe('a\nb\n');
    expect((await read('file:~/t', { env: { HOME: '/home/me' }, files: { '/home/me/t': canary } })).reveal()).toBe(canary);
  });

  it('takes what a command prints, through the shell', async () => {
    const run = programRunner('/', new AbortController().signal);
    expect((await read(`cmd:printf '%s\\n' one | tr o O`, { run })).reveal()).toBe('One');
  });

  it('tells the exit code and the last line of what a command says, and not what it prints', async () => {
    const run = programRunner('/', new AbortController().signal);
    const error = await errorOf(read(`cmd:cat; echo first >&2; echo "$T sign in first" >&2; exit 3`, { run }));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(/failed with exit code 3: +sign in first$/);
    const printed = await errorOf(
      read('cmd:get', { run: async () => ({ code: 1, stdout: `${canary}\n`, stderr: `no: ${canary}\u001b[2J\n` }) }),
    );
    expect(inspect(printed)).not.toContain(canary);
    expect(printed.message).not.toContain('\u001b');
  });

  it('reads standard input when that is no terminal', async () => {
    expect((await read('-', { stdin: `${canary}\n` })).reveal()).toBe(canary);
  });

  it('asks on a terminal, saying what for', async () => {
    const asked: string[] = [];
    const ask = async (message: string) => {
      asked.push(message);
      return canary;
    };
    const { world } = fakeWorld({ isTTY: true });
    expect((await readSecret('-', { world, baseDir: '/', ask, purpose: 'server:github' })).reveal()).toBe(canary);
    expect(asked).toEqual(['Secret for server:github:']);
    await expect(readSecret('-', { world, baseDir: '/' })).rejects.toThrow('is a terminal here');
  });

  it.each([
    ['env:T', {}, 'env:T is not set'],
    ['env:T', { env: { T: '' } }, 'env:T gives an empty value'],
    ['file:t', {}, 'file:t cannot be read: it does not exist'],
    ['file:t', { files: { '/docs/t': ' \n' } }, 'file:t gives an empty value'],
    ['cmd:true', { run: async () => ({ code: 0, stdout: '\n', stderr: '' }) }, 'cmd:true gives an empty value'],
    ['cmd:x', { run: async () => Promise.reject(Object.assign(new Error('spawn'), { code: 'EACCES' })) }, 'permission is denied'],
    ['-', { stdin: '' }, '- gives an empty value'],
  ] satisfies [string, FakeWorldOptions, string][])('refuses %s that gives nothing (%#)', async (ref, options, message) => {
    const error = await errorOf(read(ref, options));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain(message);
    expect(error.facts?.hint).toBeTruthy();
  });

  it('refuses line breaks where the value goes into a header, and keeps them elsewhere', async () => {
    const env = { KEY: `-----BEGIN\n${canary}\n-----END` };
    expect((await read('env:KEY', { env })).reveal()).toBe(env.KEY);
    const error = await errorOf(read('env:KEY', { env }, { inHeader: true }));
    expect(error.message).toContain('no HTTP header can carry');
    expect(inspect(error)).not.toContain(canary);
  });

  it('does not repeat what is no reference', async () => {
    expect(inspect(await errorOf(read(canary)))).not.toContain(canary);
  });
});
