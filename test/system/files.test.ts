import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realFiles } from '../../src/system/files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-portal-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const modeOf = async (name: string) => (await stat(join(folder, name))).mode & 0o777;

describe('write', () => {
  it('replaces a file, keeps its mode and leaves no neighbour behind', async () => {
    await writeFile(join(folder, 'a.txt'), 'old', { mode: 0o640 });
    await realFiles(folder).write('a.txt', 'new');
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('new');
    expect(await modeOf('a.txt')).toBe(0o640);
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('gives the mode that is asked for, also to a file that is there', async () => {
    await writeFile(join(folder, 'secret'), 'old', { mode: 0o644 });
    await realFiles(folder).write('secret', 'new', { mode: 0o600 });
    expect(await modeOf('secret')).toBe(0o600);
  });

  it('writes through a link instead of replacing it', async () => {
    await writeFile(join(folder, 'target'), 'old');
    await symlink('target', join(folder, 'link'));
    await realFiles(folder).write('link', 'new');
    expect(await readFile(join(folder, 'target'), 'utf8')).toBe('new');
  });

  it('names the folder that is missing', async () => {
    await expect(realFiles(folder).write('no/such/a.txt', 'x')).rejects.toThrow(
      'cannot write no/such/a.txt: the folder no/such does not exist',
    );
  });

  it('says so when the path is a folder, and leaves nothing behind', async () => {
    await expect(realFiles(tmpdir()).write(folder, 'x')).rejects.toThrow(`cannot write ${folder}: it is a folder`);
  });
});

describe('append', () => {
  it('adds to the end and tightens the mode', async () => {
    await writeFile(join(folder, 'log'), 'one\n', { mode: 0o644 });
    await realFiles(folder).append('log', 'two\n', { mode: 0o600 });
    expect(await readFile(join(folder, 'log'), 'utf8')).toBe('one\ntwo\n');
    expect(await modeOf('log')).toBe(0o600);
  });
});

it('read throws the system error, so that callers can say what the file was for', async () => {
  await expect(realFiles(folder).read('missing')).rejects.toMatchObject({ code: 'ENOENT' });
});
