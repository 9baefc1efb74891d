import { type Fields, isFields } from '../cloudflare/envelope.ts';
import type { Api } from '../engine/api.ts';
import { essentialKinds } from '../engine/essential-kinds.ts';
import { groupBy } from '../engine/group-by.ts';
import { addressOf, type Desired, type Kind } from '../engine/kind.ts';
import { kindNamed } from '../engine/kind-named.ts';
import { looksLikeId } from '../engine/names.ts';
import type { UserError } from '../lib/errors.ts';
import { attempt } from './check.ts';

/** A request that a listing made, and what it failed with. Without a path, the listing failed by itself. */
export type Reading = { readonly title: string; readonly path: string | undefined; readonly error: UserError | undefined };

/** What the listings of the kinds in use have shown. */
export type Probe = {
  readonly readings: readonly Reading[];
  readonly lives: ReadonlyMap<Kind, readonly unknown[]>;
  readonly zones: readonly Fields[];
  /** Zones that the document needs and the account does not have. */
  readonly missing: readonly { readonly zone: string; readonly error: UserError }[];
};

export type ProbeOptions = {
  readonly api: Api;
  readonly kinds: readonly Kind[];
  /** Undefined: there is no document, so what portals take is in use. */
  readonly desired: readonly Desired[] | undefined;
};

/**
 * Lists every kind in use as a plan would, and goes on where one cannot be listed. Without a document
 * one zone stands for all.
 */
export async function probe({ api, kinds, desired }: ProbeOptions): Promise<Probe> {
  const used = desired === undefined ? essentialKinds(kinds) : kindsInUse(kinds, desired);
  const byKind = groupBy(desired ?? [], (resource) => resource.kind);
  const found = await Promise.all(
    used.map((kind) => list({ api, kind, desired: desired === undefined ? undefined : (byKind.get(kind.kind) ?? []) })),
  );
  const zones = found.flatMap((each) => each.zones);
  return {
    readings: found.flatMap((each) => each.readings),
    lives: new Map(found.map(({ kind, lives }) => [kind, lives])),
    zones: [...new Map(zones.map((zone) => [zone['id'], zone])).values()],
    missing: [...new Map(found.flatMap((each) => each.missing).map((each) => [each.error.message, each])).values()],
  };
}

/** The kinds of the document, and those that it mentions by a live name. */
function kindsInUse(kinds: readonly Kind[], desired: readonly Desired[]): readonly Kind[] {
  const declared = new Set(desired.map(({ kind, key }) => addressOf(kind, key)));
  const mentioned = desired
    .flatMap(({ kind, state }) => kindNamed(kinds, kind).references(state))
    .filter(({ kind, ref }) => !declared.has(addressOf(kind, ref)) && !looksLikeId(ref));
  const used = new Set([...desired, ...mentioned].map(({ kind }) => kind));
  return kinds.filter(({ kind }) => used.has(kind));
}

type Listing = { readonly api: Api; readonly kind: Kind; readonly desired: readonly Desired[] | undefined };

async function list({ api, kind, desired }: Listing) {
  const { watched, readings, zones } = watch(api, { title: kind.title, oneZone: desired === undefined });
  const read = (some: readonly Desired[]) =>
    attempt(() => kind.list({ api: watched, desired: some, everything: desired === undefined }));
  const { value: lives = [], error } = await read(desired ?? []);
  if (error?.code !== 'zone_not_found') {
    const isNoted = error === undefined || readings.some((reading) => reading.error === error);
    const own = isNoted ? [] : [{ title: kind.title, path: undefined, error }];
    return { kind, lives, readings: [...readings, ...own], zones, missing: [] };
  }
  // The first zone that is missing ends a listing: each resource by itself tells of the others.
  const each = await Promise.all((desired ?? []).map(async (resource) => ({ resource, error: (await read([resource])).error })));
  const missing = each.flatMap(({ resource: { key, state }, error: reason }) =>
    reason?.code === 'zone_not_found' ? [{ zone: kind.zones?.(state)[0] ?? key, error: reason }] : [],
  );
  return { kind, lives, readings, zones, missing };
}

/** The API, with a note of each reading and of the zones that it gave. */
function watch(api: Api, { title, oneZone }: { readonly title: string; readonly oneZone: boolean }) {
  const readings: Reading[] = [];
  const zones: Fields[] = [];
  const noted = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    const { value, error } = await attempt(work);
    readings.push({ title, path, error });
    if (error !== undefined) throw error;
    return value;
  };
  const watched: Api = {
    ...api,
    list: async <T>(path: string, options: Parameters<Api['list']>[1]) => {
      const items = await noted(path, () => api.list<T>(path, options));
      if (path !== '/zones') return items;
      const asked = options.query?.['name'];
      const given: readonly unknown[] = items;
      zones.push(...given.filter(isFields).filter((zone) => asked === undefined || zone['name'] === asked));
      if (!oneZone) return items;
      const active = items.findIndex((zone) => isFields(zone) && zone['status'] === 'active');
      return items.slice(Math.max(0, active)).slice(0, 1);
    },
    get: (path, query) => noted(path, () => api.get(path, query)),
  };
  return { watched, readings, zones };
}
