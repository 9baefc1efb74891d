import { addressOf, type Desired } from '../engine/kind.ts';
import type { Column } from './picture.ts';

const places: Readonly<Record<string, Column>> = {
  service_token: 'who',
  group: 'group',
  policy: 'policy',
  portal: 'portal',
  server: 'server',
  tunnel: 'origin',
  worker: 'origin',
};

/** Where a kind of resource stands; a kind without a place is not drawn. */
export const columnOf = (kind: string): Column | undefined => (Object.hasOwn(places, kind) ? places[kind] : undefined);

/** The drawn resources of a document, and those that are parts of them: the application of a portal, say. */
export type Cast = {
  readonly shown: ReadonlyMap<string, Desired>;
  /** By the address of what it is a part of. */
  readonly parts: ReadonlyMap<string, Desired>;
};

/** What is not drawn itself is a part of the drawn resource with its key, where one entry stands for both. */
export function castOf(desired: readonly Desired[]): Cast {
  const shown = new Map(
    desired.filter(({ kind }) => columnOf(kind) !== undefined).map((one) => [addressOf(one.kind, one.key), one]),
  );
  const owners = new Map([...shown].map(([address, one]) => [entryOf(one), address]));
  const parts = desired.flatMap((one) => {
    const owner = columnOf(one.kind) === undefined ? owners.get(entryOf(one)) : undefined;
    return owner === undefined ? [] : [[owner, one] as const];
  });
  return { shown, parts: new Map(parts) };
}

const entryOf = ({ key, place }: Desired): string => JSON.stringify([place?.path, key]);
