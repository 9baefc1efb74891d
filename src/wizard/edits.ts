import { isDeepStrictEqual } from 'node:util';
import { set, type Edit } from '../spec/edit.ts';
import type { Answers, Rule, ServerAnswer } from './answers.ts';

/** What the document says at a path. */
export type Said = (...path: readonly string[]) => unknown;

/** The edits that bring the answers into a document. What it says already is no edit, so a second run has none. */
export function editsFor(answers: Answers, said: Said): readonly Edit[] {
  const { portal, hostname, dns, servers, bot } = answers;
  const people = answers.rules.length === 0 ? undefined : peoplePolicy(answers, said);
  const policies = [...new Set([...answers.policies, ...(people === undefined ? [] : [people])])];
  const at = ['portals', portal];
  return [
    ...(bot === undefined ? [] : newEntry(['service_tokens', bot.token], { out: [bot.sink] }, said)),
    ...(people === undefined ? [] : policyEdits(people, answers.rules, said)),
    ...servers.flatMap((server) => serverEdits(server, { policies, hasBot: bot !== undefined, said })),
    ...changed([...at, 'hostname'], hostname, said),
    ...servers.flatMap(({ id }) => member([...at, 'servers'], id, said)),
    ...accessEdits(at, { policies, hasBot: bot !== undefined, said }),
    ...(bot === undefined ? [] : member([...at, 'service_tokens'], bot.token, said)),
    ...(dns === false ? changed([...at, 'dns'], false, said) : []),
  ];
}

/** The parts of another document that this one does not have. */
export const adoptEdits = (sections: { readonly [section: string]: unknown }, said: Said): readonly Edit[] =>
  Object.entries(sections).flatMap(([section, entries]) => {
    if (Array.isArray(entries))
      return entries.map((value: Rule): Edit => ({ op: 'put-item', path: [section], fields: value, value }));
    return Object.entries(Object(entries)).flatMap(([key, value]) => newEntry([section, key], value, said));
  });

type Context = { readonly policies: readonly string[]; readonly hasBot: boolean; readonly said: Said };

const serverEdits = ({ id, url, auth }: ServerAnswer, context: Context): readonly Edit[] => [
  ...changed(['servers', id, 'url'], url, context.said),
  ...changed(['servers', id, 'auth'], auth, context.said),
  ...accessEdits(['servers', id], context),
];

/** Policies for the login of a portal or server. Bots alone need the list all the same: their policy is added to it. */
function accessEdits(entry: readonly string[], { policies, hasBot, said }: Context): readonly Edit[] {
  const path = [...entry, 'access', 'policies'];
  if (policies.length > 0) return policies.flatMap((policy) => member(path, policy, said));
  return hasBot ? newEntry(path, [], said) : [];
}

/**
 * The policy that the rules go to: the first of the portal's own that lets people in, else one that has
 * just these rules, else a new one. Others may be used elsewhere, where these people have no business.
 */
function peoplePolicy({ portal, rules }: Answers, said: Said): string {
  const own = asList(said('portals', portal, 'access', 'policies')).map(String);
  const mine = own.find((key) => said('policies', key, 'decision') === 'allow');
  if (mine !== undefined) return mine;
  for (let number = 1; ; number += 1) {
    const key = ['people', `${portal}-people`][number - 1] ?? `${portal}-people-${number - 1}`;
    const there = spelledOut(said('policies', key, 'include'));
    const isSame = there.length === rules.length && rules.every((rule) => has(there, rule));
    if (said('policies', key) === undefined || isSame) return key;
  }
}

function policyEdits(key: string, rules: readonly Rule[], said: Said): readonly Edit[] {
  const path = ['policies', key];
  if (said(...path) === undefined) return [set(path, { decision: 'allow', include: rules })];
  const there = spelledOut(said(...path, 'include'));
  return rules
    .filter((rule) => !has(there, rule))
    .map((rule): Edit => ({ op: 'put-item', path: [...path, 'include'], fields: rule, value: rule }));
}

/** `{ email: [a, b] }` is two rules. */
const spelledOut = (rules: unknown): readonly unknown[] =>
  asList(rules).flatMap((rule) =>
    Object.entries(Object(rule)).flatMap(([word, value]) => asList(value).map((one) => ({ [word]: one }))),
  );

const has = (rules: readonly unknown[], rule: Rule): boolean => rules.some((other) => isDeepStrictEqual(other, rule));

const changed = (path: readonly string[], value: unknown, said: Said): readonly Edit[] =>
  value === undefined || isDeepStrictEqual(said(...path), value) ? [] : [set(path, value)];

const newEntry = (path: readonly string[], value: unknown, said: Said): readonly Edit[] =>
  said(...path) === undefined ? [set(path, value)] : [];

const member = (path: readonly string[], key: string, said: Said): readonly Edit[] =>
  keysOf(said(...path)).includes(key) ? [] : [{ op: 'add', path, key }];

/** The servers that a portal of the document links, whichever way it is written. */
export const linkedServers = (portal: string, said: Said): readonly string[] => keysOf(said('portals', portal, 'servers'));

const keysOf = (members: unknown): readonly string[] =>
  Array.isArray(members) ? members.map(String) : Object.keys(Object(members ?? {}));

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
