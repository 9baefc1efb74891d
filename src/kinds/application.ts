import * as z from 'zod/mini';
import type { Kind } from '../engine/kind.ts';
import {
  canonicalDomain,
  domainOf,
  inlinePolicies,
  policyReferences,
  serverOf,
  type App,
  type AppSettings,
} from './access/app.ts';
import { listApps, readApps } from './access/app-listing.ts';
import { appBody, ensureTags } from './access/app-body.ts';
import { settingRules, settingsFromApp, settledSettings } from './access/app-settings.ts';
import { unknownMentions } from './document/mentions.ts';
import { checkSettings, commonSettings, hostSettings } from './access/app-schema.ts';
import { mistake } from './document/findings.ts';
import { described, name } from './document/fragments.ts';
import { furtherDestinations } from './access/destinations.ts';
import { desiredFrom, section } from './document/section.ts';

type ApplicationState = AppSettings & { readonly type: string; readonly domain: string };

/** The types that a document can have: the others are made elsewhere, or by `access:`. */
const documentTypes = ['self_hosted'] as const;

const entrySchema = () =>
  z.strictObject({
    type: described(z.optional(z.enum(documentTypes)), 'Portals and servers get their applications from access:, not from here.'),
    domain: described(
      z.optional(
        z.string().check(z.regex(/^(?!.*:\/\/)[^/\s]+(\/\S*)?$/, 'a hostname is needed, with or without a path (no https://)')),
      ),
      'Hostname, with a path where the application covers only that.',
    ),
    name: z.optional(name()),
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
      const { domain, absent } = entry.value;
      const settings = absent === true ? [] : checkSettings(entry.value, { entry, document, path: [] });
      if (domain !== undefined) return settings;
      return [mistake({ code: 'MCP104', message: `applications.${entry.key} needs domain:`, place: entry.place }), ...settings];
    },
  }),
  fields: { ...settingRules(''), type: { immutable: true } },
  refersTo: ['policy'],
  references: (state) => policyReferences(state),

  // Every application that is not a server's or a portal's: also those that no document can have use policies.
  list: ({ api }) => readApps(api, isFurther),
  namesakes: async (api) => (await listApps(api)).filter(isFurther),
  identify: (app) => ({ id: app.id, identity: `${app.type} ${domainOf(app) || app.id}`, name: app.name ?? app.id }),
  identities: ({ state }) => [`${state.type} ${state.domain}`],
  toState: (app, { names }) => ({ ...settingsFromApp(app, { names, hosted: true }), type: app.type, domain: domainOf(app) }),
  initial: (key, state) => ({ name: key, ...state }),
  settle: (state, live, { names }) => settledSettings(state, live, names),
  obstacles: ({ key, state }, bound, peers) => [
    ...(state.policies === undefined ? [] : inlinePolicies(`application:${key}`, bound?.live)),
    ...unknownMentions(`application:${key}`, policyReferences(state), peers),
  ],
  impact: (action, { domain }) =>
    action === 'delete' ? `${domain} is no longer behind Access: it is open, if its origin is` : undefined,

  create: async ({ api, state, names }) => {
    const { type, domain } = state;
    const body = { ...appBody(state, { names, hosted: true }), type, domain };
    await ensureTags(api, state);
    const isOurs = (app: App) => app.type === type && domainOf(app) === domain;
    const find = async () => (await listApps(api)).find(isOurs);
    return { live: await api.post<App>(api.path('access', 'apps'), body, { find }) };
  },
  update: async ({ api, live, state, names }) => {
    const { type, domain } = state;
    await ensureTags(api, state, live);
    const body = { ...appBody(state, { names, app: live, hosted: true }), type, domain, ...furtherDestinations(live, domain) };
    return { live: await api.put<App>(api.path('access', 'apps', live.id), body) };
  },
  remove: (api, app) => api.remove(api.path('access', 'apps', app.id)),
  toEntry: (key, state) =>
    documentTypes.some((type) => type === state.type) && state.domain !== ''
      ? { section: 'applications', key, value: state }
      : undefined,
};

const isFurther = (app: App): boolean => app.type !== 'mcp_portal' && (app.type !== 'mcp' || serverOf(app) === undefined);
