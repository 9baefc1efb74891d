import * as z from 'zod';
import type { Kind } from '../engine/kind.ts';
import { appBody, canonicalSettings, inlinePolicies, listApps, policyReferences, settingRules, settingsFromApp, type App, type AppSettings } from './shared/app.ts';
import { checkSettings, commonSettings, hostSettings } from './shared/app-schema.ts';
import { mistake, warning } from './shared/findings.ts';
import { name } from './shared/fragments.ts';
import { canonicalHostname } from './shared/network.ts';
import { furtherDestinations } from './shared/destinations.ts';
import { desiredFrom, section } from './shared/section.ts';

type ApplicationState = AppSettings & { readonly type: string; readonly domain: string };

const entrySchema = () =>
  z.strictObject({
    type: z.enum(['self_hosted']).optional().describe('Portals and servers get their applications from access:, not from here.'),
    domain: z.string().min(1).optional().describe('Hostname, with a path where the application covers only that.'),
    name: name().optional(),
    ...commonSettings(),
    ...hostSettings(),
  });

/** A further Access application of the document. API: `zeroTrust.access.applications` of the official SDK. */
export const application: Kind<ApplicationState, App> = {
  kind: 'application',
  title: 'Access application',
  section: section({
    name: 'applications',
    shape: 'map',
    schema: entrySchema,
    expand: (entry) => {
      const { absent: _absent, protect: _protect, type = 'self_hosted', domain = '', ...settings } = entry.value;
      return [desiredFrom(entry, { kind: 'application', state: { ...settings, type, domain: canonicalDomain(domain) } })];
    },
    check: (entry, document) => {
      const { cors, domain } = entry.value;
      const noDomain = mistake({ code: 'MCP104', message: `applications.${entry.key} needs domain:`, place: entry.place });
      const open = warning({
        code: 'MCP004',
        message: `applications.${entry.key}: browsers refuse allowed_origins "*" together with allow_credentials`,
        place: entry.at('cors'),
        hint: 'name the origins, or leave allow_credentials out',
      });
      const isOpen = cors?.allow_credentials === true && (cors.allow_all_origins === true || cors.allowed_origins?.includes('*') === true);
      return [...(domain === undefined ? [noDomain] : []), ...(isOpen ? [open] : []), ...checkSettings(entry.value, { entry, document, path: [] })];
    },
  }),
  fields: { ...settingRules(''), type: { immutable: true } },
  refersTo: ['policy'],
  references: (state) => policyReferences(state),

  list: async ({ api }) => (await listApps(api)).filter((app) => app.type !== 'mcp' && app.type !== 'mcp_portal' && typeof app.domain === 'string' && app.domain !== ''),
  identify: (app) => ({ id: app.id, identity: `${app.type} ${canonicalDomain(app.domain ?? '')}`, name: app.name ?? app.id }),
  identities: ({ state }) => [`${state.type} ${state.domain}`],
  toState: (app, { names }) => ({ ...settingsFromApp(app, names), type: app.type, domain: canonicalDomain(app.domain ?? '') }),
  initial: (key, state) => ({ name: key, ...state }),
  settle: (state, _live, { names }) => canonicalSettings(state, names),
  obstacles: ({ key, state }, bound) => (state.policies === undefined ? [] : inlinePolicies(`application:${key}`, bound?.live)),
  impact: (action, { domain }) => (action === 'delete' ? `${domain} is no longer behind Access: it is open, if its origin is` : undefined),

  create: async ({ api, state, names }) => {
    const { type, domain } = state;
    const body = { ...appBody(state, { names, hosted: true }), type, domain };
    const isOurs = (app: App) => app.type === type && canonicalDomain(app.domain ?? '') === domain;
    const find = async () => (await listApps(api)).find(isOurs);
    return { live: await api.post<App>(api.path('access', 'apps'), body, { find }) };
  },
  update: async ({ api, live, state, names }) => {
    const { type, domain } = state;
    const body = { ...appBody(state, { names, app: live, hosted: true }), type, domain, ...furtherDestinations(live, domain) };
    return { live: await api.put<App>(api.path('access', 'apps', live.id), body) };
  },
  remove: (api, app) => api.remove(api.path('access', 'apps', app.id)),
  toEntry: (key, state) => ({ section: 'applications', key, value: state }),
};

/** `host/path` with the hostname canonical; paths are case-sensitive and stay. */
function canonicalDomain(domain: string): string {
  const [hostname = '', ...path] = domain.split('/');
  return [canonicalHostname(hostname), ...path].join('/');
}
