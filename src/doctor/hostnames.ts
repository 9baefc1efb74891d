import type { Fields } from '../cloudflare/envelope.ts';
import type { Desired, Kind, Peers } from '../engine/kind.ts';
import { type Check, passed, skipped, warned } from './check.ts';
import type { Probe } from './probe.ts';

export const certificatesName = 'certificates';
export const crawlName = 'AI crawl blocking';

export type HostnameOptions = {
  readonly kinds: readonly Kind[];
  /** Undefined: there is no document, so what is live counts. */
  readonly desired: readonly Desired[] | undefined;
  readonly lives: Probe['lives'];
  readonly peers: Peers;
};

/** The hostnames that people and clients are given: those of the portals. */
export function publicHostnames({ kinds, desired, lives, peers }: HostnameOptions): readonly string[] {
  const urls = kinds.flatMap((kind) => {
    const states =
      desired === undefined
        ? (lives.get(kind) ?? []).map((live) => ({ key: kind.identify(live).name, state: kind.toState(live, peers) }))
        : desired.filter((resource) => resource.kind === kind.kind && !resource.absent);
    return states.flatMap(({ key, state }) => kind.output?.(key, state).url ?? []);
  });
  return [...new Set(urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).hostname))].filter((host) =>
    host.includes('.'),
  );
}

/** Universal SSL covers a zone and one label below it; deeper names need a certificate of their own. */
export function checkCertificates(hostnames: readonly string[], zones: readonly Fields[]): readonly Check[] {
  if (hostnames.length === 0) return [skipped(certificatesName, 'there is no portal')];
  const names = zones.map((zone) => String(zone['name']));
  return hostnames.map((hostname) => {
    const name = `certificate of ${hostname}`;
    const [zone] = names
      .filter((candidate) => hostname === candidate || hostname.endsWith(`.${candidate}`))
      .toSorted((a, b) => b.length - a.length);
    if (zone === undefined) return skipped(name, 'its zone is not known');
    const depth = hostname.split('.').length - zone.split('.').length;
    if (depth < 2) return passed(name, `Universal SSL of ${zone} covers it`);
    return warned(
      name,
      `it is ${depth} labels below ${zone}, and Universal SSL covers one`,
      `Use a name such as ${hostname.split('.')[0]}.${zone}, or order an advanced certificate: ${zone} > SSL/TLS > Edge Certificates.`,
    );
  });
}

/** claude.ai connects from its maker's servers; a zone that blocks AI bots answers it 403 after a perfect login. */
export function crawlHint(hostnames: readonly string[]): Check {
  const where = hostnames.length === 0 ? "the portal's zone" : `the zone of ${hostnames.join(', ')}`;
  return skipped(
    crawlName,
    'the permissions of a portal do not show it; a zone that blocks AI bots answers claude.ai with 403, after a login that worked',
    `Look in ${where}: AI Crawl Control > Security, and Security > Settings > Block AI bots.`,
  );
}
