import { describe, expect, it } from 'vitest';
import { runSandbox, type RunSandboxOptions } from '../support/run-sandbox.ts';

const people = 'policies: { people: { decision: allow, include: [{ email: a@example.com }] } }\n';
const kinds = ['server', 'portal', 'application'] as const;
type What = (typeof kinds)[number];
type Run = ReturnType<typeof runSandbox>;

/** A document with one application of the kind. */
const withApp = (what: What, settings: string): string => {
  const entries = {
    server: `servers: { a: { url: https://a.example.com/mcp, access: { ${settings} } } }`,
    portal: `portals: { p: { hostname: mcp.example.com, servers: [], access: { ${settings} } } }`,
    application: `applications: { i: { domain: app.example.com, ${settings} } }`,
  };
  return `version: 1\n${entries[what]}\n`;
};

type Rewrite = NonNullable<RunSandboxOptions['rewrite']>;
/** Every application of the listing, as `change` makes it. */
const listed =
  // oxlint-disable-next-line typescript/no-explicit-any -- answers have every shape
  (change: (app: any) => unknown): Rewrite =>
    ({ method, path }, result) =>
      method === 'GET' && path === '~/access/apps' && Array.isArray(result) ? result.map(change) : result;

type Shown = { readonly policies: readonly { readonly id: string }[] };
const without = (app: object) => ({ ...app, policies: undefined });
const silent = (app: Shown) => ({ ...app, policies: app.policies.map((policy) => ({ ...policy, reusable: undefined })) });
const bare = (app: Shown) => ({ ...app, policies: app.policies.map(({ id }) => id) });
const foreign = (app: Shown) => ({ ...app, policies: app.policies.map(({ id }) => ({ uid: id })) });

/** An account with the application and its policy, seen through `rewrite` from then on. */
async function standing(what: What, rewrite: Rewrite): Promise<Run> {
  let started = false;
  const run = runSandbox({ rewrite: (request, result) => (started ? rewrite(request, result) : result) });
  expect((await run.apply(`${withApp(what, 'policies: [people]')}${people}`)).ok).toBe(true);
  started = true;
  return run;
}

const attached = async (run: Run): Promise<readonly string[]> => {
  const [app] = await run.send('GET', '~/access/apps');
  const all = await run.send('GET', '~/access/policies');
  return app.policies.map(({ id }: { id: string }) => all.find((policy: { id: string }) => policy.id === id)?.name ?? id);
};

describe.each(kinds)('the policies of an application stay when another field changes: %s', (what) => {
  it.each([
    ['come as bare ids', listed(bare)],
    ['are not in the listing', listed(without)],
    ['come in a form that is not known', listed(foreign)],
    ['do not say that they are reusable', listed(silent)],
    [
      'are shown nowhere',
      ({ method, path }: Parameters<Rewrite>[0], result: unknown) => {
        if (method !== 'GET' || !path.startsWith('~/access/apps')) return result;
        return Array.isArray(result) ? result.map(without) : without(Object(result));
      },
    ],
  ])('where they %s', async (_how, rewrite) => {
    const run = await standing(what, rewrite);
    const result = await run.apply(withApp(what, 'session_duration: 3h'));
    expect(result.kept).toEqual([]);
    expect(result.writes.map(({ method }) => method)).toEqual(['PUT']);
    expect(result.writes[0]?.body.policies ?? ['unsaid']).toHaveLength(1);
    expect(await attached(run)).toEqual(['people']);
  });

  it.each([
    ['bare ids', listed(bare)],
    ['nothing in the listing', listed(without)],
  ])('and compare with the document: %s', async (_how, rewrite) => {
    const run = await standing(what, rewrite);
    expect((await run.plan(`${withApp(what, 'policies: [people]')}${people}`)).lines).toEqual([]);
  });

  it('and null means none, with no further question', async () => {
    const run = await standing(
      what,
      listed((app) => ({ ...app, policies: null })),
    );
    const { lines, requests } = await run.plan(`${withApp(what, 'policies: []')}${people}`);
    expect(lines).toEqual([]);
    expect(requests.filter(({ path }) => path.startsWith('~/access/apps/'))).toEqual([]);
  });
});

describe.each(kinds)('policies that are an application’s own and do not say so: %s', (what) => {
  async function withOwn(policies: string): Promise<Run> {
    const run = runSandbox({ rewrite: listed(silent) });
    await run.apply(withApp(what, 'session_duration: 24h'));
    const [app] = await run.send('GET', '~/access/apps');
    await run.send('PUT', `~/access/apps/${app.id}`, {
      type: app.type,
      name: app.name,
      ...(app.domain ? { domain: app.domain } : { destinations: app.destinations }),
      policies: [{ name: 'mine', decision: 'allow', include: [{ everyone: {} }], precedence: 1 }],
    });
    if (policies !== '') await run.apply(`version: 1\n${policies}`);
    return run;
  }

  it.each([
    ['where the account has others', people],
    ['where it has none', ''],
  ])('are never replaced, %s', async (_where, existing) => {
    const run = await withOwn(existing);
    const before = run.account.requests.length;
    await expect(run.apply(`${withApp(what, 'policies: [people]')}${people}`)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('policies of its own'),
    });
    expect(run.account.requests.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('stay when another field changes', async () => {
    const run = await withOwn(people);
    const result = await run.apply(withApp(what, 'session_duration: 3h'));
    expect(result.writes[0]?.body).not.toHaveProperty('policies');
    expect((await run.send('GET', '~/access/apps'))[0].policies).toMatchObject([{ name: 'mine' }]);
  });
});

describe('a policy that is mentioned by its id', () => {
  const account = async (): Promise<Run> => {
    const run = runSandbox({
      rewrite: ({ method, path }, result) =>
        method === 'GET' && path === '~/access/policies' && Array.isArray(result)
          ? result.map((policy) => ({ ...policy, id: 'pol_1' }))
          : result,
    });
    await run.send('POST', '~/access/policies', { name: 'Staff', decision: 'allow', include: [{ everyone: {} }] });
    return run;
  };

  it.each(kinds)('may have an id that does not look like one: %s', async (what) => {
    const { plan } = await (await account()).plan(withApp(what, 'policies: [pol_1]'));
    expect(plan.changes.map(({ action }) => action)).toContain('create');
  });

  it.each([
    ['pol_7', 'did you mean "pol_1"?'],
    ['nobody', 'declare it in the document, or use the id of one that exists'],
    ['Staff', 'that is the name of a live policy, which a document mentions by its key in policies or by its id: pol_1'],
  ])('has to exist: %s', async (ref, hint) => {
    const run = await account();
    for (const what of kinds) {
      await expect(run.plan(withApp(what, `policies: [${ref}]`))).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringContaining(`there is no policy "${ref}"`),
        facts: { hint },
      });
    }
  });
});

it.each(kinds)('a session of 0 needs no quotes: %s', async (what) => {
  const { plan } = await runSandbox().plan(withApp(what, 'session_duration: 0'));
  const after = plan.changes.flatMap(({ fields }) => fields).find(({ path }) => path.endsWith('session_duration'))?.after;
  expect(after).toBe('0s');
});
