import { describe, expect, it } from 'vitest';
import { listenAddress, teamOrigin, upstreamUrl } from '../../src/guard/addresses.ts';
import { envPrefix, readKeys, readLimit } from '../../src/guard/settings.ts';
import { fakeWorld } from '../fake-world.ts';

const local = { host: '127.0.0.1', port: 8787 };

describe('--listen', () => {
  it.each([
    ['127.0.0.1:8787', '127.0.0.1', 8787],
    ['127.1.2.3:1', '127.1.2.3', 1],
    ['localhost:0', 'localhost', 0],
    ['[::1]:8787', '::1', 8787],
    ['8080', '127.0.0.1', 8080],
    [':8080', '127.0.0.1', 8080],
  ])('reads %s', (text, host, port) => {
    expect(listenAddress(text, false)).toEqual({ host, port });
  });

  it.each(['0.0.0.0:8787', '[::]:8787', '192.168.1.5:80', 'example.com:80', '127.0.0.1.example.com:80', '1:80'])(
    'needs --allow-remote for %s',
    (text) => {
      expect(() => listenAddress(text, false)).toThrow('--allow-remote');
      expect(listenAddress(text, true).port).toBeGreaterThan(0);
    },
  );

  it.each(['', 'localhost', '127.0.0.1:', '127.0.0.1:http', '127.0.0.1:65536', '::1:80'])('refuses %j', (text) => {
    expect(() => listenAddress(text, true)).toThrow('--listen must be HOST:PORT');
  });
});

describe('--upstream', () => {
  it('is a URL, of which the path does not count', () => {
    expect(upstreamUrl('http://server:8000/mcp', local).origin).toBe('http://server:8000');
    expect(upstreamUrl('https://127.0.0.1', local).origin).toBe('https://127.0.0.1');
  });

  it.each([undefined, '', 'server:8000', '127.0.0.1:8000', 'ftp://server', 'user:secret@server', 'http://user:secret@server'])(
    'refuses %s without showing a password',
    (text) => {
      expect(() => upstreamUrl(text, local)).toThrow(/^(?!.*secret).*--upstream/);
    },
  );

  it('is not the guard itself', () => {
    expect(() => upstreamUrl('http://localhost:8787', local)).toThrow('is the guard itself');
    expect(() => upstreamUrl('http://[::1]:8787', local)).toThrow('is the guard itself');
  });
});

describe('--access-team', () => {
  it('is a name, a host or a URL', () => {
    expect(['acme', 'acme.cloudflareaccess.com', 'https://acme.cloudflareaccess.com/'].map(teamOrigin)).toEqual(
      Array.from({ length: 3 }, () => 'https://acme.cloudflareaccess.com'),
    );
  });

  it.each(['http://acme.example', 'a b', 'ftp://x'])('refuses %s', (team) => {
    expect(() => teamOrigin(team)).toThrow('--access-team');
  });
});

describe('the keys', () => {
  const read = (env: Record<string, string>, files: Record<string, string> = {}, file?: string) =>
    readKeys(fakeWorld({ env, files }).world, 'CFPB_MCP', file);

  it('come from the environment and a file, each once', async () => {
    const digest = 'sha256:d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa';
    const keys = await read(
      { CFPB_MCP_API_KEYS: 'dev-abc123,dev-def456' },
      { 'keys.txt': `# ours\ndev-abc123\n${digest}\n` },
      'keys.txt',
    );
    expect(keys.map(({ id }) => id)).toEqual(['b8e8ab51', '50d7bba3', 'd9298a10']);
    expect(JSON.stringify(keys)).not.toContain('dev-');
  });

  it.each([{}, { CFPB_MCP_API_KEYS: '' }, { CFPB_MCP_API_KEYS: ' , ' }, { MCP_PORTAL_API_KEYS: 'x' }])(
    'must be there: %j',
    async (env) => {
      await expect(read(env)).rejects.toThrow('CFPB_MCP_API_KEYS');
      await expect(read(env, { 'keys.txt': '# none\n' }, 'keys.txt')).rejects.toThrow('CFPB_MCP_API_KEYS, and none in keys.txt');
    },
  );

  it('must be readable, and digests whole', async () => {
    await expect(read({ CFPB_MCP_API_KEYS: 'x' }, {}, 'none.txt')).rejects.toThrow('none.txt: it does not exist');
    await expect(read({ CFPB_MCP_API_KEYS: 'x,sha256:12' })).rejects.toThrow('entry 2 of CFPB_MCP_API_KEYS is no digest');
  });

  it('are named by any prefix', () => {
    expect(['CFPB_MCP', 'CFPB_MCP_', 'x1'].map(envPrefix)).toEqual(['CFPB_MCP', 'CFPB_MCP', 'x1']);
    expect(() => envPrefix('1-2')).toThrow('--env-prefix');
  });
});

describe('the limit', () => {
  it('is 2 in a second and 5 at once, or what is set', () => {
    expect(readLimit({}, 'P')).toEqual({ rps: 2, burst: 5 });
    expect(readLimit({ P_RATE_LIMIT_RPS: '0.5', P_RATE_LIMIT_BURST: ' 20 ' }, 'P')).toEqual({ rps: 0.5, burst: 20 });
    expect(readLimit({ P_RATE_LIMIT_RPS: '0' }, 'P').rps).toBe(0);
  });

  it.each(['-1', 'many', 'Infinity', '1e9', '0x10', 'NaN'])('is never %s by accident', (text) => {
    expect(() => readLimit({ P_RATE_LIMIT_RPS: text }, 'P')).toThrow('P_RATE_LIMIT_RPS must be a number');
    expect(() => readLimit({ P_RATE_LIMIT_BURST: text }, 'P')).toThrow('P_RATE_LIMIT_BURST must be a number');
  });

  it('leaves room for one request', () => {
    expect(() => readLimit({ P_RATE_LIMIT_BURST: '0' }, 'P')).toThrow('1 or more');
  });
});
