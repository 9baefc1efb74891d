import type { Api } from '../engine/api.ts';
import type { FieldRules } from '../engine/field-rules.ts';
import type { Kind, State } from '../engine/kind.ts';
import type { Plain } from '../engine/values.ts';
import { withoutUndefined } from './document/section.ts';
import { formerRecords, hasItsRecords } from './tunnel/former-records.ts';
import { hostnamesIn, rulesFrom, rulesToApi, settledRules, type Rule } from './tunnel/ingress.ts';
import { originFrom, originToApi } from './tunnel/origin.ts';
import { removeTunnel } from './tunnel/removal.ts';
import { tunnelsSection } from './tunnel/section.ts';
import {
  asTunnel,
  configOf,
  configurationPath,
  isConnected,
  isLocal,
  listTunnels,
  rawRules,
  tunnelsPath,
  withConfiguration,
  withoutSecrets,
  type Configuration,
  type Tunnel,
} from './tunnel/tunnels.ts';

type TunnelState = { readonly name?: string; readonly ingress?: readonly Rule[]; readonly origin?: Plain | null };

/** What connectors do not do unless they are told. */
const flags = ['disableChunkedEncoding', 'http2Origin', 'matchSNItoHost', 'noHappyEyeballs', 'noTLSVerify'];
const flagRules: FieldRules = Object.fromEntries(flags.map((flag) => [`origin.${flag}`, { serverDefault: false }]));

/** A Cloudflare Tunnel whose rules the API holds. API: `zeroTrust.tunnels.cloudflared` of the official SDK. */
export const tunnel: Kind<TunnelState, Tunnel> = {
  kind: 'tunnel',
  title: 'tunnel',
  section: tunnelsSection,
  fields: flagRules,
  refersTo: [],
  references: () => [],

  /** One configuration for each tunnel whose rules the document says. */
  list: async ({ api, desired, everything }) => {
    const wanted = new Set(desired.filter(isConfigured).map(({ key, state }) => state['name'] ?? key));
    const tunnels = await listTunnels(api);
    return Promise.all(tunnels.map(async (live) => (everything || wanted.has(live.name) ? withConfiguration(api, live) : live)));
  },
  identify: ({ id, name }) => ({ id, identity: name, name }),
  identities: ({ key, state }) => [state.name ?? key],
  toState: (live) => {
    const config = configOf(live);
    const rules = rulesFrom(rawRules(config));
    const ingress = live.configuration === undefined ? undefined : rules;
    return withoutUndefined({ name: live.name, ingress, origin: originFrom(config['originRequest']) });
  },
  initial: (key, state) => ({ name: key, ...state }),
  settle: (state, live) => {
    const { ingress } = state;
    return { ...state, ...(ingress === undefined ? {} : { ingress: settledRules(ingress, live?.ingress ?? []) }) };
  },
  obstacles: ({ key }, bound) => {
    if (bound === undefined || !isLocal(bound.live)) return [];
    const message = `tunnel:${key}: the tunnel ${bound.name} is managed by a file beside its connector, and the two ways do not mix`;
    const hint = 'use another name for one that this document manages, or make this one anew: delete it first';
    return [{ message, ids: [bound.id], hint }];
  },
  impact: (action, { name, ingress }, { existing }) => {
    if (action !== 'delete') return undefined;
    const live = existing('tunnel').find((one) => one.name === name)?.live;
    const isUsed = isConnected(asTunnel(live) ?? {});
    const names = hostnamesIn(ingress);
    const stops = `${names.length === 0 ? 'what is behind it' : names.join(', ')} cannot be reached any more`;
    return isUsed ? `a connector is connected to it now and is cut off; ${stops}` : stops;
  },

  create: async ({ api, key, state }) => {
    const name = state.name ?? key;
    const find = async () => (await listTunnels(api)).find((live) => live.name === name);
    // Made for the API from the start: the rules of any other are ignored (Q74), and that cannot be changed later.
    // An answer may be thin: what was sent stands in for what it leaves out.
    const answer = await api.post<Tunnel>(tunnelsPath(api), { name, config_src: 'cloudflare' }, { find });
    const live = withoutSecrets({ ...answer, name: answer?.name ?? name });
    return { live: isConfigured({ state }) ? await configured(api, live, state) : live };
  },
  update: async ({ api, live, state }) => ({ live: await configured(api, live, state) }),
  remove: (api, live) => removeTunnel(api, live),
  reaches: (existing, peers) => formerRecords(existing, peers),
  toEntry: (key, state, peers) => {
    const existing = peers.existing('tunnel').find((one) => one.name === state.name);
    const live = asTunnel(existing?.live);
    if (existing === undefined || live === undefined || isLocal(live)) return undefined;
    return { section: 'tunnels', key, value: { ...state, ...(hasItsRecords(existing, peers) ? {} : { dns: false }) } };
  },
};

/** Whether anything is said that the configuration holds. Of a tunnel that goes away nothing of it counts. */
const isConfigured = ({ state, absent = false }: { readonly state: State; readonly absent?: boolean }): boolean =>
  !absent && (state['ingress'] !== undefined || state['origin'] !== undefined);

/** A configuration is replaced whole: what only others say, such as `warp-routing`, goes with it (Q76). */
async function configured(api: Api, live: Tunnel, { ingress = [], origin }: TunnelState): Promise<Tunnel> {
  const former = configOf(live);
  const config = withoutUndefined({
    ...former,
    ingress: rulesToApi(ingress, rawRules(former)),
    originRequest: originToApi(origin, former['originRequest']),
  });
  const answer = await api.put<Configuration | null>(configurationPath(api, live.id), { config });
  return { ...live, configuration: { ...answer, config } };
}
