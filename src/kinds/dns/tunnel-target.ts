import type { Obstacle, Peers, State } from '../../engine/kind.ts';
import { memberOf } from '../../engine/values.ts';
import { UserError } from '../../lib/errors.ts';

/** The tunnel that a record leads to: its key in the document, and its live name, where a run has only its records. */
export type TunnelMention = { readonly key: string; readonly name: string };

/** What a plan shows of a record whose tunnel is yet to be made. */
const knownAfterApply = '(known after apply)';

/** Where the hostnames of a tunnel point, through Cloudflare. */
export const tunnelTarget = (id: string): string => `${id}.cfargotunnel.com`;

/** The id of the tunnel that a record's content leads to. */
export const tunnelIdIn = (content: string | undefined): string | undefined =>
  /^([0-9a-f-]{32,36})\.cfargotunnel\.com\.?$/i.exec(content ?? '')?.[1]?.toLowerCase();

/** The content of a record that leads to a tunnel, as far as it is known. */
export const contentFor = (tunnel: TunnelMention, peers: Peers): string => {
  const id = tunnelIdNow(tunnel, peers);
  return id === undefined ? knownAfterApply : tunnelTarget(id);
};

export const tunnelIdNow = ({ key, name }: TunnelMention, { live, existing }: Peers): string | undefined =>
  (live(`tunnel:${key}`) ?? existing('tunnel').find((tunnel) => tunnel.identity === name))?.id;

/** A run that has only the records, and not the tunnel that they need. */
export function noTunnel(key: string, tunnel: TunnelMention | undefined, peers: Peers): readonly Obstacle[] {
  if (tunnel === undefined || tunnelIdNow(tunnel, peers) !== undefined) return [];
  if (peers.desired('tunnel').some((desired) => desired.key === tunnel.key && !desired.absent)) return [];
  const message = `dns_record:${key}: the account has no tunnel "${tunnel.name}" yet`;
  return [{ message, ids: [], hint: 'apply makes it, with its records' }];
}

/** The state with its content, which a plan that was made before the tunnel does not have. */
export function withContent<S extends { readonly content?: string }>(state: S, key: string, peers: Peers): S {
  if (state.content !== knownAfterApply) return state;
  const tunnel = mentionIn(peers.desired('dns_record').find((desired) => desired.key === key)?.state);
  const id = tunnel === undefined ? undefined : tunnelIdNow(tunnel, peers);
  if (id === undefined) throw new UserError(`there is no tunnel for ${key} to lead to`, { code: 'not_found' });
  return { ...state, content: tunnelTarget(id) };
}

export function mentionIn(state: State | undefined): TunnelMention | undefined {
  const [key, name] = ['key', 'name'].map((member) => memberOf(state?.['tunnel'], member));
  return typeof key === 'string' && typeof name === 'string' ? { key, name } : undefined;
}
