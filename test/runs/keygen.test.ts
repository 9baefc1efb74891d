import { describe, expect, it } from 'vitest';
import { cli } from './cli.ts';

const key = /^[0-9a-f]{64}$/;

describe('keygen', () => {
  it('prints a key and nothing else, another one each time', async () => {
    const at = cli();
    const [one, two] = [await at.run('keygen'), await at.run('keygen')];
    expect(one.code).toBe(0);
    expect(one.stdout.trim()).toMatch(key);
    expect(one.stdout).not.toBe(two.stdout);
    expect(one.stderr).toBe('');
  });

  it('answers as JSON', async () => {
    const { json } = await cli().run('keygen --json');
    expect(json).toEqual({
      schema_version: 1,
      ok: true,
      name: 'TOKEN_ENCRYPTION_KEY',
      key: expect.stringMatching(key),
      out: [],
      warnings: [],
    });
    expect((await cli().run('keygen --out stdout --name K')).json).toEqual({ name: 'K', key: expect.stringMatching(key) });
  });

  it('brings a key to its places without showing it', async () => {
    const at = cli({ files: { '.env': 'OTHER=1\n' } });
    const ran = await at.run('keygen --name SESSION_KEY --out dotenv:.env --out file:keys.json --json');
    expect(ran.json).toEqual({
      schema_version: 1,
      ok: true,
      name: 'SESSION_KEY',
      out: ['dotenv:.env', 'file:keys.json'],
      warnings: [],
    });
    const [, value = ''] = /^SESSION_KEY="?([0-9a-f]{64})"?$/m.exec(at.read('.env')) ?? [];
    expect(at.read('.env')).toMatch(/^OTHER=1\n/);
    expect(JSON.parse(at.read('keys.json'))).toEqual({ name: 'SESSION_KEY', key: value });
    expect(at.mode('.env')).toBe(0o600);
    expect(ran.stdout + ran.stderr).not.toContain(value);
  });

  it('refuses to replace a key', async () => {
    const at = cli({ files: { '.env': 'TOKEN_ENCRYPTION_KEY=old\n' } });
    const ran = await at.run('keygen --out dotenv:.env');
    expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining('has TOKEN_ENCRYPTION_KEY already')]);
    expect(at.read('.env')).toBe('TOKEN_ENCRYPTION_KEY=old\n');
    expect((await at.run('keygen --out dotenv:.env --name NEXT')).code).toBe(0);
  });

  it('makes nothing with --dry-run, and refuses places and names that are none', async () => {
    const at = cli();
    expect((await at.run('keygen --out dotenv:.env --dry-run')).code).toBe(0);
    expect(at.exists('.env')).toBe(false);
    expect((await at.run('keygen --out nowhere')).code).toBe(64);
    expect((await at.run(['keygen', '--name', 'A B'])).code).toBe(64);
  });
});
