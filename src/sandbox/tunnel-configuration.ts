import { checkMembers, objects, text } from './check.ts';
import { isObject, type JsonObject } from './json.ts';
import { invalid } from './refusal.ts';
import type { Call } from './route.ts';
import { replaced, type TunnelRow } from './state.ts';

/** The code of a configuration that cloudflared could not run. */
const badConfiguration = 1056;

/** Replaces the configuration of a tunnel: what is left out is gone. Each one has a version. */
export const configure = ({ state, now, body }: Call, live: TunnelRow): JsonObject => {
  checkMembers(body, { config: { type: 'object', required: true } }, 1004);
  const config = isObject(body['config']) ? body['config'] : {};
  checkIngress(config);
  const configuration = { version: (live.configuration?.version ?? 0) + 1, config, created_at: now.toISOString() };
  const next = { ...live, configuration };
  state.tunnels = replaced(state.tunnels, next);
  return configurationView(next);
};

/** A tunnel that nobody has configured has none; `source` tells where its connectors look for one. */
export const configurationView = ({ id, body, configuration, created_at: createdAt }: TunnelRow): JsonObject => ({
  tunnel_id: id,
  version: configuration?.version ?? 0,
  config: configuration === null ? null : { 'warp-routing': { enabled: false }, ...configuration.config },
  source: body['config_src'],
  created_at: configuration?.created_at ?? createdAt,
});

const checkIngress = (config: JsonObject): void => {
  if (config['ingress'] === undefined) return;
  const rules = objects(config['ingress']);
  if (rules.length === 0) throw refused('the ingress rules are empty');
  for (const [index, rule] of rules.entries()) {
    const service = text(rule['service']);
    if (!isService(service)) throw refused(`${service} is an invalid address, please make sure it has a scheme and a hostname`);
    const matchesAll = text(rule['hostname']) === '' && text(rule['path']) === '';
    const isLast = index === rules.length - 1;
    if (isLast && !matchesAll) {
      throw refused('The last ingress rule must match all URLs (i.e. it should not have a hostname or path filter)');
    }
    if (!isLast && matchesAll)
      throw refused(`Rule #${index + 1} is matching the hostname '', but this will match every hostname`);
  }
};

const isService = (service: string): boolean =>
  ['hello_world', 'bastion', 'socks-proxy'].includes(service) ||
  /^(http_status:\d{3}|unix(\+tls)?:.+|[a-z]+:\/\/[^/]+\/?)$/.test(service);

const refused = (why: string) => invalid(badConfiguration, `Bad Configuration: ${why}`);
