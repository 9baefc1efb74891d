import type { Existing } from '../../engine/kind.ts';
import { isPlain } from '../../engine/values.ts';
import { livePolicies, type App } from '../../kinds/access/app.ts';
import { portalRow } from '../../kinds/mcp/portal-row.ts';
import type { Seen } from './look.ts';

/** The application that lets people into a portal. */
export const loginOf = (portal: Existing, seen: Pick<Seen, 'existing'>): Existing | undefined =>
  seen.existing('portal_app').find(({ identity }) => identity === portalRow(portal).hostname);

/** How many policies an application has; none where there is none. */
export const policyCount = (app: Existing | undefined): number => (isApp(app?.live) ? (livePolicies(app.live)?.length ?? 0) : 0);

const isApp = (live: unknown): live is App => isPlain(live) && typeof live['id'] === 'string' && typeof live['type'] === 'string';
