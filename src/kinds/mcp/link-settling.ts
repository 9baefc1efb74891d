import type { Peers } from '../../engine/kind.ts';
import { isPlain, memberOf, type Plain } from '../../engine/values.ts';
import { unlessOauth, type LinkState, type OverrideList } from './links.ts';
import { defaultsBeside, overridesFromApi, serverMember, withoutIdle, type Overrides } from './overrides.ts';
import { withoutUndefined } from '../document/section.ts';

type Link = { readonly id: string; readonly link: LinkState; readonly live: LinkState | undefined };

/**
 * The declared link beside the live one: rows that say nothing are dropped, and what the entry leaves
 * to the server is decided as the server will be after the run.
 */
export function settleLink(spot: Link, peers: Peers): LinkState {
  const { on_behalf: onBehalf, ...plain } = spot.link;
  return withoutUndefined({
    ...plain,
    on_behalf: onBehalf === unlessOauth ? forBots(spot.id, peers) : onBehalf,
    tools: settledRows(spot, 'tools', peers),
    prompts: settledRows(spot, 'prompts', peers),
  });
}

function settledRows({ id, link, live }: Link, list: OverrideList, peers: Peers): Overrides | undefined {
  const declared = link[list];
  if (declared === undefined) return undefined;
  const isEnabled = (link.default ?? live?.default) !== 'disabled';
  const isOn = defaultsBeside(serverRows(id, list, peers), isEnabled);
  const rows = live === undefined ? declared : withoutIdle(declared, live[list], isOn);
  const said = Object.entries(rows).map(([name, row]) => {
    // A new row that does not say `enabled` must not turn on what the server turns off for all portals.
    const isOpen = memberOf(live?.[list], name) === undefined && isOn(name) !== isEnabled;
    return [name, isOpen ? { enabled: isOn(name), ...row } : row] as const;
  });
  return Object.fromEntries(said);
}

/** What a server says about its tools for all portals, as it will be after the run. */
function serverRows(id: string, list: OverrideList, peers: Peers): Plain {
  const declared = declaredServer(id, peers)?.state[list];
  if (isPlain(declared)) return declared;
  return overridesFromApi(memberOf(peers.live(`server:${id}`)?.live, `updated_${list}`), serverMember);
}

/**
 * Bots use the admin credential, unless each person has to sign in. A server to which people sign in
 * only from this run on does not keep the false that it had for its bots.
 */
function forBots(id: string, peers: Peers): boolean | undefined {
  const live = memberOf(peers.live(`server:${id}`)?.live, 'auth_type');
  const auth = declaredServer(id, peers)?.state['auth'] ?? live;
  if (auth !== 'oauth') return false;
  return live === undefined || live === 'oauth' ? undefined : true;
}

const declaredServer = (id: string, { desired }: Peers) => desired('server').find((resource) => resource.key === id);
