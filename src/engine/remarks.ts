import { frozenText } from './frozen.ts';
import type { Finding, Peers } from './kind.ts';
import { isLeftAlone, type Work } from './work.ts';

/** What a plan has to say beside its changes: who has to do something, and what the kinds noticed. */
export const remarksOf = (works: readonly Work[], peers: Peers): readonly Finding[] =>
  works.flatMap((work) => {
    const { existing, desired, kind } = work;
    if (work.action === 'delete' || isLeftAlone(work)) return [];
    if (existing === undefined) return widened(work, peers);
    const remarks = desired === undefined ? [] : (kind.remarks?.(desired, existing, peers) ?? []);
    return [...personWanted(work), ...held(work), ...remarks, ...widened(work, peers)];
  });

function widened({ desired, existing, kind, live, final }: Work, peers: Peers): readonly Finding[] {
  if (desired === undefined || desired.absent) return [];
  return kind.widens?.(desired, { before: existing === undefined ? undefined : live, after: final }, peers) ?? [];
}

/** A live resource that waits for somebody: said in every plan, because no apply can do it. */
function personWanted({ address, existing, kind }: Work): readonly Finding[] {
  const readiness = existing === undefined ? undefined : kind.readiness?.(existing.live);
  if (readiness?.is !== 'person') return [];
  return [{ severity: 'info', code: 'MCP090', message: `${address}: ${readiness.why}`, hint: readiness.next }];
}

/** A frozen resource: said in every plan, because no apply thaws it. */
function held({ address, existing, kind }: Work): readonly Finding[] {
  const frozen = existing === undefined ? undefined : kind.frozen?.(existing.live);
  if (frozen === undefined) return [];
  const message = `${address} is ${frozenText(frozen)}; it stays so, and what the document says comes into force with its thaw`;
  return [{ severity: 'info', code: 'MCP092', message, hint: frozen.thaw }];
}
