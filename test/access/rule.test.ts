import { describe, expect, it } from 'vitest';
import type { Who } from '../../src/access/who.ts';
import { alice, bot, judge } from './documents.ts';

const person = (more: object): Who => ({ ...alice, ...more });
const id = '11111111-2222-4333-8444-555555555555';
const other = '66666666-7777-4888-8999-aaaaaaaaaaaa';

type Row = readonly [name: string, rule: object, who: Who, answer: 'yes' | 'no' | 'unknown'];

describe('a rule of an allow policy', () => {
  it.each<Row>([
    ['an email address in another case', { email: 'Alice@Example.com' }, alice, 'yes'],
    ['another email address', { email: 'bob@example.com' }, alice, 'no'],
    ['one of a list', { email: ['bob@example.com', 'alice@example.com'] }, alice, 'yes'],
    ['a domain', { email_domain: '@EXAMPLE.com' }, alice, 'yes'],
    ['a domain above the own one', { email_domain: 'example.com' }, person({ email: 'a@sub.example.com' }), 'no'],
    ['a domain that only ends alike', { email_domain: 'ample.com' }, alice, 'no'],
    ['everyone', { everyone: true }, alice, 'yes'],
    ['an address of somebody unknown', { email: 'bob@example.com' }, person({ email: undefined }), 'unknown'],
    ['a network without an address', { ip: '192.0.2.0/24' }, alice, 'unknown'],
    ['a network with an address in it', { ip: '192.0.2.0/24' }, person({ ip: '192.0.2.200' }), 'yes'],
    ['a network with an address beside it', { ip: '192.0.2.0/24' }, person({ ip: '192.0.3.1' }), 'no'],
    ['a network written by one of its hosts', { ip: '192.0.2.77/24' }, person({ ip: '192.0.2.1' }), 'yes'],
    ['a single address', { ip: '192.0.2.7' }, person({ ip: '192.0.2.7' }), 'yes'],
    ['every address', { ip: '0.0.0.0/0' }, person({ ip: '203.0.113.9' }), 'yes'],
    ['every address of the other family', { ip: '0.0.0.0/0' }, person({ ip: '2001:db8::1' }), 'no'],
    ['an IPv6 network', { ip: '2001:db8::/32' }, person({ ip: '2001:DB8:ffff::1' }), 'yes'],
    ['an IPv6 network with an address beside it', { ip: '2001:db8::/32' }, person({ ip: '2001:db9::1' }), 'no'],
    ['an IPv4 address written in IPv6', { ip: '192.0.2.0/24' }, person({ ip: '::ffff:192.0.2.9' }), 'yes'],
    ['a country', { country: 'nl' }, person({ country: 'NL' }), 'yes'],
    ['another country', { country: 'NL' }, person({ country: 'DE' }), 'no'],
    ['a country that nobody said', { country: 'NL' }, alice, 'unknown'],
    ['a service token', { service_token: 'ci' }, alice, 'no'],
    ['any service token', { any_valid_service_token: true }, alice, 'no'],
    ['a way of logging in', { login_method: id }, alice, 'unknown'],
    ['the way of logging in', { login_method: id }, person({ loginMethod: id }), 'yes'],
    ['another way of logging in', { login_method: id }, person({ loginMethod: other }), 'no'],
    ['multi-factor authentication', { auth_method: 'mfa' }, alice, 'unknown'],
    ['a device posture check', { device_posture: id }, alice, 'unknown'],
    ['a client certificate', { certificate: true }, alice, 'unknown'],
    ['the name in a client certificate', { common_name: 'laptop' }, alice, 'unknown'],
    ['a group that only the account has', { group: id }, alice, 'unknown'],
    ['that group, said', { group: id }, person({ groups: [id] }), 'yes'],
    ['a group of an identity provider', { raw: { okta: { name: 'admins', identity_provider_id: id } } }, alice, 'unknown'],
    ['the same, said', { raw: { okta: { name: 'admins' } } }, person({ groups: ['admins'] }), 'yes'],
    ['the same beside all that were said', { raw: { okta: { name: 'admins' } } }, person({ groups: ['staff'] }), 'no'],
    ['an organization', { raw: { 'github-organization': { name: 'acme' } } }, person({ groups: ['acme'] }), 'yes'],
    ['a team', { raw: { 'github-organization': { name: 'acme', team: 'ops' } } }, person({ groups: ['acme'] }), 'no'],
    ['an API rule that has a word', { raw: { email: { email: 'alice@example.com' } } }, alice, 'yes'],
    ['an API rule that nobody knows', { raw: { horoscope: { sign: 'leo' } } }, alice, 'unknown'],
    ['a list of the account', { raw: { email_list: { id } } }, alice, 'unknown'],
    ['the token of another application', { raw: { linked_app_token: { app_uid: id } } }, alice, 'no'],
  ])('%s', (_name, rule, who, answer) => {
    expect(judge(who, { decision: 'allow', include: [rule] }).is).toBe(answer);
  });

  it('about the way of logging in is told by an application that takes one alone', () => {
    const policy = { decision: 'allow', include: [{ login_method: id }] };
    expect(judge(alice, policy, {}, [id]).is).toBe('yes');
    expect(judge(alice, policy, {}, [other]).is).toBe('no');
    expect(judge(alice, policy, {}, [id, other]).is).toBe('unknown');
  });
});

