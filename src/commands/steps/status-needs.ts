import { lifeUntil } from '../../doctor/dates.ts';
import type { Existing } from '../../engine/kind.ts';
import type { TokenRow } from '../../kinds/access/token-row.ts';
import { portalRow } from '../../kinds/mcp/portal-row.ts';
import { serverTrouble } from '../../kinds/mcp/server-row.ts';
import type { Need } from '../../render/status.ts';
import type { Seen } from './look.ts';
import { loginOf, policyCount } from './status-logins.ts';

type Found = {
  readonly seen: Seen;
  readonly servers: readonly Existing[];
  readonly portals: readonly Existing[];
  readonly tokens: readonly TokenRow[];
  readonly missing: readonly string[];
  readonly now: Date;
};

/** What keeps things from working, or soon will: the part of a status that is for a person. */
export const needsOf = (found: Found): readonly Need[] => [
  ...found.servers.flatMap(troubleOf),
  ...found.portals.flatMap((portal) => lockedPortal(portal, found.seen)),
  ...found.servers.flatMap((server) => hiddenServer(server, found)),
  ...found.tokens.flatMap((token) => endingToken(token, found.now)),
  ...found.missing.map((subject) => ({ subject, why: 'it is in the document and not in the account', next: 'mcp-portal apply' })),
];

function troubleOf(server: Existing): readonly Need[] {
  const trouble = serverTrouble(server);
  return trouble === undefined ? [] : [{ subject: `server:${server.id}`, ...trouble }];
}

function lockedPortal(portal: Existing, seen: Seen): readonly Need[] {
  const login = loginOf(portal, seen);
  if (policyCount(login) > 0) return [];
  const why = login === undefined ? 'it has no Access application' : 'its Access application has no policy';
  return [
    {
      subject: `portal:${portal.id}`,
      why: `nobody can log in: ${why}`,
      next: `mcp-portal update-portal ${portal.id} --policy KEY`,
    },
  ];
}

/** A server that portals have and that nobody may see. */
function hiddenServer({ id }: Existing, { seen }: Found): readonly Need[] {
  const isLinked = seen.existing('portal').some((portal) => portalRow(portal).servers.includes(id));
  const app = seen.existing('server_app').find(({ identity }) => identity === id);
  if (!isLinked || policyCount(app) > 0) return [];
  const why = app === undefined ? 'it has no Access application' : 'its Access application has no policy';
  return [
    { subject: `server:${id}`, why: `nobody sees it in a portal: ${why}`, next: `mcp-portal update-server ${id} --policy KEY` },
  ];
}

function endingToken({ name, enabled, expires_at: end, duration }: TokenRow, now: Date): readonly Need[] {
  const life = enabled && duration !== 'forever' ? lifeUntil(end, now) : undefined;
  if (life === undefined || life.is === 'far') return [];
  return [
    {
      subject: `service_token:${name}`,
      why: life.words,
      next: 'mcp-portal service-token refresh NAME, or rotate NAME for a new secret',
    },
  ];
}
