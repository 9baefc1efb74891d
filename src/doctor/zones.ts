import type { Fields } from '../cloudflare/envelope.ts';
import { permissionFor } from '../cloudflare/permissions.ts';
import { type Check, failed, failedBy, passed, skipped, warned } from './check.ts';
import type { Probe } from './probe.ts';

export const zonesName = 'zones';

/** Each zone that the document needs; without a document, the zones that the credentials see. */
export function checkZones(found: Probe, hasDocument: boolean): readonly Check[] {
  const { zones, missing } = found;
  if (zones.length + missing.length > 0) {
    const absent = missing.map(({ zone, error }) => failedBy(`zone ${zone}`, error));
    return [...(hasDocument ? zones.map((zone) => judged(zone, failed)) : overview(zones)), ...absent];
  }
  const reading = found.readings.find(({ path }) => path === lookUp);
  if (reading?.error !== undefined) return [skipped(zonesName, 'they could not be listed')];
  if (hasDocument || reading === undefined) return [skipped(zonesName, 'the document needs none')];
  return [
    warned(
      zonesName,
      "there are none, and a portal's hostname lies in one",
      `Add a domain at https://dash.cloudflare.com, or let the API token read it (\`${permissionFor({ method: 'GET', path: lookUp })}\`).`,
    ),
  ];
}

const lookUp = '/zones';

/** Those that are as they should be in one line, the others each in their own. */
function overview(zones: readonly Fields[]): readonly Check[] {
  const checks = zones.map((zone) => ({ zone, check: judged(zone, warned) }));
  const good = checks.filter(({ check }) => check.status === 'ok').map(({ zone }) => nameOf(zone));
  const shown = good.slice(0, 10).join(', ');
  const rest = good.length > 10 ? `, and ${good.length - 10} more` : '';
  return [
    ...(good.length === 0 ? [] : [passed(zonesName, `${good.length} active: ${shown}${rest}`)]),
    ...checks.map(({ check }) => check).filter(({ status }) => status !== 'ok'),
  ];
}

/** A zone that nobody needs yet is worth a warning, one that the document needs is in the way. */
function judged(zone: Fields, complain: typeof failed): Check {
  const name = `zone ${nameOf(zone)}`;
  const { status = 'found, in a state that Cloudflare does not give', paused } = zone;
  if (paused === true)
    return complain(name, 'paused: nothing is proxied', 'Enable Cloudflare on the site: Overview > Advanced Actions.');
  if (zone['status'] === undefined || status === 'active') return passed(name, String(status));
  const servers = Array.isArray(zone['name_servers']) ? zone['name_servers'].map(String) : [];
  const wanted = servers.length === 0 ? 'those that Cloudflare gave it' : servers.join(' and ');
  return complain(
    name,
    `${String(status)}: it does not answer yet`,
    `Set its nameservers at the registrar to ${wanted}, then wait.`,
  );
}

const nameOf = (zone: Fields): string => String(zone['name']);
