import type { Invocation } from '../../cli/command.ts';
import { addressOf, type Desired, type State } from '../../engine/kind.ts';
import { kindNamed } from '../../engine/kind-named.ts';
import { overlay } from '../../engine/overlay.ts';
import type { Catalogue } from '../../exposure/items.ts';
import type { PortalView } from '../../exposure/preview.ts';
import type { Settings } from '../../exposure/visible.ts';
import { kinds } from '../../kinds/index.ts';
import { cataloguesOf, listCatalogues } from './catalogues.ts';
import { byId, look, type Seen } from './look.ts';
import { viewOf } from './preview-offline.ts';

export type LiveViews = {
  readonly account: string;
  readonly views: readonly PortalView[];
  readonly catalogues: ReadonlyMap<string, Catalogue | undefined>;
};

/** The portals as they will be after an apply, beside how they are: two listings, of servers and of portals. */
export async function liveViews(invocation: Pick<Invocation, 'world' | 'global'>): Promise<LiveViews> {
  const seen = await look(invocation, ['server', 'portal'], { before: listCatalogues });
  const after = settings(seen, true);
  const now = settings(seen, false);
  const declared = seen.desired('portal').filter(({ absent }) => !absent);
  const catalogues = cataloguesOf(seen.existing('server').map(({ live }) => live));
  const views =
    seen.sources.length === 0
      ? seen
          .existing('portal')
          .toSorted(byId)
          .map(({ id }) => ({ id, state: stateNow('portal', id, seen) ?? {}, live: true }))
      : declared.map((resource) => ({ id: resource.key, state: stateAfter(resource, seen), live: false }));
  return {
    account: seen.account,
    catalogues,
    views: views.map(({ id, state }) => {
      const live = stateNow('portal', id, seen);
      return { ...viewOf(id, state, after), live: live === undefined ? undefined : viewOf(id, live, now).links };
    }),
  };
}

/** What each server says for all portals, worked out once. */
function settings(seen: Seen, after: boolean): (id: string) => Settings {
  const declared = new Map(seen.desired('server').map((resource) => [resource.key, resource]));
  const known = new Map<string, Settings>();
  return (id) => {
    const resource = after ? declared.get(id) : undefined;
    const state = known.get(id) ?? (resource === undefined ? stateNow('server', id, seen) : stateAfter(resource, seen)) ?? {};
    known.set(id, state);
    return state;
  };
}

/** A live object, whichever name the document has for it. */
function stateNow(kind: string, id: string, seen: Seen): State | undefined {
  const live = seen.live(addressOf(kind, id)) ?? seen.existing(kind).find((object) => object.id === id);
  return live === undefined ? undefined : kindNamed(kinds, kind).toState(live.live, seen);
}

/** As a plan works it out: the document's words laid over the live object's. */
function stateAfter({ kind: name, key, state }: Desired, seen: Seen): State {
  const kind = kindNamed(kinds, name);
  const live = stateNow(name, key, seen);
  const wanted = kind.settle?.(state, live, seen) ?? state;
  return live === undefined ? wanted : overlay(live, wanted, kind.fields);
}