describe('a rule of a Service Auth or Bypass policy', () => {
  const beside = { service_tokens: { ci: { name: 'example-ci' }, other: {} } };

  it.each<Row>([
    ['the token by its key', { service_token: 'ci' }, bot, 'yes'],
    ['the token by its name', { service_token: 'example-ci' }, bot, 'yes'],
    ['the token, asked for by its name', { service_token: 'ci' }, { is: 'bot', token: 'example-ci' }, 'yes'],
    ['another token', { service_token: 'other' }, bot, 'no'],
    ['a token that only the account has', { service_token: 'elsewhere' }, bot, 'no'],
    ['an id, which may be that of the token', { service_token: id }, bot, 'unknown'],
    ['any token', { any_valid_service_token: true }, bot, 'yes'],
    ['everyone, for a bot', { everyone: true }, bot, 'yes'],
    ['an email address, for a bot', { email: 'alice@example.com' }, bot, 'no'],
    ['multi-factor authentication, for a bot', { auth_method: 'mfa' }, bot, 'no'],
    ['a group of an identity provider, for a bot', { raw: { okta: { name: 'admins' } } }, bot, 'no'],
    ['an email address, before anybody has logged in', { email: 'alice@example.com' }, alice, 'no'],
    ['an address, before anybody has logged in', { ip: '192.0.2.0/24' }, person({ ip: '192.0.2.1' }), 'yes'],
  ])('%s', (_name, rule, who, answer) => {
    expect(judge(who, { decision: 'service_auth', include: [rule] }, beside).is).toBe(answer);
    expect(judge(who, { decision: 'bypass', include: [rule] }, beside).is).toBe(answer);
  });
});

describe('groups', () => {
  const groups = {
    staff: { include: [{ email_domain: 'example.com' }], require: [{ country: 'NL' }], exclude: [{ group: 'former' }] },
    former: { include: [{ email: 'bob@example.com' }] },
    all: { include: [{ group: 'staff' }, { email: 'guest@example.org' }] },
  };
  const policy = { decision: 'allow', include: [{ group: 'all' }] };

  it('are followed into the groups that they include, require and exclude', () => {
    expect(judge(person({ country: 'NL' }), policy, { groups }).is).toBe('yes');
    expect(judge(person({ country: 'DE' }), policy, { groups }).is).toBe('no');
    expect(judge(person({ email: 'bob@example.com', country: 'NL' }), policy, { groups }).is).toBe('no');
    expect(judge(person({ email: 'guest@example.org' }), policy, { groups }).is).toBe('yes');
  });

  it('say through which group an answer depends on what', () => {
    expect(judge(alice, policy, { groups })).toEqual({
      is: 'unknown',
      why: ['group all: group staff: country NL: say --country'],
    });
  });
});
