import type { Api, FieldRules, Names, Obstacle, Peers, Reference } from '../../engine/kind.ts';
import { isNothing, isPlain, type Plain } from '../../engine/values.ts';
import { canonicalDuration } from '../../lib/duration.ts';

/** An Access application as the API gives it. */
export type App = Plain & { readonly id: string; readonly type: string; readonly name?: string; readonly domain?: string | null };

/** The settings of an Access application, in the document's words. */
export type AppSettings = Plain & { readonly name?: string; readonly policies?: readonly string[] | null };

/**
 * All Access applications of the account: one listing for the three kinds of them.
 * 1,000 is the largest page that the Access endpoints document.
 */
export const listApps = (api: Api): Promise<readonly App[]> => api.list<App>(api.path('access', 'apps'), { perPage: 1000 });

/** Members that travel as they are. Source: `ApplicationCreateParams` of the official SDK. */
const common = [
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
const hosted = [
  'app_launcher_visible',
  'service_auth_401_redirect',
  'skip_interstitial',
  'enable_binding_cookie',
  'path_cookie_attribute',
  'allow_iframe',
  'read_service_tokens_from_header',
] as const;
/** Members that we carry through a full replacement without speaking of them in the document. */
const carried = { common: ['scim_config'], hosted: ['options_preflight_bypass', 'mfa_config', 'eager_redirect_cookie_setting', 'use_clientless_isolation_app_launcher_url'] };

/** How settings compare: what GET fills in by itself equals absent (§3.8 of the API's facts, Q29, Q30, Q31). */
export const settingRules = (prefix: string): FieldRules =>
  Object.fromEntries(Object.entries(rules).map(([path, rule]) => [`${prefix}${path}`, rule]));

const off = { serverDefault: false };
const on = { serverDefault: true };
const set = { unordered: true } as const;
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

/** The settings of a live application. Its policies come expanded, and are reduced to ordered keys (Q27). */
export function settingsFromApp(app: App, names: Names): AppSettings {
  const plain = Object.fromEntries([...common, ...hosted].filter((member) => !isNothing(app[member])).map((member) => [member, app[member]]));
  const policies = livePolicies(app).map((policy) => names.nameOf('policy', policy.id));
  const cors = isPlain(app['cors_headers']) ? { cors: canonicalCors(app['cors_headers']) } : {};
  const oauth = isPlain(app['oauth_configuration']) ? { oauth: app['oauth_configuration'] } : {};
  return canonicalSettings({ ...plain, policies, ...cors, ...oauth }, names);
}

/** Settings in the one spelling that both sides use. */
export function canonicalSettings<S extends AppSettings>(settings: S, names: Names): S {
  const { policies, session_duration: session, cors, oauth } = settings;
  return {
    ...settings,
    ...(policies === undefined ? {} : { policies: (policies ?? []).map((policy) => names.canonical('policy', policy)) }),
    ...(typeof session === 'string' ? { session_duration: canonicalDuration(session) } : {}),
    ...(isPlain(cors) ? { cors: canonicalCors(cors) } : {}),
    ...(oauth === null ? { oauth: { enabled: false } } : {}),
    ...(isPlain(oauth) ? { oauth: canonicalOauth(oauth) } : {}),
  };
}

const canonicalOauth = (oauth: Plain): Plain => {
  const grant = oauth['grant'];
  if (!isPlain(grant)) return oauth;
  const durations = Object.entries(grant).map(([key, value]) => [key, typeof value === 'string' ? canonicalDuration(value) : value]);
  return { ...oauth, grant: Object.fromEntries(durations) };
};

const canonicalCors = (cors: Plain): Plain => {
  const each = (value: unknown, spell: (text: string) => string) => (Array.isArray(value) ? value.map((one) => spell(String(one))) : value);
  const methods = each(cors['allowed_methods'], (method) => method.toUpperCase());
  const headers = each(cors['allowed_headers'], (header) => header.toLowerCase());
  return {
    ...cors,
    ...(methods === undefined ? {} : { allowed_methods: methods }),
    ...(headers === undefined ? {} : { allowed_headers: headers }),
  };
};

type LivePolicy = { readonly id: string; readonly reusable?: boolean };

const livePolicies = (app: App): readonly LivePolicy[] => {
  const policies = app['policies'];
  if (!Array.isArray(policies)) return [];
  return policies.filter(isPlain).flatMap((policy) => (typeof policy['id'] === 'string' ? [{ id: policy['id'], reusable: policy['reusable'] !== false }] : []));
};

/** An application that owns policies of its own is not ours to rewrite: attaching reusable ones would destroy them. */
export function inlinePolicies(address: string, app: App | undefined): readonly Obstacle[] {
  const inline = app === undefined ? [] : livePolicies(app).filter((policy) => policy.reusable === false);
  if (app === undefined || inline.length === 0) return [];
  return [
    {
      message: `${address}: the application ${app.id} has ${inline.length} policies of its own (not reusable): ${inline.map((policy) => policy.id).join(', ')}`,
      ids: [app.id],
      hint: 'convert them to reusable policies in the dashboard (Access controls > Policies) or remove them, then run again',
    },
  ];
}

/**
 * The body of a full replacement: the live members that the type allows, with the settings laid over
 * them. Built from an allowlist, because the API echoes members that it refuses to be sent (Q32, Q44).
 */
export function appBody(settings: AppSettings, options: BodyOptions): Plain {
  const { names, app, hosted: isHosted } = options;
  const members = isHosted ? [...common, ...hosted] : common;
  const kept = isHosted ? [...carried.common, ...carried.hosted] : carried.common;
  const body: { [member: string]: unknown } = {};
  for (const member of [...members, ...kept]) if (!isNothing(app?.[member])) body[member] = app?.[member];
  for (const member of members) if (settings[member] !== undefined) body[member] = settings[member];
  // Left out of a PUT, allowed_idps would open the application to every identity provider (Q29).
  body['allowed_idps'] = settings['allowed_idps'] ?? app?.['allowed_idps'] ?? [];
  // An application's own policies cannot be sent as ids; left out, a PUT leaves them alone (Q28).
  const ownPolicies = app !== undefined && livePolicies(app).some((policy) => policy.reusable === false);
  if (settings.policies !== undefined && !ownPolicies) {
    body['policies'] = (settings.policies ?? []).map((policy, index) => ({ id: names.idOf('policy', policy), precedence: index + 1 }));
  }
  if (isHosted && isPlain(settings['cors'])) body['cors_headers'] = corsBody(settings['cors']);
  if (isPlain(settings['oauth'])) body['oauth_configuration'] = settings['oauth'];
  return body;
}

/** `hosted`: the type has a hostname of its own. `app`: the live application that the body replaces. */
export type BodyOptions = { readonly names: Names; readonly hosted: boolean; readonly app?: App };

/** Explicit `false` on the allow_all flags is refused; only `true` is ever sent. */
const corsBody = (cors: Plain): Plain =>
  Object.fromEntries(Object.entries(cors).filter(([member, value]) => !(member.startsWith('allow_all_') && value === false)));

export const policyReferences = (settings: AppSettings): readonly Reference[] =>
  (settings.policies ?? []).map((ref) => ({ kind: 'policy', ref }));

/** The name of a new application: that of the server or portal which it stands in front of. */
export function nameFor(peers: Peers, kind: string, key: string): string {
  const name = peers.desired(kind).find((resource) => resource.key === key)?.state['name'];
  return typeof name === 'string' ? name : key;
}
