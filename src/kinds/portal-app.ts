import type { Kind, Names } from '../engine/kind.ts';
import { isPlain, type Plain } from '../engine/values.ts';
import { domainOf, inlinePolicies, nameFor, policyReferences, type App, type AppSettings } from './access/app.ts';
import { listApps, readApps } from './access/app-listing.ts';
import { appBody, ensureTags } from './access/app-body.ts';
import { settingRules, settingsFromApp, settledSettings } from './access/app-settings.ts';
import { frozenApp } from './access/freeze.ts';
import { freezing } from './access/freeze-operations.ts';
import { removeApp, replaceApp } from './access/keep-frozen.ts';
import { unknownMentions } from './document/mentions.ts';
import { furtherDestinations } from './access/destinations.ts';
import { canonicalHostname } from './document/network.ts';

/** The settings stand under `access`, as in the document's entry of the portal. */
type PortalAppState = { readonly access: AppSettings & { readonly domain: string } };

function bodyOf(app: App, { access: { domain, ...settings } }: PortalAppState, names: Names): Plain {
  return {
    ...appBody(settings, { names, app, hosted: true }),
    type: 'mcp_portal',
    domain,
    ...furtherDestinations(app, domain),
  };
}

/**
 * The Access application of a portal (type `mcp_portal`): the login gate of its hostname. The API
 * does not make it with the portal. API: `zeroTrust.access.applications` of the official SDK.
 */
export const portalApp: Kind<PortalAppState, App> = {
  kind: 'portal_app',
  title: 'Access application of a portal',
  fields: settingRules('access.'),
  refersTo: ['policy'],
  references: ({ access }) => policyReferences(access),

  list: ({ api }) => readApps(api, isPortalApp),
  namesakes: async (api) => (await listApps(api)).filter(isPortalApp),
  identify: (app) => ({ id: app.id, identity: domainOf(app), name: domainOf(app) }),
  // Looked for under the portal's present hostname first: a new hostname updates it in place.
  identities: ({ key, state }, { live }) =>
    [...hostnameOf(live(`portal:${key}`)?.live), state.access.domain].filter((domain) => domain !== ''),
  toState: (app, { names }) => ({ access: { ...settingsFromApp(app, { names, hosted: true }), domain: domainOf(app) } }),
  initial: (_key, state) => state,
  settle: ({ access }, live, { names }) => ({ access: settledSettings(access, live?.access, names) }),
  obstacles: ({ key, state }, bound, peers) => [
    ...(state.access.policies === undefined ? [] : inlinePolicies(`portal_app:${key}`, bound?.live)),
    ...unknownMentions(`portal_app:${key}`, policyReferences(state.access), peers),
  ],
  impact: (action, { access }) => (action === 'delete' ? `${access.domain} has no login any more` : undefined),

  create: async ({ api, key, state, names, peers }) => {
    const { domain, ...settings } = state.access;
    const body = {
      ...appBody({ name: nameFor(peers, 'portal', key), ...settings }, { names, hosted: true }),
      type: 'mcp_portal',
      domain,
    };
    const isOurs = (app: App) => app.type === 'mcp_portal' && domainOf(app) === domain;
    await ensureTags(api, settings);
    const find = async () => (await listApps(api)).find(isOurs);
    return { live: await api.post<App>(api.path('access', 'apps'), body, { find }) };
  },
  update: async ({ api, live, state, names }) => {
    await ensureTags(api, state.access, live);
    return { live: await replaceApp(api, live, bodyOf(live, state, names)) };
  },
  remove: removeApp,
  frozen: frozenApp,
  operations: freezing<PortalAppState>({
    bodyOf,
    impact: (app) => `nobody and no service token gets into https://${domainOf(app)}/mcp; its servers and their overrides stay`,
  }),
  toEntry: (key, { access: { domain, name: _name, ...settings } }, { existing, names }) => {
    const portal = existing('portal').find((candidate) => hostnameOf(candidate.live)[0] === domain);
    return {
      section: 'portals',
      key: portal === undefined ? key : names.nameOf('portal', portal.id),
      value: { access: settings },
    };
  },
};

const hostnameOf = (portal: unknown): readonly string[] =>
  isPlain(portal) && typeof portal['hostname'] === 'string' ? [canonicalHostname(portal['hostname'])] : [];

const isPortalApp = (app: App): boolean => app.type === 'mcp_portal';
