import { isLoopback } from './wire.ts';
import { serverReadiness } from '../kinds/mcp/server-readiness.ts';
import { causeOfStatus } from './causes.ts';
import { judge, type Check } from './check.ts';
import { cut } from './exchange.ts';
import type { ServerSubject } from './subjects.ts';

const hour = 3_600_000;
/** Cloudflare reads a server about every two hours. */
const longestAge = 6 * hour;

/** What the account says of a server: whether it is registered, and what came of Cloudflare's own last look. */
export function checkServer({ id, live, url }: ServerSubject, now: Date): readonly Check[] {
  const of = judge('server', id);
  const name = 'registration';
  if (live === undefined) {
    const cause = 'The document has this server, and the account does not.';
    return [of.failed({ name, detail: 'not registered', cause, fix: 'mcp-portal apply' })];
  }
  const readiness = serverReadiness(live);
  const tools = Array.isArray(live['tools']) ? live['tools'].length : 0;
  if (readiness.is === 'person')
    return [of.failed({ name, detail: live.status ?? 'waiting', cause: capital(readiness.why), fix: readiness.next })];
  if (readiness.is === 'failed') {
    const status = live.error_details?.status_code;
    const known = typeof status === 'number' ? causeOfStatus(status, url, { where: 'origin', id }) : undefined;
    const local =
      URL.canParse(url) && isLoopback(new URL(url).hostname) ? ' (an address of this machine is out of its reach)' : '';
    const cause = known?.cause ?? `Cloudflare could not read its tools${local}.`;
    return [
      of.failed({
        name,
        detail: cut(readiness.why),
        cause,
        fix: known?.fix ?? `Mend what answers at ${url}, then: mcp-portal sync-server ${id}`,
      }),
    ];
  }
  if (readiness.is === 'waiting')
    return [
      of.failed({
        name,
        detail: live.status ?? 'waiting',
        cause: capital(readiness.why),
        fix: `mcp-portal sync-server ${id} --wait`,
      }),
    ];
  const age = ageOf(live['last_successful_sync'], now);
  const detail = `ready, ${tools} ${tools === 1 ? 'tool' : 'tools'}${age === undefined ? '' : `, read ${spanText(age)} ago`}`;
  if (age !== undefined && age > longestAge) {
    return [
      of.warned({
        name,
        detail,
        cause: 'Its tools were not read for long: new ones are missing.',
        fix: `mcp-portal sync-server ${id}`,
      }),
    ];
  }
  return [of.passed({ name, detail })];
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Times of these endpoints are in UTC and do not say so. */
function ageOf(time: unknown, now: Date): number | undefined {
  if (typeof time !== 'string') return undefined;
  const at = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(time) ? time : `${time.replace(' ', 'T')}Z`);
  return Number.isNaN(at) ? undefined : Math.max(0, now.getTime() - at);
}

const spanText = (ms: number): string => {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  return ms < 48 * hour ? `${Math.round(ms / hour)} h` : `${Math.round(ms / (24 * hour))} days`;
};
