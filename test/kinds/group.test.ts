import { describe, expect, it } from 'vitest';
import { runSandbox } from '../support/run-sandbox.ts';

const withGroups = (entries: string): string => `version: 1\ngroups:\n  ${entries.trim().split('\n').join('\n  ')}\n`;

async function applied(yaml: string, options: Parameters<typeof runSandbox>[0] = {}) {
  const run = runSandbox(options);
  const result = await run.apply(yaml);
  expect(result.outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
  expect(result.kept).toEqual([]);
  return { run, result, groups: await run.send('GET', '~/access/groups') };
}

describe('groups', () => {
  it('are made with their rules, and then match', async () => {
    const yaml = withGroups(
      'staff: { name: Staff, include: [{ email_domain: example.com }, { email: [a@example.org, b@example.org] }], require: [{ country: DE }], exclude: [{ ip: 203.0.113.7 }] }',
    );
    const { run, groups } = await applied(yaml);
    expect(groups).toMatchObject([
      {
        name: 'Staff',
        include: [
          { email_domain: { domain: 'example.com' } },
          { email: { email: 'a@example.org' } },
          { email: { email: 'b@example.org' } },
        ],
        require: [{ geo: { country_code: 'DE' } }],
        exclude: [{ ip: { ip: '203.0.113.7/32' } }],
      },
    ]);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('Q53: empty selectors that nobody sent are no difference', async () => {
    const yaml = withGroups('staff: { include: [{ email: a@example.com }] }');
    const { run, groups } = await applied(yaml, { faults: { emptySelectors: true } });
    expect(groups[0].require).toEqual([{ common_name: {} }]);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('Q55: the order of rules says nothing', async () => {
    const { run } = await applied(withGroups('staff: { include: [{ email: a@example.com }, { country: DE }] }'));
    expect((await run.plan(withGroups('staff: { include: [{ country: de }, { email: a@example.com }] }'))).lines).toEqual([]);
  });

  it.each(['require', 'exclude'])('%s: left out it stays, [] and null clear it', async (list) => {
    const plain = 'include: [{ everyone: true }]';
    for (const empty of ['[]', 'null']) {
      const { run } = await applied(withGroups(`staff: { ${plain}, ${list}: [{ country: DE }] }`));
      expect((await run.plan(withGroups(`staff: { ${plain} }`))).lines).toEqual([]);
      const result = await run.apply(withGroups(`staff: { ${plain}, ${list}: ${empty} }`));
      expect(result.lines).toEqual([`update group:staff ${list}`]);
      expect(result.kept).toEqual([]);
    }
  });

  it('an update keeps the rules and the default mark that others set', async () => {
    const { run, groups } = await applied(withGroups('staff: { include: [{ email: a@example.com }] }'));
    await run.send('PUT', `~/access/groups/${groups[0].id}`, {
      name: 'staff',
      include: groups[0].include,
      exclude: [{ email_list: { id: 'x' } }],
      is_default: true,
    });
    const result = await run.apply(withGroups('staff: { include: [{ email: b@example.com }] }'));
    expect(result.lines).toEqual(['update group:staff include']);
    expect((await run.send('GET', '~/access/groups'))[0]).toMatchObject({
      exclude: [{ email_list: { id: 'x' } }],
      is_default: true,
    });
  });

  it('an is_default that is a list of rules, as the SDK types it, is not sent back', async () => {
    const rewrite: NonNullable<Parameters<typeof runSandbox>[0]>['rewrite'] = (request, result) =>
      request.path === '~/access/groups' && Array.isArray(result)
        ? result.map((group) => ({ ...group, is_default: [] }))
        : result;
    const { run } = await applied(withGroups('staff: { include: [{ email: a@example.com }] }'), { rewrite });
    const result = await run.apply(withGroups('staff: { include: [{ email: b@example.com }] }'));
    expect(result.writes[0]?.body).not.toHaveProperty('is_default');
  });

  it('may contain each other, and are made in that order', async () => {
    const yaml = withGroups(
      'all: { include: [{ group: [staff, guests] }] }\nstaff: { include: [{ email_domain: example.com }] }\nguests: { include: [{ email: a@example.org }] }',
    );
    const { run, result, groups } = await applied(yaml);
    expect(result.writes.map(({ body }) => body.name).at(-1)).toBe('all');
    const ids = new Map(groups.map((group: { id: string; name: string }) => [group.name, group.id]));
    expect(groups.find((group: { name: string }) => group.name === 'all').include).toEqual([
      { group: { id: ids.get('staff') } },
      { group: { id: ids.get('guests') } },
    ]);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it.each([
    ['a: { include: [{ group: a }] }', 'groups.a includes itself: a → a'],
    [
      'a: { include: [{ group: b }] }\nb: { include: [{ everyone: true }], require: [{ group: [c] }] }\nc: { include: [{ everyone: true }], exclude: [{ group: a }] }',
      'groups.a includes itself: a → b → c → a',
    ],
  ])('that run in a circle are refused: %s', (entries, message) => {
    expect(() => runSandbox().load(withGroups(entries))).toThrow(message);
  });

  it('two ways to one group are no circle', async () => {
    const yaml = withGroups(
      'a: { include: [{ group: [b, c] }] }\nb: { include: [{ group: c }] }\nc: { include: [{ everyone: true }] }',
    );
    const { run } = await applied(yaml);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it.each([
    ['staff: {}', 'needs include:'],
    ['staff: { include: [] }', 'needs include:'],
    ['staff: { include: [{ group: staf }] }', 'there is no group "staf"'],
    ['staff: { include: [{ everyone: true }], decision: allow }', 'unknown key "decision"'],
  ])('refuses %s', (entries, message) => {
    expect(() => runSandbox().load(withGroups(entries))).toThrow(message);
  });

  it('a service token in a group that is nowhere is refused before anything is written', async () => {
    const run = runSandbox();
    await expect(run.apply(withGroups('bots: { include: [{ service_token: robot }] }'))).rejects.toMatchObject({
      exitCode: 3,
      message: 'group:bots: there is no service token "robot"',
    });
    expect(run.account.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('Q56: two live groups of one name are refused, naming both', async () => {
    const { run, groups } = await applied(withGroups('staff: { include: [{ everyone: true }] }'));
    const twin = await run.send('POST', '~/access/groups', { name: 'staff', include: [{ everyone: {} }] });
    const error = await run.plan(withGroups('staff: { include: [{ country: DE }] }')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 3 });
    expect(String(error)).toContain(groups[0].id);
    expect(String(error)).toContain(twin.id);
  });

  it('absent ones go, and those that are not there are no change', async () => {
    const { run } = await applied(withGroups('staff: { include: [{ everyone: true }] }'));
    expect((await run.apply(withGroups('staff: { absent: true }'))).lines).toEqual(['delete group:staff']);
    expect((await run.plan(withGroups('staff: { absent: true }'))).lines).toEqual([]);
  });

  it('one that a foreign policy uses stays, and its user is named', async () => {
    const { run, groups } = await applied(withGroups('staff: { include: [{ everyone: true }] }'));
    await run.send('POST', '~/access/policies', {
      name: 'intranet',
      decision: 'allow',
      include: [{ group: { id: groups[0].id } }],
    });
    await expect(run.apply(withGroups('staff: { absent: true }'))).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('group:staff is still used by policy:intranet'),
    });
  });

  it('absent ones cannot be used', () => {
    expect(() => runSandbox().load(withGroups('a: { include: [{ group: b }] }\nb: { absent: true }'))).toThrow(
      'groups.b is absent: true',
    );
  });
});
