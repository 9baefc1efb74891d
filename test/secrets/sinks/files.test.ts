import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { UnsafePlanError } from '../../../src/lib/errors.ts';
import { openSink } from '../../../src/secrets/sinks.ts';
import type { Disk, DiskEntry } from '../../../src/secrets/sinks/disk.ts';
import { canary, errorOf, token, worldOnDisk } from '../real-files.ts';

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('file:', () => {
  it('appends one JSON object per secret and line, for the owner alone', async () => {
    const { place, folder } = await worldOnDisk();
    const sink = await openSink('file:out.json', place);
    await sink.prove();
    await sink.write(token);
    await sink.write({ ...token, name: 'other' });
    const lines = (await readFile(join(folder, 'out.json'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { name: 'ci', client_id: 'abc.access', client_secret: canary, expires_at: '2027-01-01T00:00:00Z' },
      expect.objectContaining({ name: 'other' }),
    ]);
    expect(await modeOf(join(folder, 'out.json'))).toBe(0o600);
  });

  it('starts a new line after a file without one, and tightens its mode with a note', async () => {
    const { place, folder, stderr } = await worldOnDisk();
    await writeFile(join(folder, 'out.json'), '{"name":"old"}', { mode: 0o644 });
    await chmod(join(folder, 'out.json'), 0o644);
    await (await openSink('file:out.json', place)).write(token);
    expect((await readFile(join(folder, 'out.json'), 'utf8')).split('\n')[0]).toBe('{"name":"old"}');
    expect(await modeOf(join(folder, 'out.json'))).toBe(0o600);
    expect(stderr()).toContain('now only its owner can');
  });
});

describe('dotenv:', () => {
  it('sets the variables of a service token and keeps the rest', async () => {
    const { place, folder } = await worldOnDisk();
    await writeFile(join(folder, '.env'), '# local\nA="1"\nCF_ACCESS_CLIENT_SECRET=old\n');
    const sink = await openSink('dotenv:.env', place);
    await sink.prove();
    await sink.write(token);
    expect(await readFile(join(folder, '.env'), 'utf8')).toBe(
      `# local\nA="1"\nCF_ACCESS_CLIENT_SECRET=${canary}\nCF_ACCESS_CLIENT_ID=abc.access\n`,
    );
    expect(await modeOf(join(folder, '.env'))).toBe(0o600);
    expect(await readdir(folder)).toEqual(['.env']);
  });

  it('sets TUNNEL_TOKEN for a tunnel', async () => {
    const { place, folder } = await worldOnDisk();
    await (await openSink('dotenv:.env', place)).write({ name: 'home', values: { tunnel_id: 'x', token: 'eyJh==' } });
    expect(await readFile(join(folder, '.env'), 'utf8')).toBe('TUNNEL_TOKEN=eyJh==\n');
  });

  it('is refused beforehand when the file cannot be edited', async () => {
    const { place, folder } = await worldOnDisk();
    await writeFile(join(folder, '.env'), 'A="open\n');
    await expect((await openSink('dotenv:.env', place)).prove()).rejects.toThrow('line 1 opens a quote');
  });

  it('says why a secret without a variable cannot go there', async () => {
    const { place } = await worldOnDisk();
    await expect((await openSink('dotenv:.env', place)).write({ name: 'x', values: { other: canary } })).rejects.toThrow(
      'no variable',
    );
  });
});

describe.each(['file', 'dotenv'])('the proof of %s:', (scheme) => {
  it('leaves no trace', async () => {
    const { place, folder } = await worldOnDisk();
    await (await openSink(`${scheme}:new`, place)).prove();
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a folder, a missing folder, a file as a folder, and a symbolic link', async () => {
    const { place, folder } = await worldOnDisk();
    await mkdir(join(folder, 'dir'));
    await writeFile(join(folder, 'real'), '');
    await symlink(join(folder, 'real'), join(folder, 'link'));
    const refusal = async (path: string) => errorOf((await openSink(`${scheme}:${path}`, place)).prove());
    expect((await refusal('dir')).message).toContain('is a folder');
    expect((await refusal('nowhere/x')).message).toContain('does not exist');
    expect((await refusal('real/x')).message).toContain('is not a folder');
    expect((await refusal('link')).message).toContain('symbolic link');
    expect(await refusal('dir')).toBeInstanceOf(UnsafePlanError);
    expect(await readdir(folder)).toEqual(['dir', 'link', 'real']);
  });

  it.each([
    [{ is: 'file', writable: false, open: false }, 'is not writable'],
    [{ is: 'other' }, 'is not a regular file'],
  ] satisfies [DiskEntry, string][])('refuses %j', async (entry, message) => {
    const { place } = await worldOnDisk();
    const disk = fakeDisk(entry, { is: 'folder', writable: true });
    await expect((await openSink(`${scheme}:x`, { ...place, disk })).prove()).rejects.toThrow(message);
  });

  it('refuses a folder that it may not write to', async () => {
    const { place } = await worldOnDisk();
    const disk = fakeDisk({ is: 'missing' }, { is: 'folder', writable: false });
    await expect((await openSink(`${scheme}:x`, { ...place, disk })).prove()).rejects.toThrow('is not writable');
    const file = fakeDisk({ is: 'missing' }, { is: 'other' });
    await expect((await openSink(`${scheme}:x`, { ...place, disk: file })).prove()).rejects.toThrow('is not a folder');
  });

  it('does not follow a link that appears after the proof, nor show the value when writing fails', async () => {
    const { place, folder } = await worldOnDisk();
    const sink = await openSink(`${scheme}:late`, place);
    await sink.prove();
    await symlink(join(folder, 'elsewhere'), join(folder, 'late'));
    const error = await errorOf(sink.write(token));
    expect(inspect(error)).not.toContain(canary);
    expect(await readdir(folder)).toEqual(['late']);
  });
});

function fakeDisk(file: DiskEntry, folder: DiskEntry): Disk {
  return { inspect: async (_, options) => (options?.follow === true ? folder : file), restrict: async () => {} };
}
