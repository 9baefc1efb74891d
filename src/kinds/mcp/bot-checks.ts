import type { Entry, Finding, Sections } from '../../engine/kind.ts';
import { isPlain, memberOf } from '../../engine/values.ts';
import { botsOf, linkedServers } from './bots.ts';
import { mistake, warning } from '../document/findings.ts';
import { suggestion } from '../access/rule-schema.ts';

type Portal = Pick<Entry, 'key' | 'at'> & { readonly value: { readonly [field: string]: unknown } };

/** What the bots of a portal's `service_tokens` need and do not get. */
export function checkBots(entry: Portal, document: Sections): readonly Finding[] {
  const bots = botsOf(entry.value);
  if (bots.length === 0) return [];
  const known = document.entries('service_tokens').map((token) => token.key);
  const unknown = bots.flatMap((token, index) => {
    if (document.entry('service_tokens', token) !== undefined) return [];
    return [
      mistake({
        code: 'MCP201',
        message: `there is no service token "${token}"`,
        hint: suggestion(token, known, 'service_tokens'),
        place: entry.at('service_tokens', index),
      }),
    ];
  });
  const servers = linkedServers(entry.value).flatMap((key) => checkBotServer(entry, key, document));
  return [...unknown, ...servers, ...(entry.value['servers'] === undefined ? [unlisted(entry)] : [])];
}

/** Where the links are left as they are, no server of theirs is made ready for bots. */
const unlisted = (entry: Portal): Finding =>
  warning({
    code: 'MCP002',
    message: `portals.${entry.key}.service_tokens: without servers: the bots get into the portal, and no server is opened to them`,
    place: entry.at('service_tokens'),
    hint: `list the servers under portals.${entry.key}.servers: each gets the policy and on_behalf: false`,
  });

function checkBotServer(entry: Portal, key: string, document: Sections): readonly Finding[] {
  const server = document.entry('servers', key);
  if (server === undefined) return [];
  const access = server.value['access'];
  const policies = isPlain(access) ? access['policies'] : undefined;
  if (policies === undefined) {
    const message = `portals.${entry.key}.service_tokens: the server ${key} has no access.policies, so no bot can see it`;
    return [mistake({ code: 'MCP207', message, place: server.place, hint: `add access: { policies: […] } to servers.${key}` })];
  }
  if (server.value['auth'] !== 'oauth') return [];
  if (memberOf(memberOf(entry.value['servers'], key), 'on_behalf') === false) return [];
  const message = `portals.${entry.key}: the oauth server ${key} is hidden from service tokens, because each person signs in to it`;
  return [
    warning({
      code: 'MCP002',
      message,
      place: entry.at('servers'),
      hint: 'on_behalf: false on the link makes everybody use the admin credential instead',
    }),
  ];
}
