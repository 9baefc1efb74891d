import { describe, expect, it } from 'vitest';
import { cli, token } from '../runs/cli.ts';
import { document, exchanging, Refused } from './account.ts';

const escape = String.fromCharCode(27);

describe('the text of doctor', () => {
  it('has a line for each check with its fix below, and a count at the end', async () => {
    const program = cli({ files: { 'portal.yaml': document } });
    const fetch = exchanging(program, {
      '/access/apps': () => new Refused(403, 10000),
      '/access/organizations': (own) => ({ ...own, auth_domain: `two\nlines${escape}[31m` }),
    });
    const { code, stdout, stderr } = await program.run('doctor', { fetch });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^✓ credentials: an API token, from CLOUDFLARE_API_TOKEN$/m);
    expect(stdout).toMatch(/^✗ Access: Apps and Policies permission: Cloudflare answered 403.*\n {4}fix: Add `Access: Apps/m);
    expect(stdout).toMatch(/^- AI crawl blocking: not checked: /m);
    expect(stdout).toMatch(/\n\nChecks: 14 ok, 1 failed, 0 warnings, 1 not checked\.\n$/);
    expect(stdout).not.toContain(escape);
    expect(stdout).not.toContain(token);
  });

  it('has colours where they are wanted, and the same words', async () => {
    const program = cli({ files: { 'portal.yaml': document } });
    const plain = await program.run('doctor');
    const coloured = await program.run('doctor --color always');
    expect(coloured.stdout).toContain(`${escape}[32m✓${escape}[39m`);
    expect(coloured.stdout.replaceAll(new RegExp(`${escape}\\[\\d+m`, 'g'), '')).toBe(plain.stdout);
  });

  it('shows the whole error of missing credentials, and exits 1', async () => {
    const { code, stdout } = await cli().run('doctor', { env: { CLOUDFLARE_API_TOKEN: undefined } });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^✗ credentials: There are no Cloudflare credentials\. .*CLOUDFLARE_API_KEY together with CLOUDFLARE_EMAIL/,
    );
  });
});

describe('the document of doctor', () => {
  it('has all failures in its error', async () => {
    const program = cli({ files: { 'portal.yaml': document } });
    const refused = () => new Refused(403, 10000, `no ${token}`);
    const fetch = exchanging(program, { '/access/apps': refused, '/mcp/servers': refused });
    const { code, json, stdout, stderr } = await program.run('doctor --json --debug', { fetch });
    expect(code).toBe(1);
    expect(json.error.code).toBe('check_failed');
    expect(json.error.message).toMatch(/^Access: Apps and Policies permission: .*\nMCP Portals permission: /);
    expect(json.error.hint).toContain('Access: Apps and Policies Write');
    expect(stdout + stderr).not.toContain(token);
  });

  it('is the usual one for a document that is not valid', async () => {
    const { code, json } = await cli({ files: { 'portal.yaml': 'version: 1\nservres: {}\n' } }).run('doctor --json');
    expect(code).toBe(64);
    expect(json.error.message).toContain('servres');
  });

  it('is a usage error for a file that is not there', async () => {
    expect((await cli().run('doctor -f other.yaml')).code).toBe(64);
  });

  it('is left alone by Ctrl-C', async () => {
    const program = cli({ files: { 'portal.yaml': document } });
    const controller = new AbortController();
    const fetch = async (request: Request): Promise<Response> => {
      controller.abort();
      return await program.account.fetch(request);
    };
    expect((await program.run('doctor', { fetch, signal: controller.signal })).code).toBe(130);
  });
});
