import { describe, expect, it } from 'vitest';
import { reportError } from '../../src/cli/report-error.ts';
import { ApiError, NotReadyError } from '../../src/lib/errors.ts';
import { fakeWorld } from '../fake-world.ts';

async function report(error: unknown, { json = false, debug = false, aborted = false } = {}) {
  const controller = new AbortController();
  if (aborted) controller.abort();
  const { world, stdout, stderr } = fakeWorld({ signal: controller.signal });
  const code = await reportError(error, world, { json, debug });
  return { code, stdout: stdout(), stderr: stderr() };
}

const forbidden = new ApiError('Cloudflare refused the request', {
  hint: 'Give the token the permission "Access: Apps Edit".',
  request: { method: 'GET', path: '/accounts/1/access/apps', status: 403, code: 10_000, ray: 'abc' },
});

describe('what a user or Cloudflare can cause', () => {
  it('is a sentence, its request and a hint', async () => {
    expect(await report(forbidden)).toEqual({
      code: 1,
      stdout: '',
      stderr: [
        'error: Cloudflare refused the request',
        'request: GET /accounts/1/access/apps (status 403, code 10000, ray abc)',
        'hint: Give the token the permission "Access: Apps Edit".\n',
      ].join('\n'),
    });
  });

  it('is one JSON document', async () => {
    const { code, stdout, stderr } = await report(forbidden, { json: true });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      schema_version: 1,
      ok: false,
      error: {
        code: 'api_error',
        message: 'Cloudflare refused the request',
        hint: 'Give the token the permission "Access: Apps Edit".',
        request: { method: 'GET', path: '/accounts/1/access/apps', status: 403, code: 10_000, ray: 'abc' },
      },
    });
  });

  it('keeps its exit code', async () => {
    expect((await report(new NotReadyError('not yet'))).code).toBe(4);
  });

  it('includes what the system refuses', async () => {
    const error = Object.assign(new Error("EACCES: permission denied, open '/x'"), { code: 'EACCES', syscall: 'open' });
    expect(await report(error)).toMatchObject({ code: 1, stderr: "error: EACCES: permission denied, open '/x'\n" });
  });
});

describe('an interruption', () => {
  it('exits 130 when Ctrl-C aborted what ran', async () => {
    expect(await report(new DOMException('aborted', 'AbortError'), { aborted: true })).toMatchObject({ code: 130 });
  });

  it('exits 130 when a prompt was left', async () => {
    const left = Object.assign(new Error('User force closed the prompt'), { name: 'ExitPromptError' });
    expect(await report(left)).toMatchObject({ code: 130, stderr: 'error: Interrupted.\n' });
  });
});

describe('a bug', () => {
  it('is short, with the version and where to report it', async () => {
    const { code, stderr } = await report(new TypeError('x is not a function'));
    expect(code).toBe(1);
    expect(stderr).toContain('bug: x is not a function');
    expect(stderr).toContain('mcp-portal 0.1.0');
    expect(stderr).toContain('https://');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('has its stack with --debug', async () => {
    expect((await report(new TypeError('x'), { debug: true })).stderr).toMatch(/^\s+at /m);
  });

  it('is internal_error in JSON', async () => {
    const { stdout } = await report(new TypeError('x'), { json: true });
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'internal_error' } });
  });
});
