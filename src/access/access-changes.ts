import type { Answer } from './judgement.ts';
import type { PortalAccess, ServerAccess } from './who-can.ts';

/** One thing that somebody has after a change of the document and had not before, or the other way round. */
export type AccessChange = {
  readonly change: 'gained' | 'lost' | 'renamed';
  readonly portal: string;
  readonly server?: string;
  /** A tool by the upstream's name, or `*` for all that the document does not name. */
  readonly tool?: string;
  readonly prompt?: string;
  readonly before: string;
  readonly after: string;
  readonly why: string;
};

const ranks: Readonly<Record<Answer, number>> = { no: 0, unknown: 1, yes: 2 };

/** What differs between two answers, in the order of the later one, then what only the earlier one has. */
export function accessChanges(before: readonly PortalAccess[], after: readonly PortalAccess[]): readonly AccessChange[] {
  return pairs(before, after).flatMap(({ id, was, is }) => [
    ...verdictChange({ portal: id }, was, is),
    ...pairs(was?.servers ?? [], is?.servers ?? []).flatMap(({ id: server, was: old, is: now }) => [
      ...verdictChange({ portal: id, server }, old, now),
      ...(old === undefined || now === undefined ? [] : viewChanges({ portal: id, server }, old, now)),
    ]),
  ]);
}

type Pair<T> = { readonly id: string; readonly was: T | undefined; readonly is: T | undefined };
type Spot = Pick<AccessChange, 'portal' | 'server'>;
type Verdict = Pick<PortalAccess, 'access' | 'why'>;

function pairs<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): readonly Pair<T>[] {
  const ids = new Set([...after, ...before].map(({ id }) => id));
  const olds = new Map(before.map((one) => [one.id, one]));
  const news = new Map(after.map((one) => [one.id, one]));
  return [...ids].map((id) => ({ id, was: olds.get(id), is: news.get(id) }));
}

function verdictChange(spot: Spot, was: Verdict | undefined, is: Verdict | undefined): readonly AccessChange[] {
  const [before, after] = [was?.access ?? 'no', is?.access ?? 'no'];
  if (before === after) return [];
  const change = ranks[after] > ranks[before] ? 'gained' : 'lost';
  const gone = spot.server === undefined ? 'the portal is gone' : 'it is no longer in the portal';
  return [{ change, ...spot, before, after, why: is?.why ?? gone }];
}

/** Only where somebody may use the server both times: otherwise that says it all. */
function viewChanges(spot: Spot, old: ServerAccess, now: ServerAccess): readonly AccessChange[] {
  if (old.access === 'no' || now.access === 'no') return [];
  return (['tools', 'prompts'] as const).flatMap((list) => {
    const names = [old[list], now[list]].flatMap((view) => [...view.shown, ...view.hidden]);
    const word = list === 'tools' ? 'tool' : 'prompt';
    return [...[...new Set(names)].toSorted(), '*'].flatMap((name) => {
      const [before, after] = [nameIn(old[list], name), nameIn(now[list], name)];
      if (before === after) return [];
      const change = before === undefined ? 'gained' : after === undefined ? 'lost' : 'renamed';
      return [{ change, ...spot, [word]: name, before: before ?? 'hidden', after: after ?? 'hidden', why: '' } as const];
    });
  });
}

/** The name by which a tool is shown; undefined where it is hidden. */
function nameIn(view: ServerAccess['tools'], name: string): string | undefined {
  if (view.hidden.includes(name)) return undefined;
  if (!view.shown.includes(name) && view.default === 'disabled') return undefined;
  return Object.hasOwn(view.renamed, name) ? view.renamed[name] : name === '*' ? 'shown' : name;
}
