import { describe, expect, it } from 'vitest';
import type { Existing, Kind, State } from '../../src/engine/kind.ts';
import type { Work } from '../../src/engine/work.ts';
import { detachObstacles, revocationKinds } from '../../src/kinds/access/revocation.ts';
import { tokenRow } from '../../src/kinds/access/token-row.ts';
import { kinds } from '../../src/kinds/index.ts';

const token: Existing = { kind: 'service_token', id: 'id-1', identity: 'ci', name: 'ci', live: {} };
const named = (list: readonly Kind[], name: string) => list.find(({ kind }) => kind === name);

describe('the kinds that a revocation takes', () => {
  it('are the token and what can mention it: never servers, which not every account has', () => {
    const taken = revocationKinds(kinds, { token, detach: false });
    expect(taken.map(({ kind }) => kind)).toEqual(['service_token', 'group', 'policy']);
    expect(named(taken, 'policy')).not.toHaveProperty('release');
  });

  it('find the token by its id, and none where there is none', () => {
    const desired = { kind: 'service_token', key: 'ci', state: {}, absent: true, protect: false, sinks: [], place: undefined };
    // No kind looks further than at its own token here.
    const peers = {} as Parameters<Kind['identities']>[1];
    const found = named(revocationKinds(kinds, { token, detach: false }), 'service_token');
    expect(found?.identities(desired, peers)).toEqual(['id-1']);
    expect(found?.identify({ id: 'id-1', name: 'ci' })).toEqual({ id: 'id-1', identity: 'id-1', name: 'ci' });
    expect(
      named(revocationKinds(kinds, { token: undefined, detach: false }), 'service_token')?.identities(desired, peers),
    ).toEqual([]);
  });

  it('let go of it with detach, and keep every list that does not mention it as it is', () => {
    const policy = named(revocationKinds(kinds, { token, detach: true }), 'policy');
    const include = [{ service_token: 'ci' }, { service_token: 'other' }, { everyone: true }];
    const state: State = { name: 'p', include, require: [{ email: 'a@example.com' }] };
    const released = policy?.release?.(state, 'service_token:ci');
    expect(released).toEqual({
      name: 'p',
      include: [{ service_token: 'other' }, { everyone: true }],
      require: [{ email: 'a@example.com' }],
    });
    expect(released?.['require']).toBe(state['require']);
  });
});

describe('what detaching must not do', () => {
  const work = (live: State, final: State, more: Partial<Work> = {}): Work => {
    const base = {
      address: 'policy:p',
      key: 'p',
      desired: undefined,
      existing: { ...token, id: 'p-1' },
      wanted: {},
      fields: [],
    } as const;
    const kind = named(kinds, 'policy');
    if (kind === undefined) throw new Error('no kind of policies');
    return { ...base, kind, action: 'update', live, final, ...more };
  };
  const rule = { service_token: 'ci' };
  const everyone = { everyone: true };

  it('is to leave a policy without an include rule, or to drop a condition', () => {
    expect(detachObstacles([work({ include: [rule] }, { include: [] })])).toMatchObject([
      { message: 'policy:p has no other include rule, and would be empty', ids: ['p-1'] },
    ]);
    const required = work(
      { include: [everyone], require: [rule] },
      { include: [everyone], require: [] },
      { existing: undefined },
    );
    expect(detachObstacles([required])).toMatchObject([{ message: expect.stringContaining('policy:p requires it'), ids: [] }]);
  });

  it('is nothing else', () => {
    expect(detachObstacles([work({ include: [rule, everyone], exclude: [rule] }, { include: [everyone], exclude: [] })])).toEqual(
      [],
    );
    expect(detachObstacles([work({ include: [] }, { include: [] }, { action: 'delete' })])).toEqual([]);
  });
});

describe('the row of a token', () => {
  it('says null for what Cloudflare does not tell, and never a secret', () => {
    expect(
      tokenRow({ id: 'a', name: 'ci', client_secret: 's', client_secret_version: 3, enabled: false, expires_at: '' }),
    ).toEqual({
      name: 'ci',
      id: 'a',
      client_id: null,
      duration: null,
      expires_at: null,
      last_seen_at: null,
      enabled: false,
      client_secret_version: 3,
    });
    expect(tokenRow(undefined)).toMatchObject({ name: '', id: '', enabled: true, client_secret_version: null });
  });
});
