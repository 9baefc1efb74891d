import { accessInvalid } from './access.ts';
import { checkMembers, type Members, objects, text, texts } from './check.ts';
import { goDuration } from './go-duration.ts';
import { isObject, type JsonObject, omit, said } from './json.ts';
import { invalid, type Refusal } from './refusal.ts';

const types = [
  'self_hosted',
  'mcp',
  'mcp_portal',
  'saas',
  'ssh',
  'vnc',
  'rdp',
  'infrastructure',
  'app_launcher',
  'warp',
  'biso',
  'bookmark',
  'dash_sso',
  'proxy_endpoint',
];
const members: Members = {
  type: { type: 'string', required: true, oneOf: types },
  name: { type: 'string' },
  domain: { type: 'string' },
  session_duration: { type: 'string' },
  allowed_idps: { type: 'array' },
  destinations: { type: 'array' },
  self_hosted_domains: { type: 'array' },
  tags: { type: 'array' },
  policies: { type: 'array' },
  oauth_configuration: { type: 'object' },
  cors_headers: { type: 'object' },
};
const readOnly = ['id', 'uid', 'aud', 'created_at', 'updated_at', 'policies'];
/** Echoed as false for `mcp` applications, and refused when they are sent. */
const forbidden = ['enable_binding_cookie', 'options_preflight_bypass'];
const maxDestinations = 50;

/** An application's own members as they are kept. Throws on what the API refuses. */
export const applicationBody = (sent: JsonObject): JsonObject => {
  checkMembers(sent, members, accessInvalid);
  const body = said(omit(sent, readOnly));
  checkType(body);
  const session = text(body['session_duration']);
  if (session !== '' && goDuration(session) === undefined) throw refused('session_duration is no duration');
  if (body['auto_redirect_to_identity'] === true && texts(body['allowed_idps']).length !== 1) {
    throw refused('auto_redirect_to_identity needs exactly one of allowed_idps');
  }
  if (body['options_preflight_bypass'] === true && body['cors_headers'] !== undefined) {
    throw refused('options_preflight_bypass cannot be combined with cors_headers');
  }
  return body;
};

const checkType = (body: JsonObject): void => {
  const destinations = objects(body['destinations']);
  if (destinations.length > maxDestinations) throw refused(`at most ${maxDestinations} destinations`);
  const viaPortal = destinations.filter((each) => each['type'] === 'via_mcp_server_portal');
  if (viaPortal.some((each) => text(each['mcp_server_id']) === '')) throw refused('mcp_server_id is missing');
  if (body['type'] === 'mcp') return checkMcp(body);
  if (viaPortal.length > 0) throw refused('via_mcp_server_portal destinations are for applications of type mcp');
  const addressed = body['type'] === 'mcp_portal' || body['type'] === 'self_hosted';
  if (addressed && linkedDomains(body).destinations.length === 0) throw refused('domain is missing');
};

const checkMcp = (body: JsonObject): void => {
  const wrong = forbidden.find((name) => body[name] !== undefined);
  if (wrong !== undefined) throw refused(`${wrong} is not allowed for applications of type mcp`);
};

const refused = (why: string): Refusal => invalid(accessInvalid, `access.api.error.invalid_request: ${why}`);

/** `domain`, `destinations` and `self_hosted_domains` follow from each other; destinations win. */
export const linkedDomains = (body: JsonObject) => {
  const destinations = objects(body['destinations']);
  const domain = text(body['domain']);
  if (destinations.length > 0) {
    const uris = destinations.filter((each) => each['type'] === 'public').map((each) => text(each['uri']));
    return { domain: domain || (uris[0] ?? null), destinations, self_hosted_domains: uris };
  }
  const named = texts(body['self_hosted_domains']);
  const domains = named.length > 0 ? named : [domain].filter((each) => each !== '');
  return {
    domain: domain || (domains[0] ?? null),
    destinations: domains.map((uri) => ({ type: 'public', uri })),
    self_hosted_domains: domains,
  };
};

/** Switches that are off unless they were sent. */
const switches: JsonObject = {
  auto_redirect_to_identity: false,
  enable_binding_cookie: false,
  options_preflight_bypass: false,
  service_auth_401_redirect: false,
  skip_interstitial: false,
  allow_iframe: false,
  path_cookie_attribute: false,
  allow_authenticate_via_warp: false,
};

/** An application's members as the API shows them: every default filled in. */
export const expandedSettings = (body: JsonObject): JsonObject => ({
  session_duration: '24h',
  app_launcher_visible: true,
  http_only_cookie_attribute: true,
  allowed_idps: [],
  ...switches,
  ...body,
  ...linkedDomains(body),
  tags: texts(body['tags']).toSorted(),
  ...(isObject(body['oauth_configuration']) ? { oauth_configuration: expandedOauth(body['oauth_configuration']) } : {}),
  ...(isObject(body['cors_headers']) ? { cors_headers: { allow_credentials: false, ...body['cors_headers'] } } : {}),
  ...(isObject(body['mfa_config'])
    ? { mfa_config: { mfa_disabled: false, allowed_authenticators: [], ...body['mfa_config'] } }
    : {}),
});

export const expandedOauth = (sent: JsonObject): JsonObject => ({
  enabled: true,
  ...sent,
  dynamic_client_registration: {
    enabled: true,
    allow_any_on_localhost: true,
    allow_any_on_loopback: true,
    allowed_uris: [],
    ...objectIn(sent, 'dynamic_client_registration'),
  },
  grant: { access_token_lifetime: '15m', ...objectIn(sent, 'grant') },
});

const objectIn = (body: JsonObject, name: string): JsonObject => {
  const value = body[name];
  return isObject(value) ? said(value) : {};
};
