import type { Address, Entry, Finding, Sections } from '../../engine/kind.ts';
import { memberOf } from '../../engine/values.ts';
import { suggestion } from '../access/rule-schema.ts';
import { mistake } from '../document/findings.ts';
import { canonicalHostname } from '../document/network.ts';
import { marksOf } from '../document/section-marks.ts';

type ServerEntry = Pick<Entry, 'key' | 'place' | 'at'> & { readonly value: object };

const textIn = (value: object, field: string): string | undefined => {
  const text = memberOf(value, field);
  return typeof text === 'string' ? text : undefined;
};

/** The hostnames that are wholly a Worker of the document. */
export function customDomains(worker: object): readonly string[] {
  const domains = memberOf(memberOf(worker, 'routes'), 'custom_domains');
  return Array.isArray(domains) ? domains.filter((each) => typeof each === 'string').map(canonicalHostname) : [];
}

/** Where a server answers that names its Worker: its own `url`, or `/mcp` on the Worker's first custom domain. */
export function urlOnWorker(server: object, document: Sections): string | undefined {
  const key = textIn(server, 'worker');
  const worker = key === undefined ? undefined : document.entry('workers', key);
  const [first] = customDomains(worker?.value ?? {});
  return textIn(server, 'url') ?? (first === undefined ? undefined : `https://${first}/mcp`);
}

/** What comes before a server on a Worker. */
export function onWorker(server: object): { readonly follows?: readonly Address[] } {
  const key = textIn(server, 'worker');
  return key === undefined ? {} : { follows: [`worker:${key}`] };
}

/** What cannot be about `worker:` of a server: a Worker that is not there, or that a portal does not reach. */
export function checkWorkerOrigin(entry: ServerEntry, document: Sections): readonly Finding[] {
  const key = textIn(entry.value, 'worker');
  if (key === undefined || marksOf(entry.value).absent === true) return [];
  if (textIn(entry.value, 'tunnel') !== undefined) return [onBoth(entry)];
  const place = entry.at('worker');
  const worker = document.entry('workers', key);
  if (worker === undefined) {
    const known = document.entries('workers').map((other) => other.key);
    const hint = suggestion(key, known, 'workers');
    // Without its entry nothing can fill in an address, whatever the account has.
    const code = textIn(entry.value, 'url') === undefined ? 'MCP212' : 'MCP201';
    return [mistake({ code, message: `there is no Worker "${key}"`, hint, place })];
  }
  if (marksOf(worker.value).absent === true)
    return [mistake({ code: 'MCP202', message: `workers.${key} is absent: true and cannot be used here`, place })];
  const domains = customDomains(worker.value);
  return domains.length === 0 ? [unreachable(key, place)] : wrongHost(entry, key, domains);
}

/** Cloudflare answers requests between Workers of one account on workers.dev with an error. */
const unreachable = (key: string, place: Entry['place']): Finding =>
  mistake({
    code: 'MCP212',
    message: `workers.${key} has no custom domain for the server: on workers.dev a portal of the same account gets error 1042`,
    hint: 'add routes: { custom_domains: [mcp.example.com] } to the Worker, with a hostname in a zone of the account',
    place,
  });

const onBoth = ({ key, at }: ServerEntry): Finding =>
  mistake({
    code: 'MCP212',
    message: `servers.${key} names a Worker and a tunnel`,
    hint: 'keep the one that it is on',
    place: at('worker'),
  });

function wrongHost(entry: ServerEntry, worker: string, domains: readonly string[]): readonly Finding[] {
  const url = textIn(entry.value, 'url');
  if (url === undefined || !URL.canParse(url) || domains.includes(canonicalHostname(new URL(url).hostname))) return [];
  const message = `servers.${entry.key}: its url is on none of the custom domains of workers.${worker}: ${domains.join(', ')}`;
  const hint = 'leave url: out, or use one of these hostnames';
  return [mistake({ code: 'MCP212', message, place: entry.at('url'), hint })];
}
