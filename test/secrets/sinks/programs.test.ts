import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { UnsafePlanError } from '../../../src/lib/errors.ts';
import { openSink } from '../../../src/secrets/sinks.ts';
import { programRunner } from '../../../src/system/programs.ts';
import type { RunOptions, RunResult } from '../../../src/world.ts';
import { fakeWorld } from '../../fake-world.ts';
import { canary, errorOf, token, worldOnDisk } from '../real-files.ts';

type Call = { readonly argv: readonly string[]; readonly options: RunOptions };
const fine: RunResult = { code: 0, stdout: '', stderr: '' };

/** A `gh` that answers by its subcommand. */
function recordingWorld(answers: Readonly<Record<string, RunResult>> = {}) {
  const calls: Call[] = [];
  const run = async (command: string, args: readonly string[], options: RunOptions = {}) => {
    calls.push({ argv: [command, ...args], options });
    return answers[args.slice(0, 2).join(' ')] ?? fine;
  };
  return { calls, place: { world: fakeWorld({ run }).world, baseDir: '/' } };
}

describe('github:', () => {
  it('sets each value through standard input, never in arguments', async () => {
    const { calls, place } = recordingWorld();
    const sink = await openSink('github:octo/repo', place);
    await sink.prove();
    await sink.write(token);
    expect(calls.slice(0, 2).map(({ argv }) => argv.slice(0, 4).join(' '))).toEqual(['gh auth status', 'gh repo view octo/repo']);
    expect(calls.slice(2)).toEqual([
      { argv: ['gh', 'secret', 'set', 'CF_ACCESS_CLIENT_ID', '--repo', 'octo/repo'], options: { input: 'abc.access' } },
      { argv: ['gh', 'secret', 'set', 'CF_ACCESS_CLIENT_SECRET', '--repo', 'octo/repo'], options: { input: canary } },
    ]);
    expect(calls.every(({ argv, options }) => options.shell !== true && !argv.join(' ').includes(canary))).toBe(true);
  });

  it.each([
    ['is not signed in', { 'auth status': { ...fine, code: 1 } }],
    ['cannot see the repository octo/repo (no such repo)', { 'repo view': { ...fine, code: 1, stderr: 'no such repo\n' } }],
    ['is only READ', { 'repo view': { ...fine, stdout: '{"viewerPermission":"READ"}' } }],
  ])('is refused beforehand when gh %s', async (message, answers) => {
    const error = await errorOf((await openSink('github:octo/repo', recordingWorld(answers).place)).prove());
    expect(error).toBeInstanceOf(UnsafePlanError);
    expect(error.message).toContain(message);
  });

  it('says how to get a missing gh', async () => {
    const run = () => Promise.reject(Object.assign(new Error('spawn gh ENOENT'), { code: 'ENOENT' }));
    const error = await errorOf((await openSink('github:octo/repo', { world: fakeWorld({ run }).world, baseDir: '/' })).prove());
    expect(error.message).toContain('not installed');
    expect(error.facts?.hint).toContain('https://cli.github.com');
  });

  it('keeps the value out of what gh says', async () => {
    const { place } = recordingWorld({ 'secret set': { ...fine, code: 1, stderr: `cannot store ${canary}\n` } });
    const error = await errorOf((await openSink('github:octo/repo', place)).write(token));
    expect(error.message).toBe('gh could not set CF_ACCESS_CLIENT_ID: cannot store (secret)');
    expect(inspect(error)).not.toContain(canary);
  });
});

describe('cmd:', () => {
  const shell = programRunner('/', new AbortController().signal);

  it('gives the command one JSON line on its standard input', async () => {
    const { place, folder } = await worldOnDisk({ run: shell });
    const sink = await openSink(`cmd:cat > ${join(folder, 'got')}`, place);
    await sink.prove();
    await sink.write(token);
    expect(JSON.parse(await readFile(join(folder, 'got'), 'utf8'))).toEqual({ name: 'ci', ...token.values });
  });

  it('proves that the program exists, without running it', async () => {
    const { world, stdout } = fakeWorld({ run: shell });
    const place = { world, baseDir: '/' };
    await (await openSink('cmd:exit 7', place)).prove();
    await (await openSink('cmd:A=1 (whatever', place)).prove();
    await expect((await openSink('cmd:no-such-program-here --x', place)).prove()).rejects.toThrow(
      'does not find no-such-program-here',
    );
    expect(stdout()).toBe('');
  });

  it('fails with the exit code, and shows nothing that the command prints', async () => {
    const { world, stdout, stderr } = fakeWorld({ run: shell });
    const error = await errorOf((await openSink('cmd:cat; cat >&2; exit 4', { world, baseDir: '/' })).write(token));
    expect(error.message).toBe('the command failed with exit code 4');
    expect(`${inspect(error)}${stdout()}${stderr()}`).not.toContain(canary);
  });

  it('says when the command is not there, and hides what the system says', async () => {
    const place = { world: fakeWorld({ run: shell }).world, baseDir: '/' };
    await expect((await openSink('cmd:no-such-program-here', place)).write(token)).rejects.toThrow('not found');
    const run = () => Promise.reject(new Error(`spawn failed: ${canary}`));
    const error = await errorOf((await openSink('cmd:x', { world: fakeWorld({ run }).world, baseDir: '/' })).write(token));
    expect(inspect(error)).not.toContain(canary);
  });
});

describe('stdout', () => {
  it('prints one JSON line', async () => {
    const { world, stdout } = fakeWorld();
    const sink = await openSink('stdout', { world, baseDir: '/' });
    await sink.prove();
    await sink.write(token);
    expect(stdout()).toBe(`${JSON.stringify({ name: 'ci', ...token.values })}\n`);
  });
});
