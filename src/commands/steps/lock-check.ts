import type { Api } from '../../engine/api.ts';
import type { Desired, Finding } from '../../engine/kind.ts';
import { lockFindings } from '../../exposure/lock-findings.ts';
import { compareLock, type Lock, type Seen } from '../../exposure/lock.ts';
import type { Prepared } from './prepare.ts';
import { withoutSilenced } from '../../spec/silence.ts';
import { cataloguesOf, listCatalogues } from './catalogues.ts';

/** The servers that a document has, and what each offers now. One that is not in the account yet offers nothing known. */
export function seenOf(desired: readonly Desired[], servers: readonly unknown[]): Seen {
  const live = cataloguesOf(servers);
  return new Map(declaredServers(desired).map(({ key }) => [key, live.get(key)]));
}

/** In the order of their ids. */
const declaredServers = (desired: readonly Desired[]): readonly Desired[] =>
  desired.filter(({ kind, absent }) => kind === 'server' && !absent).toSorted((a, b) => (a.key < b.key ? -1 : 1));

/**
 * Warnings for what is not as the lock file has it. To be called before the servers are listed otherwise:
 * then it costs no request. Servers that the document does not have play no part.
 */
export async function checkedAgainstLock(api: Api, { spec, lock }: Prepared): Promise<readonly Finding[]> {
  const servers = declaredServers(spec.desired);
  if (lock === undefined || servers.length === 0) return [];
  const places = new Map(servers.map(({ key, place }) => [key, place]));
  const known: Lock = { servers: new Map([...lock.servers].filter(([id]) => places.has(id))) };
  const seen = seenOf(spec.desired, await listCatalogues(api));
  const findings = lockFindings(compareLock(known, seen), (id) => places.get(id));
  return withoutSilenced(findings, spec.sources);
}
