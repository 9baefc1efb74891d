import { addressOf, type Address } from '../../engine/kind.ts';
import type { Proposal } from '../../engine/plan.ts';
import type { PlannedWork } from '../../engine/work.ts';

/** The changes of a plan that belong neither to a portal nor to what it reaches. */
export function outsideOf({ works }: Proposal, portal: string): readonly Address[] {
  const byAddress = new Map(works.map((work) => [work.address, work]));
  const own = new Set<Address>([`portal:${portal}`, `portal_app:${portal}`]);
  const hostname = (work: PlannedWork | undefined): unknown => work?.final['hostname'] ?? work?.live['hostname'];
  const host = hostname(byAddress.get(`portal:${portal}`));
  // A set grows while it is walked: what is added is visited, too.
  for (const address of own) for (const reached of reachedFrom(address, byAddress)) own.add(reached);
  const isOwn = ({ address }: PlannedWork): boolean =>
    own.has(address) || (typeof host === 'string' && address.startsWith(`dns_record:${host}/`));
  return works.filter((work) => !isOwn(work)).map(({ address }) => address);
}

/** What a resource mentions, and the Access application that goes with a server. */
function reachedFrom(address: Address, works: ReadonlyMap<Address, PlannedWork>): readonly Address[] {
  const work = works.get(address);
  const applications: readonly Address[] = address.startsWith('server:') ? [`server_app:${address.slice('server:'.length)}`] : [];
  if (work === undefined) return applications;
  const mentioned = [...work.kind.references(work.final), ...work.kind.references(work.live)];
  return [...applications, ...mentioned.map(({ kind, ref }) => addressOf(kind, ref))];
}
