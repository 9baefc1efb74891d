import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stateFile } from '../../src/sandbox/state-file.ts';
import { newApi, server, servers } from './api.ts';

const inNewFolder = async (name: string): Promise<string> => join(await mkdtemp(join(tmpdir(), 'sandbox-')), name);

describe('the state file', () => {
  it('keeps an account between runs, for its owner only', async () => {
    const path = await inNewFolder('deep/state.json');
    const file = stateFile(path);
    expect(await file.load()).toBeUndefined();
    const first = newApi({ onWrite: file.save });
    await first.post(servers, server('a', { auth_type: 'bearer', auth_credentials: 'x' }));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const kept = await stateFile(path).load();
    const again = newApi(kept === undefined ? {} : { state: kept });
    expect((await again.get(`${servers}/a`)).result.name).toBe('A');
    expect(again.account.accountId).toBe(first.account.accountId);
  });

  it('holds everything that was answered, also when many write at once, and leaves no other file', async () => {
    const path = await inNewFolder('state.json');
    const api = newApi({ onWrite: stateFile(path).save });
    const ids = Array.from({ length: 40 }, (_each, index) => `s${index}`);
    await Promise.all(
      ids.map(async (id) => {
        await api.post(servers, server(id));
        expect(await readFile(path, 'utf8')).toContain(`"${id}"`);
      }),
    );
    expect((await stateFile(path).load())?.servers).toHaveLength(40);
    expect(await readdir(join(path, '..'))).toEqual(['state.json']);
  });

  it.each([
    ['is no JSON', '{'],
    ['is something else', '{"name":"x"}'],
    ['is of a later schema', '{"schema_version":2,"account_id":"x"}'],
  ])('is refused when it %s', async (_what, text) => {
    const path = await inNewFolder('state.json');
    await writeFile(path, text);
    await expect(stateFile(path).load()).rejects.toThrow(`${path} is not a state of the simulator`);
  });

  it('starts empty what an older file does not know', async () => {
    const path = await inNewFolder('state.json');
    await writeFile(path, '{"schema_version":1,"account_id":"0123456789abcdef0123456789abcdef","zones":[]}');
    expect(await stateFile(path).load()).toMatchObject({ account_id: '0123456789abcdef0123456789abcdef', servers: [], tags: [] });
  });

  it('says where it cannot be written', async () => {
    const path = await inNewFolder('state.json');
    await writeFile(path, '');
    const api = newApi();
    await expect(stateFile(join(path, 'below.json')).save(api.account.state)).rejects.toThrow(
      "cannot write the simulator's state",
    );
  });
});
