import { set } from '../spec/edit.ts';
import { slug } from '../verbs/ids.ts';
import type { Intent } from '../verbs/intent.ts';
import type { Surroundings } from '../verbs/surroundings.ts';
import { input, text, texts } from './arguments.ts';
import { firstBound, tokenFacts } from './bound-facts.ts';
import { change } from './change.ts';
import type { Desk } from './desk.ts';
import type { Facts } from './plans.ts';
import { changing, textIn, type Tool, type Values } from './tool.ts';

/** The whole chain in one call: token, policies, servers, portal with its application, and DNS. */
export const provisionTool = (desk: Desk): Tool => ({
  name: 'provision_mcp_portal',
  description:
    'Make a whole portal: service token, policies, servers, portal, Access, DNS. Gives portal_url and where the credentials lie.',
  toolset: 'cloudflare',
  changes: true,
  hints: changing,
  input: input(
    {
      hostname: text(),
      name: text(),
      id: text(),
      servers: {
        type: 'array',
        items: { type: 'object', properties: { id: text(), url: text(), name: text(), auth: {} }, required: ['id', 'url'] },
      },
      emails: texts('Who gets in.'),
      service_token: { type: ['string', 'boolean'], description: 'The name of a token for bots.' },
      duration: text(),
    },
    ['hostname', 'servers'],
  ),
  run: (args, call) => {
    const wish = { title: `provision the portal ${String(args['hostname'])}`, base: { is: 'nothing' } } as const;
    const intend = (around: Surroundings): Promise<Intent> => provisionIntent(args, around);
    return change({ ...wish, intend, foreseen: editsFrom(args, idOf(args)) }, { call, desk, facts: provisionFacts });
  },
});

/** Again with the same hostname is about the same portal, whatever it is called. */
async function provisionIntent(args: Values, around: Surroundings): Promise<Intent> {
  const live = (await around.live('portal')).find((portal) => around.state(portal)['hostname'] === args['hostname']);
  return { edits: editsFrom(args, live?.id ?? idOf(args)), named: () => true, about: sections, save: [] };
}

const sections = ['service_tokens', 'policies', 'servers', 'portals'];

const idOf = (args: Values): string =>
  slug(textIn(args, 'id') || textIn(args, 'name')) || slug(textIn(args, 'hostname').split('.')[0] ?? '');

function editsFrom(args: Values, portal: string): Intent['edits'] {
  const { hostname, name = portal, emails, service_token: wanted, duration } = args;
  const token = wanted === true ? `${portal}-service-token` : typeof wanted === 'string' ? wanted : '';
  const people = Array.isArray(emails) && emails.length > 0 ? `${String(name)} User Access` : undefined;
  const access = people === undefined ? {} : { access: { policies: [people] } };
  const servers = (Array.isArray(args['servers']) ? args['servers'] : []).map((server: unknown): Values => Object(server));
  return [
    ...(token === '' ? [] : [set(['service_tokens', token], duration === undefined ? {} : { duration })]),
    ...(people === undefined ? [] : [set(['policies', people], { decision: 'allow', include: [{ email: emails }] })]),
    ...servers.map(({ id, ...server }) =>
      set(['servers', String(id)], { ...server, ...(token === '' ? access : { access: { policies: [], ...access.access } }) }),
    ),
    set(['portals', portal], {
      name,
      hostname,
      servers: servers.map(({ id }) => String(id)),
      ...(token === '' ? access : { access: { policies: [], ...access.access }, service_tokens: [token] }),
    }),
  ];
}

const provisionFacts: Facts = (draft, document) => {
  const portals: Values = Object(Object(document?.['outputs']).portals);
  const [url] = Object.values(portals).map((portal) => Object(portal).url as unknown);
  const state: unknown = Object(firstBound(draft, 'portal')?.live).hostname;
  const known = typeof url === 'string' ? url : typeof state === 'string' ? `https://${state}/mcp` : undefined;
  return { ...(known === undefined ? {} : { portal_url: known }), ...tokenFacts(draft, document) };
};
