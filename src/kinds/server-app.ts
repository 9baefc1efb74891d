import type { Kind, Names } from '../engine/kind.ts';
import type { Plain } from '../engine/values.ts';
import {
  inlinePolicies,
  nameFor,
  policyReferences,
  portalDestination,
  serverOf,
  type App,
  type AppSettings,
} from './access/app.ts';
import { listApps, readApps } from './access/app-listing.ts';
import { appBody, ensureTags } from './access/app-body.ts';
import { settingRules, settingsFromApp, settledSettings } from './access/app-settings.ts';
import { frozenApp } from './access/freeze.ts';
import { freezing } from './access/freeze-operations.ts';
import { removeApp, replaceApp } from './access/keep-frozen.ts';
import { unknownMentions } from './document/mentions.ts';

/** The settings stand under `access`, as in the document's entry of the server. */
export type ServerAppState = { readonly access: AppSettings & { readonly server: string } };

// Destinations that others added (a public hostname for direct access, say) are kept.
function bodyOf(app: App, { access }: ServerAppState, names: Names): Plain {
  return { ...appBody(access, { names, app, hosted: false }), type: 'mcp', destinations: app['destinations'] };
}

/**
 * The Access application of a server (type `mcp`): who sees it in the portals. Without one, login
 * works and then the server is missing (Q8). API: `zeroTrust.access.applications` of the official SDK.
 */
export const serverApp: Kind<ServerAppState, App> = {
  kind: 'server_app',
  title: 'Access application of a server',
  fields: settingRules('access.'),
  refersTo: ['server', 'policy'],
  references: ({ access }) => [{ kind: 'server', ref: access.server }, ...policyReferences(access)],
  goesWith: ['server'],
  prunable: true,

  list: ({ api }) => readApps(api, isServerApp),
  namesakes: async (api) => (await listApps(api)).filter(isServerApp),
  identify: (app) => ({ id: app.id, identity: serverOf(app) ?? app.id, name: serverOf(app) ?? app.id }),
  identities: ({ key }) => [key],
  toState: (app, { names }) => ({ access: { ...settingsFromApp(app, { names, hosted: false }), server: serverOf(app) ?? '' } }),
  initial: (_key, state) => state,
  settle: ({ access }, live, { names }) => ({ access: settledSettings(access, live?.access, names) }),
  obstacles: ({ key, state }, bound, peers) => [
    ...(state.access.policies === undefined ? [] : inlinePolicies(`server_app:${key}`, bound?.live)),
    ...unknownMentions(`server_app:${key}`, policyReferences(state.access), peers),
  ],
  impact: (action, { access }) =>
    action === 'delete' ? `nobody sees the server ${access.server} in a portal any more` : undefined,

  create: async ({ api, key, state, names, peers }) => {
    const { server, ...settings } = state.access;
    const destinations = [{ type: portalDestination, mcp_server_id: server }];
    const body = {
      ...appBody({ name: nameFor(peers, 'server', key), ...settings }, { names, hosted: false }),
      type: 'mcp',
      destinations,
    };
    const find = async () => (await listApps(api)).find((app) => app.type === 'mcp' && serverOf(app) === server);
    await ensureTags(api, settings);
    return { live: await api.post<App>(api.path('access', 'apps'), body, { find }) };
  },
  update: async ({ api, live, state, names }) => {
    await ensureTags(api, state.access, live);
    return { live: await replaceApp(api, live, bodyOf(live, state, names)) };
  },
  remove: removeApp,
  frozen: frozenApp,
  operations: freezing<ServerAppState>({
    bodyOf,
    impact: (app) => `the tools of ${serverOf(app) ?? ''} disappear from every portal that has it; links and overrides stay`,
  }),
  toEntry: (key, { access: { server: _server, name: _name, ...settings } }) => ({
    section: 'servers',
    key,
    value: { access: settings },
  }),
};

const isServerApp = (app: App): boolean => app.type === 'mcp' && serverOf(app) !== undefined;
