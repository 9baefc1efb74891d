import type { Desired, Finding, State } from '../../engine/kind.ts';
import { mistake } from '../document/findings.ts';
import { desiredFrom, section, type EntryOf } from '../document/section.ts';
import type { TunnelMention } from '../dns/tunnel-target.ts';
import { fitsAll, hostnamesIn, sameRequests } from './ingress.ts';
import { tunnelSchema } from './schema.ts';

type TunnelEntry = EntryOf<ReturnType<typeof tunnelSchema>>;

export const tunnelsSection = section({
  name: 'tunnels',
  shape: 'map',
  schema: tunnelSchema,
  expand: (entry) => [tunnelFrom(entry), ...recordsFrom(entry)],
  check: (entry) => (entry.value.absent === true ? [] : [...checkOrder(entry), ...checkTwins(entry)]),
});

function tunnelFrom(entry: TunnelEntry): Desired {
  const { name, ingress, origin } = entry.value;
  const isEmpty = origin !== undefined && Object.keys(origin ?? {}).length === 0;
  const state = { name, ingress: ingress === null ? [] : ingress, origin: isEmpty ? null : origin };
  return desiredFrom(entry, { kind: 'tunnel', state });
}

/** The records that bring the hostnames to the tunnel. The API makes none. */
function recordsFrom(entry: TunnelEntry): readonly Desired[] {
  const { name = entry.key, ingress, dns = true, absent } = entry.value;
  if (!dns) return [];
  const tunnel: TunnelMention = { key: entry.key, name };
  if (ingress === undefined) return absent === true ? [recordsOfAbsent(entry, tunnel)] : [];
  return hostnamesIn(ingress).map((hostname) => recordFor(entry, `${hostname}/CNAME`, { name: hostname, proxied: true, tunnel }));
}

/** The zones of the hostnames that a tunnel which goes away has: what leads to it there goes with it. */
const recordsOfAbsent = (entry: TunnelEntry, tunnel: TunnelMention): Desired =>
  recordFor(entry, `${entry.key}.cfargotunnel.com/CNAME`, { name: '', tunnel });

const recordFor = (entry: TunnelEntry, key: string, state: State): Desired =>
  desiredFrom(entry, { kind: 'dns_record', key, state: { type: 'CNAME', ...state }, follows: [`tunnel:${entry.key}`] });

/** A rule that fits everything hides those behind it. */
function checkOrder(entry: TunnelEntry): readonly Finding[] {
  const rules = entry.value.ingress ?? [];
  return rules.slice(0, -1).flatMap((rule, index) => {
    if (!fitsAll(rule)) return [];
    const message = `tunnels.${entry.key}.ingress[${index}] has no hostname, so the rules behind it never count`;
    const hint = 'give it a hostname, or put it last, for everything else';
    return [mistake({ code: 'MCP109', message, place: entry.at('ingress', index), hint })];
  });
}

function checkTwins(entry: TunnelEntry): readonly Finding[] {
  const rules = entry.value.ingress ?? [];
  return rules.flatMap((rule, index) => {
    const first = rules.findIndex((other) => sameRequests(other, rule));
    if (first === index || fitsAll(rule)) return [];
    const message = `tunnels.${entry.key}.ingress[${index}] is for the same requests as ingress[${first}], and never counts`;
    return [mistake({ code: 'MCP210', message, place: entry.at('ingress', index), hint: 'keep one of them, or give it a path' })];
  });
}
