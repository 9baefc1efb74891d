import type { Names } from '../../engine/kind.ts';
import type { FieldRules } from '../../engine/field-rules.ts';
import { isNothing, isPlain, type Plain } from '../../engine/values.ts';
import { canonicalDuration } from '../../lib/duration.ts';
import { livePolicies, type App, type AppSettings } from './app.ts';

/** Members that travel as they are. Source: `ApplicationCreateParams` of the official SDK. */
export const commonMembers = [
  'name',
  'session_duration',
  'allowed_idps',
  'auto_redirect_to_identity',
  'tags',
  'logo_url',
  'custom_deny_message',
  'custom_deny_url',
  'custom_non_identity_deny_url',
  'custom_pages',
  'http_only_cookie_attribute',
  'same_site_cookie_attribute',
  'allow_authenticate_via_warp',
] as const;
/** Those of applications with a hostname of their own. */
export const hostedMembers = [
  'app_launcher_visible',
  'service_auth_401_redirect',
  'skip_interstitial',
  'enable_binding_cookie',
  'path_cookie_attribute',
  'allow_iframe',
  'read_service_tokens_from_header',
] as const;

const off = { serverDefault: false };
const on = { serverDefault: true };
const set = { unordered: true } as const;
/** How settings compare: what GET fills in by itself equals absent (§3.8 of the API's facts, Q29, Q30, Q31). */
const rules: FieldRules = {
  session_duration: { serverDefault: '24h' },
  allowed_idps: set,
  tags: set,
  custom_pages: set,
  auto_redirect_to_identity: off,
  allow_authenticate_via_warp: off,
  http_only_cookie_attribute: on,
  app_launcher_visible: on,
  service_auth_401_redirect: off,
  skip_interstitial: off,
  enable_binding_cookie: off,
  path_cookie_attribute: off,
  allow_iframe: off,
  'cors.allowed_origins': set,
  'cors.allowed_methods': set,
  'cors.allowed_headers': set,
  'cors.allow_all_origins': off,
  'cors.allow_all_methods': off,
  'cors.allow_all_headers': off,
  'cors.allow_credentials': off,
  'oauth.enabled': off,
  'oauth.dynamic_client_registration.enabled': on,
  'oauth.dynamic_client_registration.allow_any_on_localhost': on,
  'oauth.dynamic_client_registration.allow_any_on_loopback': on,
  'oauth.dynamic_client_registration.allowed_uris': set,
  'oauth.grant.access_token_lifetime': { serverDefault: '15m' },
};

export const settingRules = (prefix: string): FieldRules =>
  Object.fromEntries(Object.entries(rules).map(([path, rule]) => [`${prefix}${path}`, rule]));

/** True for a switch that the API shows in this position when nobody has set it. */
export const isUsual = (member: string, value: unknown): boolean =>
  typeof value === 'boolean' && rules[member]?.serverDefault === value;

/** The settings of a live application. `hosted`: its type has a hostname, and the settings that go with one (Q32). */
export function settingsFromApp(app: App, { names, hosted }: { readonly names: Names; readonly hosted: boolean }): AppSettings {
  const members = hosted ? [...commonMembers, ...hostedMembers] : commonMembers;
  const plain = Object.fromEntries(members.filter((member) => !isNothing(app[member])).map((member) => [member, app[member]]));
  const policies = livePolicies(app);
  // Those that belong to the application alone are not policies of the account, and no document can name them.
  const shared =
    policies === undefined || policies.some(({ reusable }) => reusable === false)
      ? {}
      : { policies: policies.map((policy) => names.nameOf('policy', policy.id)) };
  const { cors_headers: cors, oauth_configuration: oauth } = app;
  return canonical({
    ...plain,
    ...shared,
    ...(hosted && isPlain(cors) && !isNothing(cors) ? { cors } : {}),
    ...(isPlain(oauth) && !isNothing(oauth) ? { oauth } : {}),
  });
}

/** Declared settings in the one spelling that both sides use. */
export function settledSettings<S extends AppSettings>(settings: S, live: AppSettings | undefined, names: Names): S {
  const { policies, cors, oauth } = settings;
  const keys = (policies ?? []).map((policy) => names.canonical('policy', policy));
  return canonical({
    ...settings,
    ...(policies === undefined ? {} : { policies: [...new Set(keys)] }),
    ...(isPlain(cors) ? { cors: instead(cors, live?.['cors']) } : {}),
    ...(oauth === null ? { oauth: { enabled: false } } : {}),
    ...(isPlain(oauth) && isNothing(oauth) ? { oauth: { enabled: true } } : {}), // what the API makes of an empty block
  });
}

function canonical<S extends AppSettings>(settings: S): S {
  const { session_duration: session, cors, oauth } = settings;
  return {
    ...settings,
    ...(typeof session === 'string' ? { session_duration: canonicalDuration(session) } : {}),
    ...(isPlain(cors) ? { cors: canonicalCors(cors) } : {}),
    ...(isPlain(oauth) ? { oauth: canonicalOauth(oauth) } : {}),
  };
}

function canonicalOauth(oauth: Plain): Plain {
  const grant = oauth['grant'];
  if (!isPlain(grant)) return oauth;
  const durations = Object.entries(grant).map(([key, value]) => [
    key,
    typeof value === 'string' ? canonicalDuration(value) : value,
  ]);
  return { ...oauth, grant: Object.fromEntries(durations) };
}

function canonicalCors(cors: Plain): Plain {
  const spelled = (member: string, spell: (text: string) => string) => {
    const list = cors[member];
    return Array.isArray(list) ? { [member]: list.map((one) => spell(String(one))) } : {};
  };
  return {
    ...cors,
    ...spelled('allowed_methods', (method) => method.toUpperCase()),
    ...spelled('allowed_headers', (header) => header.toLowerCase()),
  };
}

/** A list and its `allow_all_…` exclude each other in the API: saying one takes the live other away. */
function instead(cors: Plain, live: unknown): Plain {
  if (!isPlain(live)) return cors;
  const taken = ['origins', 'methods', 'headers'].flatMap((what): readonly (readonly [string, unknown])[] => {
    const [list, all] = [`allowed_${what}`, `allow_all_${what}`];
    if (!isNothing(cors[list]) && cors[all] === undefined && live[all] === true) return [[all, false]];
    return cors[all] === true && cors[list] === undefined && !isNothing(live[list]) ? [[list, []]] : [];
  });
  return { ...cors, ...Object.fromEntries(taken) };
}
