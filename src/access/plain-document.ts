import { isPlain, type Plain } from '../engine/values.ts';
import { ruleWords } from '../kinds/access/rules.ts';
import { isIP } from '../kinds/document/network.ts';
import { accessDocument, listOf, type AccessDocument } from './access-document.ts';
import { plainKeys } from './plain-keys.ts';
import { isWhole } from './whole.ts';

type Check = (value: unknown) => boolean;
const text: Check = (value) => typeof value === 'string' && value !== '';
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const flag: Check = (value) => typeof value === 'boolean';
const left: Check = (value) => value === undefined || value === null;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf =
  (...words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value);
const map =
  (check: Check): Check =>
  (value) =>
    left(value) || (isPlain(value) && Object.values(value).every(check));
const entry = (keys: readonly string[], checks: Readonly<Record<string, Check>>): Check => {
  const known = new Set(keys);
  const all = Object.entries({ absent: optional(flag), ...checks });
  return (value) =>
    isPlain(value) && Object.keys(value).every((key) => known.has(key)) && all.every(([key, check]) => check(value[key]));
};

const isNetwork: Check = (value) => text(value) && isIP(String(value).replace(/\/\d{1,3}$/, '')) !== 0;
const flags: ReadonlySet<string> = new Set(['everyone', 'any_valid_service_token', 'certificate']);
const rule: Check = (value) => {
  if (!isPlain(value) || Object.keys(value).length !== 1) return false;
  const [word = '', said] = Object.entries(value)[0] ?? [];
  if (!ruleWords.includes(word)) return false;
  if (flags.has(word)) return said === true;
  if (word === 'raw') return isPlain(said) && Object.keys(said).length === 1;
  const values = listOf(said);
  return values.length > 0 && values.every(word === 'ip' ? isNetwork : text);
};
const ruleList: Check = (value) => left(value) || (Array.isArray(value) && value.every(rule));
const lists = { include: (value: unknown) => ruleList(value) && listOf(value).length > 0, require: ruleList, exclude: ruleList };
const row = entry(plainKeys.override, { alias: (alias) => left(alias) || typeof alias === 'string', enabled: optional(flag) });
const override: Check = (value) => flag(value) || row(value);
const overrides = { tools: map(override), prompts: map(override) };
const access = (keys: readonly string[]): Check =>
  optional(
    entry(keys, { policies: (value) => left(value) || texts(value), allowed_idps: (value) => left(value) || texts(value) }),
  );
const settings = entry(plainKeys.link, {
  default: oneOf('enabled', 'disabled', undefined, null),
  on_behalf: oneOf(true, false, undefined, null),
  ...overrides,
});
const link: Check = (value) => value === null || settings(value);
const token = entry(plainKeys.service_tokens, { name: optional(text), enabled: optional(flag) });

const sections: Readonly<Record<string, Check>> = {
  service_tokens: (value) => value === null || token(value),
  groups: entry(plainKeys.groups, { name: optional(text), ...lists }),
  policies: entry(plainKeys.policies, {
    decision: oneOf('allow', 'deny', 'bypass', 'service_auth', 'non_identity'),
    approval_required: optional(flag),
    ...lists,
  }),
  servers: entry(plainKeys.servers, { access: access(plainKeys['servers.access']), ...overrides }),
  portals: entry(plainKeys.portals, {
    hostname: text,
    servers: (value) => left(value) || texts(value) || (isPlain(value) && map(link)(value)),
    access: access(plainKeys['portals.access']),
    service_tokens: (value) => left(value) || texts(value),
  }),
};

/**
 * What bears on access in a document, where all of that is surely valid; undefined at the first thing
 * that is not, or not surely: then the full validation, which takes several times as long, has the
 * last word. `sections` holds plain values.
 */
export function plainDocument(keys: Iterable<string>, sections: Plain): AccessDocument | undefined {
  if (![...keys].every((key) => plainKeys.document.includes(key))) return undefined;
  if (!Object.entries(sections).every(([name, value]) => map(checkOf(name))(value))) return undefined;
  const document = accessDocument(sections);
  return isWhole(document) ? document : undefined;
}

const checkOf = (name: string): Check => sections[name] ?? (() => false);
