import type { Entry, Finding, Sections } from '../../engine/kind.ts';
import { isPlain, memberOf } from '../../engine/values.ts';
import { mistake } from '../document/findings.ts';
import { canonicalHostname } from '../document/network.ts';
import { marksOf } from '../document/section-marks.ts';
import { fullName } from '../dns/records.ts';
import { customDomains } from './worker-origin.ts';

type Claim = { readonly hostname: string; readonly by: string };

/** Cloudflare makes the record of a custom domain itself: nothing else of the document may want that hostname. */
export function hostnameClashes(entry: Pick<Entry, 'key' | 'value' | 'at'>, document: Sections): readonly Finding[] {
  const others = [...claims(document), ...earlierWorkers(entry.key, document)];
  return customDomains(entry.value).flatMap((hostname, index) => {
    const claim = others.find((other) => other.hostname === hostname);
    if (claim === undefined) return [];
    const message = `workers.${entry.key}: the custom domain ${hostname} is also that of ${claim.by}`;
    const hint = 'Cloudflare makes the DNS record of a custom domain itself: give the other one another hostname, or take it out';
    return [mistake({ code: 'MCP221', message, place: entry.at('routes', 'custom_domains', index), hint })];
  });
}

const claims = (document: Sections): readonly Claim[] => [
  ...present(document, 'portals').flatMap(({ key, value }) => claim(value['hostname'], `portals.${key}`)),
  ...present(document, 'tunnels').flatMap(({ key, value }) =>
    listed(value['ingress']).flatMap((rule) => claim(memberOf(rule, 'hostname'), `tunnels.${key}`)),
  ),
  ...present(document, 'dns').flatMap(({ key, value }) => {
    const { name, type, zone } = value;
    if (typeof name !== 'string' || !['A', 'AAAA', 'CNAME'].includes(String(type))) return [];
    return claim(fullName(name, typeof zone === 'string' ? zone : undefined), `dns[${key}]`);
  }),
];

function earlierWorkers(key: string, document: Sections): readonly Claim[] {
  const workers = document.entries('workers');
  const before = workers.slice(
    0,
    workers.findIndex((worker) => worker.key === key),
  );
  return before
    .filter(({ value }) => marksOf(value).absent !== true)
    .flatMap((worker) => customDomains(worker.value).map((hostname) => ({ hostname, by: `workers.${worker.key}` })));
}

const present = (document: Sections, section: string): readonly Entry[] =>
  document.entries(section).filter(({ value }) => marksOf(value).absent !== true);

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.filter(isPlain) : []);

const claim = (hostname: unknown, by: string): readonly Claim[] =>
  typeof hostname === 'string' ? [{ hostname: canonicalHostname(hostname), by }] : [];
