import type { Desired, Finding, Sections } from '../../engine/kind.ts';
import { looksPrivate } from './network.ts';
import { Secret } from '../../secrets/secret.ts';
import { checkSettings } from './app-schema.ts';
import { botPolicies, portalsWithBots, serverBotPolicies } from './bots.ts';
import type { Credentials } from './credentials.ts';
import { id } from './fragments.ts';
import { mistake, warning } from './findings.ts';
import { spellOutOverrides } from './overrides.ts';
import { desiredFrom, section, type EntryOf } from './section.ts';
import { serverSchema } from './server-schema.ts';
import { checkAliases } from './aliases.ts';

type ServerEntry = EntryOf<ReturnType<typeof serverSchema>>;

export const serversSection = section({
  name: 'servers',
  shape: 'map',
  schema: serverSchema,
  expand: (entry, document) => [serverFrom(entry), ...applicationFrom(entry, document)],
  check: (entry, document) => [...checkKey(entry), ...checkServer(entry), ...checkAccess(entry, document), ...checkAliases(entry)],
});

function serverFrom(entry: ServerEntry): Desired {
  const { name, url, description, secure_web_gateway, shared_oauth_callback, tools, prompts, auth } = entry.value;
  const overrides = { tools: spellOutOverrides(tools), prompts: spellOutOverrides(prompts) };
  const state = { name, url, description, ...authState(auth), secure_web_gateway, shared_oauth_callback, ...overrides };
  return desiredFrom(entry, { kind: 'server', state });
}

/** The API has three words for the way of signing in; `headers` is a form of `bearer`. */
function authState(auth: ServerEntry['value']['auth']): { readonly auth?: string; readonly credentials?: Credentials } {
  if (auth === undefined) return {};
  if (typeof auth === 'string') return { auth };
  if ('bearer' in auth) return { auth: 'bearer', credentials: { bearer: Secret.unread(auth.bearer) } };
  const headers = Object.entries(auth.headers).map(([name, ref]) => [name, Secret.unread(ref)] as const);
  return { auth: 'bearer', credentials: { headers: Object.fromEntries(headers) } };
}

/** The server's Access application. An absent server's goes with it. */
function applicationFrom(entry: ServerEntry, document: Sections): readonly Desired[] {
  const { access, absent } = entry.value;
  if (absent === true) return [desiredFrom(entry, { kind: 'server_app', state: { access: { server: entry.key } } })];
  if (access === undefined) return [];
  const declared = access.policies ?? [];
  const bots = serverBotPolicies(entry.key, declared, document);
  const policies = access.policies === undefined ? {} : { policies: [...declared, ...bots] };
  const state = { access: { ...access, ...policies, server: entry.key } };
  return [desiredFrom(entry, { kind: 'server_app', state }), ...botPolicies(bots, portalsWithBots(entry.key, document)[0] ?? entry, document)];
}

function checkKey(entry: ServerEntry): readonly Finding[] {
  const result = id().safeParse(entry.key);
  if (result.success) return [];
  return [mistake({ code: 'MCP204', message: `servers.${entry.key}: an id has at most 32 characters: a-z, 0-9 and hyphens inside`, place: entry.place, hint: 'portal tool names are SERVER_TOOL and are split at the first underscore' })];
}

function checkServer(entry: ServerEntry): readonly Finding[] {
  const { url, absent, auth } = entry.value;
  if (absent === true) return [];
  if (url === undefined) return [mistake({ code: 'MCP104', message: `servers.${entry.key} needs url:`, place: entry.place })];
  const host = new URL(url).hostname;
  if (auth !== 'oauth' || !looksPrivate(host)) return [];
  const message = `servers.${entry.key}: a private host (${host}) cannot be used with auth: oauth, Cloudflare never reaches it to log in`;
  return [mistake({ code: 'MCP205', message, place: entry.at('auth'), hint: 'use auth: { bearer: REF } or none with secure_web_gateway: true' })];
}

function checkAccess(entry: ServerEntry, document: Sections): readonly Finding[] {
  const { access, absent } = entry.value;
  if (absent === true) return [];
  if (access !== undefined) return checkSettings(access, { entry, document, path: ['access'] });
  const message = `servers.${entry.key} has no access: without an Access application it is hidden from everybody`;
  return [warning({ code: 'MCP001', message, place: entry.place, hint: 'add access: { policies: […] }' })];
}
