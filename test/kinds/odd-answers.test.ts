import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/lib/errors.ts';
import { runSandbox } from '../support/run-sandbox.ts';

const yaml = `
version: 1
policies: { people: { decision: allow, include: [{ email: a@example.com }] } }
servers: { a: { url: https://a.example.com/mcp, access: { policies: [people] } } }
`;

/** The sandbox with one answer replaced. */
const answering = (method: string, path: RegExp, result: unknown) => {
  const state = { on: true };
  const run = runSandbox({
    rewrite: (request, real) => (state.on && request.method === method && path.test(request.path) ? result : real),
  });
  return { run, mend: () => (state.on = false) };
};

describe('an answer that shows nothing', () => {
  it.each([
    ['an empty object', {}],
    ['null', null],
    ['a list', []],
  ])('to a creation (%s) is a failure with a next step, and the next run goes on', async (_what, result) => {
    const { run, mend } = answering('POST', /policies$/, result);
    const first = await run.apply(yaml);
    expect(first.outcomes.find(({ address }) => address === 'policy:people')).toMatchObject({
      ok: false,
      error: expect.stringContaining('Cloudflare answered without the object that it made'),
    });
    mend();
    expect((await run.apply(yaml)).ok).toBe(true);
    expect((await run.plan(yaml)).lines).toEqual([]);
    expect(run.account.state.policies).toHaveLength(1);
  });

  it.each([
    ['no id', [{ name: 'people' }]],
    ['an empty id', [{ id: '', name: 'people' }]],
    ['no object', ['people']],
  ])('of a listing (%s) ends the plan', async (_what, result) => {
    const { run } = answering('GET', /policies$/, result);
    await expect(run.plan(yaml)).rejects.toThrow(ApiError);
    await expect(run.plan(yaml)).rejects.toThrow(/listed an object without an id/);
  });
});
