import type { Names, Reference } from '../../engine/kind.ts';
import { isNothing, isPlain, type Plain } from '../../engine/values.ts';
import { canonicalCidr } from '../document/network.ts';

/** One condition of an Access policy or group, in the document's words: an object with one key. */
export type Rule = Plain;

/** One kind of rule: its key in the document and in the API, and how the value travels. */
type RuleForm = {
  readonly word: string;
  readonly api: string;
  /** The member that holds the value; without one the API takes an empty object. */
  readonly member?: string;
  /** The kind that the value is a key, name or id of. */
  readonly mentions?: 'group' | 'service_token';
  canonical?(value: string): string;
};

/** The rule forms of the API (`zeroTrust.access.AccessRule` in the official SDK) that have a word of their own. */
const forms: readonly RuleForm[] = [
  { word: 'email', api: 'email', member: 'email' },
  { word: 'email_domain', api: 'email_domain', member: 'domain', canonical: (domain) => domain.replace(/^@/, '').toLowerCase() },
  { word: 'everyone', api: 'everyone' },
  { word: 'ip', api: 'ip', member: 'ip', canonical: canonicalCidr },
  { word: 'country', api: 'geo', member: 'country_code', canonical: (code) => code.toUpperCase() },
  { word: 'group', api: 'group', member: 'id', mentions: 'group' },
  { word: 'service_token', api: 'service_token', member: 'token_id', mentions: 'service_token' },
  { word: 'any_valid_service_token', api: 'any_valid_service_token' },
  { word: 'login_method', api: 'login_method', member: 'id' },
  { word: 'auth_method', api: 'auth_method', member: 'auth_method' },
  { word: 'device_posture', api: 'device_posture', member: 'integration_uid' },
  { word: 'common_name', api: 'common_name', member: 'common_name' },
  { word: 'certificate', api: 'certificate' },
];

export const ruleWords: readonly string[] = [...forms.map((form) => form.word), 'raw'];

/** `email: [a, b]` is two rules: each stands alone, so that a list compares as a set. */
export function spellOut(rules: readonly Plain[] | null | undefined): readonly Rule[] | undefined {
  return rules?.flatMap((rule) =>
    Object.entries(rule).flatMap(([word, value]) =>
      Array.isArray(value) ? value.map((one) => ({ [word]: one })) : [{ [word]: value }],
    ),
  );
}

/** A rule in the one spelling that both sides use. A `raw` rule that has a word of its own becomes it. */
export function canonicalRule(rule: Rule, names: Names): Rule {
  const [word = '', value] = Object.entries(rule)[0] ?? [];
  if (word === 'raw') return isPlain(value) ? ruleFromApi(value, names) : rule;
  const form = forms.find((candidate) => candidate.word === word);
  if (form === undefined || typeof value !== 'string') return rule;
  if (form.mentions !== undefined) return { [word]: names.canonical(form.mentions, value) };
  return { [word]: form.canonical?.(value) ?? value };
}

/** An API rule in the document's words. Forms without a word of their own stay as they are, under `raw`. */
function ruleFromApi(rule: Plain, names: Names): Rule {
  const [key = '', body] = Object.entries(rule)[0] ?? [];
  const form = forms.find((candidate) => candidate.api === key);
  if (form === undefined || !isPlain(body) || Object.keys(rule).length > 1) return { raw: rule };
  if (form.member === undefined) return { [form.word]: true };
  const value = body[form.member];
  const others = Object.keys(body).filter((member) => member !== form.member && !isNothing(body[member]));
  if (typeof value !== 'string' || others.length > 0) return { raw: rule };
  if (form.mentions !== undefined) return { [form.word]: names.nameOf(form.mentions, value) };
  return { [form.word]: form.canonical?.(value) ?? value };
}

/** The live rules of a policy or group, without the empty selectors that the API may echo (Q53). */
export function rulesFromApi(rules: unknown, names: Names): readonly Rule[] {
  if (!Array.isArray(rules)) return [];
  return rules.filter(isPlain).flatMap((rule) => {
    const filled = Object.entries(rule).filter(([selector, body]) => hasContent(selector, body));
    return filled.length === 0 ? [] : [ruleFromApi(Object.fromEntries(filled), names)];
  });
}

/** Selectors that say all by being there. */
const bare: ReadonlySet<string> = new Set(['everyone', 'any_valid_service_token', 'certificate', 'cloudflare_account_member']);

const hasContent = (selector: string, body: unknown): boolean =>
  bare.has(selector) ? isPlain(body) : isPlain(body) && Object.values(body).some((value) => !isNothing(value));

/** The rules as the API takes them, with ids instead of names. */
export function rulesToApi(rules: readonly Rule[] | null | undefined, names: Names): readonly Plain[] {
  return (rules ?? []).map((rule) => {
    const [word = '', value] = Object.entries(rule)[0] ?? [];
    if (word === 'raw' && isPlain(value)) return value;
    const form = forms.find((candidate) => candidate.word === word);
    if (form === undefined) throw new Error(`unknown rule ${word}`);
    if (form.member === undefined) return { [form.api]: {} };
    return { [form.api]: { [form.member]: form.mentions === undefined ? value : names.idOf(form.mentions, String(value)) } };
  });
}

/** The groups and service tokens that rules mention. */
export function ruleReferences(...lists: readonly (readonly Rule[] | null | undefined)[]): readonly Reference[] {
  return lists.flatMap((rules) =>
    (rules ?? []).flatMap((rule) => {
      const [word = '', value] = Object.entries(rule)[0] ?? [];
      const kind = forms.find((form) => form.word === word)?.mentions;
      return kind === undefined || typeof value !== 'string' ? [] : [{ kind, ref: value }];
    }),
  );
}
