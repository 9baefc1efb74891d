import { describe, expect, it } from 'vitest';
import { cli, portalWithToken, type Cli } from '../runs/cli.ts';

/** Somebody else makes the same object right before the first request that makes it arrives. */
const raced = (one: Cli, path: string, body: unknown) => {
  let isDone = false;
  return async (request: Request): Promise<Response> => {
    if (!isDone && request.method === 'POST' && request.url.endsWith(path)) {
      isDone = true;
      await one.send('POST', `~${path}`, body);
    }
    return one.account.fetch(request);
  };
};

const policy = 'version: 1\npolicies: { people: { decision: allow, include: [{ email: user@example.com }] } }\n';
const theirs = { name: 'people', decision: 'deny', include: [{ everyone: {} }] };

describe('an object that somebody else makes between plan and apply', () => {
  it('is noticed: ours is taken back, exit 3 where nothing else was changed, and theirs is left alone', async () => {
    const one = cli({ files: { 'portal.yaml': policy } });
    const { code, json, stderr } = await one.run('apply --yes --json', { fetch: raced(one, '/access/policies', theirs) });
    expect({ code, stderr }).toMatchObject({ code: 3 });
    expect(json.applied).toMatchObject([{ address: 'policy:people', ok: false, error: expect.stringContaining('taken back') }]);
    expect(one.account.state.policies.map(({ body }) => body['decision'])).toEqual(['deny']);
    expect((await one.run('plan')).stdout).toContain('1 to change');
  });

  it('exits 1 where other changes were made, and the next run goes on with theirs', async () => {
    const one = cli({ files: { 'portal.yaml': portalWithToken } });
    const words = 'apply --yes --secrets-out file:token.json';
    const { code, stdout } = await one.run(words, { fetch: raced(one, '/access/policies', theirs) });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^failed: policy:people was not created: somebody else made .*run again/ms);
    expect((await one.run(words)).code).toBe(0);
    expect(one.account.state.policies).toHaveLength(1);
    expect((await one.run('plan')).stdout).toContain('No changes.');
  });

  it('keeps this run from making a second token', async () => {
    const one = cli({ files: { 'portal.yaml': portalWithToken } });
    const fetch = async (request: Request): Promise<Response> => {
      const response = await one.account.fetch(request);
      const isRead = request.method === 'GET' && request.url.includes('/access/service_tokens');
      if (isRead && one.account.state.service_tokens.length === 0)
        await one.send('POST', '~/access/service_tokens', { name: 'ci' });
      return response;
    };
    expect((await one.run('apply --yes --secrets-out file:token.json', { fetch })).code).toBe(1);
    expect(one.account.state.service_tokens).toHaveLength(1);
    expect(one.exists('token.json') ? one.read('token.json') : '').not.toContain('client_secret');
  });

  it('is told with both ids where it is a token that came in the very moment', async () => {
    const one = cli({ files: { 'portal.yaml': portalWithToken } });
    const fetch = raced(one, '/access/service_tokens', { name: 'ci' });
    const { code, stderr } = await one.run('apply --yes --secrets-out file:token.json', { fetch });
    expect(code).toBe(1);
    for (const { id } of one.account.state.service_tokens) expect(stderr).toContain(id);
  });

  it('is told with the id of ours where that cannot be removed', async () => {
    const one = cli({ files: { 'portal.yaml': policy } });
    one.account.faults.fail({ what: 'forbidden', method: 'DELETE', path: /policies/ });
    const { code, stdout } = await one.run('apply --yes', { fetch: raced(one, '/access/policies', theirs) });
    expect(code).toBe(1);
    const ours = one.account.state.policies.find(({ body }) => body['decision'] === 'allow');
    expect(stdout).toContain(`Access policy ${ours?.id} could not be removed`);
  });

  it('costs the run nothing where the look for it fails', async () => {
    const one = cli({ files: { 'portal.yaml': portalWithToken } });
    one.account.faults.fail({ what: 'forbidden', method: 'GET', path: /service_tokens$/, nth: 2 });
    expect((await one.run('apply --yes --secrets-out file:token.json')).code).toBe(0);
    expect(JSON.parse(one.read('token.json')).client_id).toBe(one.account.state.service_tokens[0]?.client_id);
  });
});
