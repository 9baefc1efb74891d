import { describe, expect, it } from 'vitest';
import { withEnvFile } from '../../src/spec/env-file.ts';
import { readSources } from '../../src/spec/read-sources.ts';
import { memoryWorld } from './memory-world.ts';

describe('readSources', () => {
  it('takes portal.yaml, else portal.yml, of the working directory', async () => {
    const both = memoryWorld({ '/home/portal.yaml': 'a', '/home/portal.yml': 'b' });
    expect(await readSources(both, [])).toEqual([{ name: 'portal.yaml', text: 'a' }]);
    expect(await readSources(memoryWorld({ '/home/portal.yml': 'b' }), [])).toEqual([{ name: 'portal.yml', text: 'b' }]);
  });

  it('reads the named files in order, and standard input for -', async () => {
    const world = memoryWorld({ '/home/sub/a.yaml': 'a', '/etc/b.yaml': 'b' }, 'from stdin');
    expect(await readSources(world, ['/etc/b.yaml', '-', 'sub/a.yaml'])).toEqual([
      { name: '/etc/b.yaml', text: 'b' },
      { name: '<stdin>', text: 'from stdin' },
      { name: 'sub/a.yaml', text: 'a' },
    ]);
  });

  it.each<[readonly string[], string]>([
    [[], 'no portal.yaml or portal.yml in /home'],
    [['gone.yaml'], 'gone.yaml does not exist'],
    [['EISDIR'], 'EISDIR is a directory'],
    [['EACCES'], 'EACCES may not be read'],
    [['EIO'], 'EIO cannot be read: EIO'],
    [['-', '-'], 'standard input was given twice'],
  ])('refuses %j with exit code 64 and what to do', async (files, message) => {
    const failure = readSources(memoryWorld({}), files);
    await expect(failure).rejects.toMatchObject({ message, exitCode: 64, facts: { hint: expect.any(String) } });
  });
});

describe('a file that is not UTF-8', () => {
  it.each(['a: \uFFFD\n', 'a\0:\0 \0b\0'])('is refused: %j', async (text) => {
    const message = 'bad.yaml is not UTF-8';
    await expect(readSources(memoryWorld({ '/home/bad.yaml': text }), ['bad.yaml'])).rejects.toMatchObject({
      message,
      exitCode: 64,
    });
    await expect(readSources(memoryWorld({}, text), ['-'])).rejects.toThrow('<stdin> is not UTF-8');
  });
});

describe('withEnvFile', () => {
  it('lets the process environment win over the file', async () => {
    const world = { ...memoryWorld({ '/home/.env': 'A=file\nB=file\nC=file\n' }), env: { A: 'process', C: undefined } };
    expect(await withEnvFile(world, '.env')).toEqual({ A: 'process', B: 'file', C: 'file' });
  });

  it('names a file that cannot be read', async () => {
    await expect(withEnvFile(memoryWorld({}), '.env')).rejects.toMatchObject({
      message: 'the environment file .env cannot be read',
      exitCode: 64,
      facts: { path: '.env' },
    });
  });
});
