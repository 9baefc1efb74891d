import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeApplication } from '../../src/access/application.ts';
import { policyJudge } from '../../src/access/policy.ts';
import type { Who } from '../../src/access/who.ts';
import { alice, bot, documentOf } from './documents.ts';

const me = { include: [{ email: 'alice@example.com' }] };
const posture = { include: [{ device_posture: 'p' }] };
const policies = {
  me: { decision: 'allow', ...me },
  notMe: { decision: 'deny', ...me },
  maybe: { decision: 'allow', ...posture },
  maybeNot: { decision: 'deny', ...posture },
  nobody: { decision: 'allow', include: [{ email: 'bob@example.com' }] },
  robots: { decision: 'service_auth', include: [{ service_token: 'ci' }] },
  open: { decision: 'bypass', include: [{ everyone: true }] },
  closed: { decision: 'deny', include: [{ everyone: true }] },
  approved: { decision: 'allow', ...me, approval_required: true },
  botsWronglyAllowed: { decision: 'allow', include: [{ any_valid_service_token: true }] },
};
const live = '99999999-2222-4333-8444-555555555555';

function verdict(who: Who, keys: readonly string[], more: { readonly access?: object; readonly asksApproval?: boolean } = {}) {
  const document = documentOf({ policies, service_tokens: { ci: {} } });
  const { access = {}, asksApproval = true } = more;
  return judgeApplication({
    who,
    document,
    judge: policyJudge(who, document),
    access: { ...access },
    policies: keys,
    asksApproval,
  });
}

describe('the policies of an application', () => {
  it.each<[readonly string[], string, string]>([
    [[], 'no', 'no'],
    [['me'], 'yes', 'no'],
    [['nobody'], 'no', 'no'],
    [['me', 'notMe'], 'yes', 'no'],
    [['notMe', 'me'], 'no', 'no'],
    [['closed', 'me'], 'no', 'no'],
    [['closed', 'robots'], 'no', 'yes'],
    [['closed', 'open'], 'yes', 'yes'],
    [['maybe', 'me'], 'yes', 'no'],
    [['maybeNot', 'me'], 'unknown', 'no'],
    [['me', 'maybeNot'], 'yes', 'no'],
    [['maybeNot'], 'no', 'no'],
    [['maybe'], 'unknown', 'no'],
    [['maybe', 'closed'], 'unknown', 'no'],
    [['approved'], 'unknown', 'no'],
    [['botsWronglyAllowed'], 'no', 'no'],
    [['service-token-ci'], 'no', 'yes'],
    [[live], 'unknown', 'unknown'],
    [['me', live], 'yes', 'unknown'],
    [[live, 'me'], 'unknown', 'unknown'],
    [['robots', live], 'unknown', 'yes'],
  ])('%j let in a person: %s, and a bot: %s', (keys, person, token) => {
    expect([verdict(alice, keys).access, verdict(bot, keys).access]).toEqual([person, token]);
  });

  it('say which policy and rule decide', () => {
    expect(verdict(alice, ['nobody', 'me'])).toEqual({
      access: 'yes',
      policy: 'me',
      why: 'policy me (allow): email alice@example.com',
    });
    expect(verdict(alice, ['closed', 'me']).why).toBe('policy closed (deny): everyone');
    expect(verdict(alice, ['maybeNot', 'maybe']).why).toContain('device_posture p: only a check of the device tells');
  });

  it('say what came close where nobody is let in', () => {
    expect(verdict(bot, ['botsWronglyAllowed']).why).toBe(
      'no policy matches (policy botsWronglyAllowed (allow): lets in people alone: bots need decision: service_auth)',
    );
    expect(verdict(alice, []).why).toBe('it has no policies');
  });

  it('do not ask for an approval again at the servers of a portal', () => {
    expect(verdict(alice, ['approved'], { asksApproval: false }).access).toBe('yes');
  });

  it('refuse a login that the application does not take', () => {
    const who: Who = { is: 'person', email: 'alice@example.com', loginMethod: 'there' };
    expect(verdict(who, ['me'], { access: { allowed_idps: ['here'] } })).toEqual({
      access: 'no',
      why: 'no policy matches (allowed_idps: does not have there)',
    });
    expect(verdict(who, ['me', 'open'], { access: { allowed_idps: ['here'] } }).access).toBe('yes');
    expect(verdict(who, ['me'], { access: { allowed_idps: ['here', 'there'] } }).access).toBe('yes');
  });
});

