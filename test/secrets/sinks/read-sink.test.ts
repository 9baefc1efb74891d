import { writeFile, symlink, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openSink } from '../../../src/secrets/sinks.ts';
import type { Disk } from '../../../src/secrets/sinks/disk.ts';
import { readSink } from '../../../src/secrets/sinks/read-sink.ts';
import { canary, token, worldOnDisk } from '../real-files.ts';

const revealed = (content: Awaited<ReturnType<typeof readSink>>) =>
  content?.secrets.map((stored) => Object.fromEntries(Object.entries(stored).map(([field, secret]) => [field, secret.reveal()])));

describe('reading a sink back', () => {
  it.each(['file:out.json', 'dotenv:.env'])('gives what was written to %s, as secrets', async (spec) => {
    const { place } = await worldOnDisk();
    await (await openSink(spec, place)).write(token);
    const content = await readSink(spec, place);
    expect(content?.sink).toBe(spec);
    expect(revealed(content)).toEqual([expect.objectContaining({ client_id: 'abc.access', client_secret: canary })]);
    expect(content?.secrets[0]?.['client_secret']?.source).toBe(spec);
    expect(inspect(content, { depth: 9 }) + JSON.stringify(content)).not.toContain(canary);
  });

  it.each([
    ['export CF_ACCESS_CLIENT_SECRET="a\\"b\\\\c\\$d" # note', 'a"b\\c$d'],
    ["CF_ACCESS_CLIENT_SECRET = 'it''", 'it'],
    ['CF_ACCESS_CLIENT_SECRET=`x y`', 'x y'],
    ['CF_ACCESS_CLIENT_SECRET=old\r\nCF_ACCESS_CLIENT_SECRET=new\r\n', 'new'],
    ['CF_ACCESS_CLIENT_SECRET=', undefined],
    ['CF_ACCESS_CLIENT_SECRET="two\nlines"', undefined],
  ])('understands %j', async (text, value) => {
    const { place, folder } = await worldOnDisk();
    await writeFile(join(folder, '.env'), text);
    expect(revealed(await readSink('dotenv:.env', place))).toEqual([value === undefined ? {} : { client_secret: value }]);
  });

  it('leaves out the lines of a file that are none of ours', async () => {
    const { place, folder } = await worldOnDisk();
    await writeFile(join(folder, 'out.json'), `[]\nnull\n"text"\n{"client_id":1,"name":"ci"}\n{"open":\n`);
    expect(revealed(await readSink('file:out.json', place))).toEqual([{}, { name: 'ci' }]);
  });

  it('gives nothing for other sinks, and for what is no readable file', async () => {
    const { place, folder } = await worldOnDisk();
    await mkdir(join(folder, 'folder'));
    await writeFile(join(folder, 'real'), 'A=1');
    await symlink(join(folder, 'real'), join(folder, 'link'));
    await writeFile(join(folder, 'open'), 'A="1');
    const specs = ['stdout', 'cmd:cat', 'github:a/b', 'nonsense', 'file:missing', 'file:folder', 'dotenv:link', 'dotenv:open'];
    expect(await Promise.all(specs.map((spec) => readSink(spec, place)))).toEqual(specs.map(() => undefined));
    const disk: Disk = { inspect: async () => Promise.reject(new Error('EIO')), restrict: async () => {} };
    expect(await readSink('file:real', { ...place, disk })).toBeUndefined();
  });
});
