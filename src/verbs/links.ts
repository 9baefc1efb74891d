import type { Surroundings } from './surroundings.ts';

/** The links of a portal as a document writes them: settings by server. */
export type Links = { readonly [server: string]: unknown };

/** The ids that a portal entry's `servers` names, whichever way it is written. */
export const linksSaid = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
};

/** The same without one of them. */
export function withoutLink(value: unknown, id: string): unknown {
  if (Array.isArray(value)) return value.filter((member) => member !== id);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== id));
}

/** Links to these servers, each with what the document says about it where its links are a map. */
export function linksTo(portal: string, ids: readonly string[], around: Surroundings): Links {
  const all = around.said('portals', portal, 'servers');
  return Object.fromEntries(
    ids.map((id) => [id, Array.isArray(all) ? {} : (around.said('portals', portal, 'servers', id) ?? {})]),
  );
}
