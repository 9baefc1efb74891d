import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { UserError, UsageError } from '../../src/lib/errors.ts';
import { openSink, openSinks } from '../../src/secrets/sinks.ts';
import { sinkClashes } from '../../src/secrets/sinks/clashes.ts';
import { deliver } from '../../src/secrets/sinks/deliver.ts';
import type { Sink } from '../../src/secrets/sinks/sink.ts';
import { fakeWorld } from '../fake-world.ts';
import { canary, errorOf, token, worldOnDisk } from './real-files.ts';

const place = { world: fakeWorld().world, baseDir: '/docs' };

describe('openSink', () => {
  it('refuses what is no sink as a mistake of the command line', async () => {
    await expect(openSink('nowhere', place)).rejects.toThrow(UsageError);
  });
});

describe('openSinks', () => {
  it('opens each once and proves them all', async () => {
    const { place: onDisk } = await worldOnDisk();
    expect((await openSinks(['stdout', 'stdout', 'file:x'], onDisk)).map((sink) => sink.spec)).toEqual(['stdout', 'file:x']);
    await expect(openSinks(['stdout', 'file:no/where'], onDisk)).rejects.toThrow('cannot go to file:no/where');
  });
});

describe('sinkClashes', () => {
  const clashes = (...sinks: readonly (readonly string[])[]) =>
    sinkClashes(
      sinks.map((specs, index) => ({ owner: `service_token:${index}`, sinks: specs })),
      place,
    );

  it('refuses two secrets for one dotenv file or repository, however it is written', () => {
    expect(clashes(['dotenv:.env'], ['dotenv:/docs/./.env'])).toEqual([
      expect.stringMatching(/^\/docs\/\.env has room for one secret, and service_token:0, service_token:1 /),
    ]);
    expect(clashes(['github:Octo/Repo'], ['github:octo/repo'])).toHaveLength(1);
  });

  it('refuses JSON lines and variables in one file', () => {
    expect(clashes(['file:.env', 'dotenv:.env'])).toEqual([expect.stringContaining('cannot be both')]);
  });

  it('lets files, standard output and other places be shared', () => {
    expect(clashes(['file:a', 'stdout', 'dotenv:1', 'cmd:x'], ['file:a', 'stdout', 'dotenv:2', 'cmd:x', 'nonsense'])).toEqual([]);
    expect(clashes(['dotenv:.env', 'dotenv:.env'])).toEqual([]);
    const apart = [
      { owner: 'a', sinks: ['dotenv:.env'] },
      { owner: 'b', sinks: ['dotenv:.env'], baseDir: '/elsewhere' },
    ];
    expect(sinkClashes(apart, place)).toEqual([]);
  });
});

describe('deliver', () => {
  const sink = (spec: string, write: () => Promise<void>): Sink => ({ spec, prove: async () => {}, write });
  const works = sink('stdout', async () => {});
  const fails = sink('dotenv:.env', () => Promise.reject(new UserError(`disk full near ${canary}`)));
  const breaks = sink('cmd:x', () => Promise.reject(new TypeError(`bug with ${canary}`)));

  it('warns about what failed when another sink has the secret', async () => {
    const { world, stderr } = fakeWorld();
    const warnings = await deliver(token, [fails, works, breaks], world);
    expect(warnings).toEqual([
      'the secret of ci did not reach dotenv:.env: disk full near (secret)',
      'the secret of ci did not reach cmd:x: an unexpected error',
    ]);
    expect(stderr()).toBe(warnings.map((warning) => `warning: ${warning}\n`).join(''));
  });

  it('is quiet when all worked', async () => {
    const { world, stderr } = fakeWorld();
    expect(await deliver(token, [works], world)).toEqual([]);
    expect(stderr()).toBe('');
  });

  it('says that the secret is lost when none worked, without showing it', async () => {
    const error = await errorOf(deliver(token, [fails, breaks], fakeWorld().world));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain('reached none of its places and is lost: dotenv:.env: disk full');
    expect(inspect(error)).not.toContain(canary);
    expect((await errorOf(deliver(token, [], fakeWorld().world))).message).toContain('no place was given');
  });
});
