import { isIP, isIPv4 } from 'node:net';
import { accessInvalid } from './access.ts';
import { spelled } from './check.ts';
import { isList, isObject, type Json, type JsonObject } from './json.ts';
import { invalid } from './refusal.ts';

/** The member that each selector needs; the empty ones stand alone. */
const selectors: Readonly<Record<string, readonly string[]>> = {
  email: ['email'],
  email_domain: ['domain'],
  email_list: ['id'],
  everyone: [],
  group: ['id'],
  service_token: ['token_id'],
  any_valid_service_token: [],
  ip: ['ip'],
  ip_list: ['id'],
  geo: ['country_code'],
  device_posture: ['integration_uid'],
  login_method: ['id'],
  auth_method: ['auth_method'],
  auth_context: ['id', 'ac_id', 'identity_provider_id'],
  certificate: [],
  common_name: ['common_name'],
  saml: ['attribute_name', 'attribute_value', 'identity_provider_id'],
  oidc: ['claim_name', 'claim_value', 'identity_provider_id'],
  'github-organization': ['identity_provider_id', 'name'],
  gsuite: ['email', 'identity_provider_id'],
  okta: ['identity_provider_id', 'name'],
  azureAD: ['id', 'identity_provider_id'],
  external_evaluation: ['evaluate_url', 'keys_url'],
  linked_app_token: ['app_uid'],
  user_risk_score: ['user_risk_score'],
  cloudflare_account_member: [],
};

export type Rules = {
  readonly include: readonly JsonObject[];
  readonly exclude: readonly JsonObject[];
  readonly require: readonly JsonObject[];
};

/** The three rule lists of a body as the API keeps them. `include` must not be empty. */
export const rulesIn = (body: JsonObject): Rules => {
  const include = ruleList(body['include']);
  if (include.length === 0) throw invalid(accessInvalid, 'access.api.error.invalid_request: include must not be empty');
  return { include, exclude: ruleList(body['exclude']), require: ruleList(body['require']) };
};

const ruleList = (value: Json | undefined): readonly JsonObject[] => {
  if (value === undefined || value === null) return [];
  if (!isList(value)) throw badRule('rules must be a list');
  return value.map(rule);
};

const rule = (value: Json): JsonObject => {
  const entries = isObject(value) ? Object.entries(value) : [];
  const [name = '', content] = entries[0] ?? [];
  const needed = selectors[name];
  if (entries.length !== 1 || needed === undefined || !isObject(content)) throw badRule('unknown rule type');
  const absent = needed.find((member) => !hasContent(content[member]));
  if (absent !== undefined) throw badRule(`${name} needs ${absent}`);
  if (name === 'service_token' && spelled(content['token_id']).endsWith('.access')) throw badRule('token_id is no uuid');
  return name === 'ip' ? { ip: { ip: asCidr(spelled(content['ip'])) } } : { [name]: content };
};

const hasContent = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== '';

/** Addresses are kept as CIDR blocks, IPv6 in its short form. */
const asCidr = (given: string): string => {
  const [address = '', bits] = given.split('/');
  if (isIP(address) === 0) throw badRule(`${given} is no IP address`);
  if (isIPv4(address)) return `${address}/${bits ?? '32'}`;
  return `${compressedIpv6(address)}/${bits ?? '128'}`;
};

/** The short lower-case form of an IPv6 address. */
export const compressedIpv6 = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);

const badRule = (why: string): Error => invalid(accessInvalid, `access.api.error.invalid_request: ${why}`);

/** The ids of a kind of object (`group`, `service_token`) that rules mention. */
export const mentionedIn = (rules: JsonObject, selector: 'group' | 'service_token'): ReadonlySet<string> => {
  const member = selector === 'group' ? 'id' : 'token_id';
  const lists = [rules['include'], rules['exclude'], rules['require']].filter(isList).flat();
  const contents = lists.filter(isObject).map((each) => each[selector]);
  return new Set(contents.filter(isObject).map((content) => spelled(content[member])));
};

/** The selectors without content that the API sometimes adds. */
export const withEmptySelectors = (rules: JsonObject): JsonObject => ({
  ...rules,
  exclude: [...(isList(rules['exclude']) ? rules['exclude'] : []), { email: { email: '' } }],
  require: [...(isList(rules['require']) ? rules['require'] : []), { common_name: {} }],
});
