import type { Desired } from '../../engine/kind.ts';
import { memberOf } from '../../engine/values.ts';
import type { PortalView } from '../../exposure/preview.ts';
import { linksOf, type Settings } from '../../exposure/visible.ts';

/** The portals of a document, from what it says alone: what it leaves to the account counts as left out. */
export function documentViews(desired: readonly Desired[]): readonly PortalView[] {
  const servers = new Map(desired.filter(({ kind }) => kind === 'server').map(({ key, state }) => [key, state]));
  const settingsOf = (id: string): Settings => servers.get(id) ?? {};
  return desired
    .filter(({ kind, absent }) => kind === 'portal' && !absent)
    .map(({ key, state }) => viewOf(key, state, settingsOf));
}

/** A portal's state, the document's or a live one, as the preview takes it. */
export function viewOf(id: string, state: object, settingsOf: (id: string) => Settings): PortalView {
  const [mode, hostname] = [memberOf(state, 'code_mode'), memberOf(state, 'hostname')];
  return {
    id,
    hostname: typeof hostname === 'string' ? hostname : '',
    codeMode: typeof mode === 'string' ? mode : 'opt_in',
    links: linksOf({ servers: memberOf(state, 'servers') }, settingsOf),
  };
}