/** A plain reading of the rules, for a world where every posture check has an answer. */
type Rule = { readonly email?: string; readonly everyone?: true; readonly device_posture?: string };
type Policy = {
  readonly decision: string;
  readonly include: readonly Rule[];
  readonly require: readonly Rule[];
  readonly exclude: readonly Rule[];
};

function letsIn(policies: readonly Policy[], passes: ReadonlySet<string>): boolean {
  const early = (policy: Policy): boolean => policy.decision === 'bypass' || policy.decision === 'service_auth';
  const matches = (policy: Policy): boolean => {
    const holds = (rule: Rule): boolean => {
      if (rule.everyone === true) return true;
      if (rule.device_posture !== undefined) return passes.has(rule.device_posture);
      return !early(policy) && rule.email === 'alice@example.com';
    };
    return policy.include.some(holds) && policy.require.every(holds) && !policy.exclude.some(holds);
  };
  for (const policy of policies.filter(early)) if (matches(policy)) return true;
  for (const policy of policies) if (!early(policy) && matches(policy)) return policy.decision === 'allow';
  return false;
}

const checks = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'];
const worlds = Array.from(
  { length: 2 ** checks.length },
  (_, bits) => new Set(checks.filter((_check, at) => (bits >> at) % 2 === 1)),
);
const rule = fc.oneof(
  fc.constantFrom<Rule>({ email: 'alice@example.com' }, { email: 'bob@example.com' }, { everyone: true }),
  fc.constantFrom(...checks).map((check): Rule => ({ device_posture: check })),
);
const policy = fc.record({
  decision: fc.constantFrom('allow', 'deny', 'bypass', 'service_auth'),
  include: fc.array(rule, { minLength: 1, maxLength: 3 }),
  require: fc.array(rule, { maxLength: 2 }),
  exclude: fc.array(rule, { maxLength: 2 }),
});

/** Whether each unknown thing is asked for once only: then no two of them hang together. */
function asksOnce(policies: readonly Policy[]): boolean {
  const rules = policies.flatMap(({ include, require, exclude }) => [...include, ...require, ...exclude]);
  const asked = rules.flatMap((one) => one.device_posture ?? []);
  return new Set(asked).size === asked.length;
}

describe('generated policies', () => {
  const verdictOn = (some: readonly Policy[]) => {
    const keys = some.map((_, index) => `policy${index}`);
    const document = documentOf({ policies: Object.fromEntries(some.map((one, index) => [keys[index] ?? '', one])) });
    return judgeApplication({
      who: alice,
      document,
      judge: policyJudge(alice, document),
      access: {},
      policies: keys,
      asksApproval: true,
    });
  };

  /** Every answer that some outcome of the unknown things gives. */
  const possible = (some: readonly Policy[]): readonly string[] => [
    ...new Set(worlds.map((world) => (letsIn(some, world) ? 'yes' : 'no'))),
  ];

  it('are never said to be certain where an unknown thing could change the answer', () => {
    const isSound = (some: readonly Policy[]): boolean => {
      const { access } = verdictOn(some);
      return access === 'unknown' || possible(some).every((answer) => answer === access);
    };
    expect(fc.check(fc.property(fc.array(policy, { maxLength: 4 }), isSound), { numRuns: 300 })).toMatchObject({ failed: false });
  });

  it('are never said to be unknown where nothing could change the answer, save by asking for one thing twice', () => {
    const isExact = (some: readonly Policy[]): boolean => {
      fc.pre(asksOnce(some));
      const [first, ...others] = possible(some);
      return verdictOn(some).access === (others.length > 0 ? 'unknown' : first);
    };
    expect(fc.check(fc.property(fc.array(policy, { maxLength: 3 }), isExact), { numRuns: 300 })).toMatchObject({ failed: false });
  });
});
