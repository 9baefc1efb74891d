import type { Desired, Entry, Finding, Sections } from '../../engine/kind.ts';
import { looksPrivate } from '../document/network.ts';
import { Secret } from '../../secrets/secret.ts';
import { checkSettings } from '../access/app-schema.ts';
import { botPolicies, botPolicyKey, botsOf, portalsWithBots, serverBotPolicies } from './bots.ts';
import type { CredentialsState } from './credentials.ts';
import { isId, orDefault } from '../document/fragments.ts';
import { mistake, warning } from '../document/findings.ts';
import { serverRows } from './curation.ts';
import { checkCuration, serverSpot } from './curation-checks.ts';
import { suggestion } from '../access/rule-schema.ts';
import { desiredFrom, section, type EntryOf } from '../document/section.ts';
import { marksOf } from '../document/section-marks.ts';
import { serverSchema } from './server-schema.ts';
import { checkAliases } from './aliases.ts';
import { behindTunnel, checkBehindTunnel, urlBehindTunnel } from '../tunnel/server-origin.ts';
import { checkWorkerOrigin, onWorker, urlOnWorker } from '../worker/worker-origin.ts';

type ServerEntry = EntryOf<ReturnType<typeof serverSchema>>;

export const serversSection = section({
  name: 'servers',
  shape: 'map',
  schema: serverSchema,
  expand: (entry, document) => [serverFrom(entry, document), ...applicationFrom(entry, document)],
  check: (entry, document) => [
    ...checkKey(entry),
    ...checkServer(entry),
    ...checkBehindTunnel(entry, document),
    ...checkWorkerOrigin(entry, document),
    ...checkToken(entry, document),
    ...checkAccess(entry, document),
    ...checkAliases(entry),
    ...(entry.value.absent === true ? [] : checkCuration(serverSpot(entry), document)),
  ],
});

function serverFrom(entry: ServerEntry, document: Sections): Desired {
  const url = urlOnWorker(entry.value, document) ?? urlBehindTunnel(entry, document);
  const { name, description, secure_web_gateway, shared_oauth_callback, tools, prompts, auth } = entry.value;
  const overrides = serverRows({ tools, prompts }, entry.key, document.lock);
  const flags = {
    secure_web_gateway: orDefault(secure_web_gateway, false),
    shared_oauth_callback: orDefault(shared_oauth_callback, false),
  };
  const state = { name, url, description, ...authState(auth), ...flags, ...overrides };
  return desiredFrom(entry, { kind: 'server', state, ...behindTunnel(entry, document), ...onWorker(entry.value) });
}

/** The API has three words for the way of signing in; headers and a service token are forms of `bearer`. */
function authState(auth: ServerEntry['value']['auth']): { readonly auth?: string } & CredentialsState {
  if (auth === undefined) return {};
  if (typeof auth === 'string') return { auth };
  if ('bearer' in auth) return { auth: 'bearer', 'auth.bearer': Secret.unread(auth.bearer) };
  if ('service_token' in auth) return { auth: 'bearer', 'auth.service_token': auth.service_token };
  const headers = Object.entries(auth.headers).map(([name, ref]) => [name, Secret.unread(ref)] as const);
  return { auth: 'bearer', 'auth.headers': Object.fromEntries(headers) };
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
  return [
    desiredFrom(entry, { kind: 'server_app', state }),
    ...bots.flatMap((bot) => botPolicies([bot], bringerOf(bot, entry, document), document)),
  ];
}

/** The portal that brings a bot to the server: its place is the one to show. */
function bringerOf(policy: string, entry: ServerEntry, document: Sections): Pick<Entry, 'key' | 'place'> {
  return portalsWithBots(entry.key, document).find((portal) => botsOf(portal.value).map(botPolicyKey).includes(policy)) ?? entry;
}

function checkKey(entry: ServerEntry): readonly Finding[] {
  if (isId(entry.key)) return [];
  return [
    mistake({
      code: 'MCP204',
      message: `servers.${entry.key}: an id has at most 32 characters: a-z, 0-9 and hyphens inside`,
      place: entry.place,
      hint: 'portal tool names are SERVER_TOOL and are split at the first underscore',
    }),
  ];
}

function checkServer(entry: ServerEntry): readonly Finding[] {
  const { url, tunnel, worker, absent, auth } = entry.value;
  if (absent === true || (url === undefined && (tunnel ?? worker) !== undefined)) return [];
  if (url === undefined) return [mistake({ code: 'MCP104', message: `servers.${entry.key} needs url:`, place: entry.place })];
  const host = new URL(url).hostname;
  if (auth !== 'oauth' || !looksPrivate(host)) return [];
  const message = `servers.${entry.key}: a private host (${host}) cannot be used with auth: oauth, Cloudflare never reaches it to log in`;
  return [
    mistake({
      code: 'MCP205',
      message,
      place: entry.at('auth'),
      hint: 'use auth: { bearer: REF } or none with secure_web_gateway: true',
    }),
  ];
}

/** A service token that the document does not have: its secret is known only to the run that makes it. */
function checkToken(entry: ServerEntry, document: Sections): readonly Finding[] {
  const { auth, absent } = entry.value;
  if (absent === true || auth === undefined || typeof auth === 'string' || !('service_token' in auth)) return [];
  const token = document.entry('service_tokens', auth.service_token);
  const place = entry.at('auth', 'service_token');
  if (token === undefined) {
    const known = document.entries('service_tokens').map((other) => other.key);
    return [
      mistake({
        code: 'MCP201',
        message: `there is no service token "${auth.service_token}"`,
        hint: suggestion(auth.service_token, known, 'service_tokens'),
        place,
      }),
    ];
  }
  if (marksOf(token.value).absent !== true) return [];
  return [mistake({ code: 'MCP202', message: `service_tokens.${token.key} is absent: true and cannot be used here`, place })];
}

function checkAccess(entry: ServerEntry, document: Sections): readonly Finding[] {
  const { access, absent } = entry.value;
  if (absent === true) return [];
  if (access !== undefined) return checkSettings(access, { entry, document, path: ['access'] });
  const message = `servers.${entry.key} has no access: without an Access application it is hidden from everybody`;
  return [warning({ code: 'MCP001', message, place: entry.place, hint: 'add access: { policies: […] }' })];
}
