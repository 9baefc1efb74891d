import type { Kind } from '../engine/kind.ts';
import { isPlain } from '../engine/values.ts';
import { appBody, canonicalSettings, inlinePolicies, listApps, policyReferences, settingRules, settingsFromApp, type App, type AppSettings, nameFor } from './shared/app.ts';
import { furtherDestinations } from './shared/destinations.ts';
import { canonicalHostname } from './shared/network.ts';

/** The settings stand under `access`, as in the document's entry of the portal. */
type PortalAppState = { readonly access: AppSettings & { readonly domain: string } };

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

  list: async ({ api }) => (await listApps(api)).filter((app) => app.type === 'mcp_portal'),
  identify: (app) => ({ id: app.id, identity: domainOf(app), name: domainOf(app) }),
  // Looked for under the portal's present hostname first: a new hostname updates it in place.
  identities: ({ key, state }, { live }) => [...hostnameOf(live(`portal:${key}`)?.live), state.access.domain],
  toState: (app, { names }) => ({ access: { ...settingsFromApp(app, names), domain: domainOf(app) } }),
  initial: (_key, state) => state,
  settle: ({ access }, _live, { names }) => ({ access: canonicalSettings(access, names) }),
  obstacles: ({ key, state }, bound) => (state.access.policies === undefined ? [] : inlinePolicies(`portal_app:${key}`, bound?.live)),
  impact: (action, { access }) => (action === 'delete' ? `${access.domain} has no login any more` : undefined),

  create: async ({ api, key, state, names, peers }) => {
    const { domain, ...settings } = state.access;
    const body = { ...appBody({ name: nameFor(peers, 'portal', key), ...settings }, { names, hosted: true }), type: 'mcp_portal', domain };
    const isOurs = (app: App) => app.type === 'mcp_portal' && domainOf(app) === domain;
    const find = async () => (await listApps(api)).find(isOurs);
    return { live: await api.post<App>(api.path('access', 'apps'), body, { find }) };
  },
  update: async ({ api, live, state, names }) => {
    const { domain, ...settings } = state.access;
    const body = { ...appBody(settings, { names, app: live, hosted: true }), type: 'mcp_portal', domain, ...furtherDestinations(live, domain) };
    return { live: await api.put<App>(api.path('access', 'apps', live.id), body) };
  },
  remove: (api, app) => api.remove(api.path('access', 'apps', app.id)),
  toEntry: (key, { access: { domain: _domain, ...settings } }, { existing, names }) => {
    const portal = existing('portal').find((candidate) => hostnameOf(candidate.live)[0] === _domain);
    return { section: 'portals', key: portal === undefined ? key : names.nameOf('portal', portal.id), value: { access: settings } };
  },
};

const domainOf = (app: App): string => canonicalHostname(app.domain ?? '');

const hostnameOf = (portal: unknown): readonly string[] =>
  isPlain(portal) && typeof portal['hostname'] === 'string' ? [canonicalHostname(portal['hostname'])] : [];
