import { homePath } from '../home-path.ts';
import { parseSink } from './parse-sink.ts';
import type { SinkPlace } from './sink.ts';

/** A secret that a run is going to make, and where it goes. */
export type SinkUse = {
  readonly owner: string;
  readonly sinks: readonly string[];
  /** Where the paths of these sinks count from, when it is not `baseDir` of the place. */
  readonly baseDir?: string;
};
type Claim = { readonly owner: string; readonly place: string; readonly scheme: string };

/**
 * Why the secrets of one run cannot go where they should, as sentences; empty when they can. A
 * dotenv file and a repository have room for one secret: the second would overwrite the first,
 * unseen. A file takes any number, but not both as JSON lines and as variables.
 */
export function sinkClashes(uses: readonly SinkUse[], place: Pick<SinkPlace, 'world' | 'baseDir'>): readonly string[] {
  const claims = uses.flatMap(({ owner, sinks, baseDir = place.baseDir }) =>
    sinks.flatMap((sink) => claimOf(owner, sink, { ...place, baseDir })),
  );
  const places = [...new Set(claims.map((claim) => claim.place))];
  return places.flatMap((name) => clashAt(claims.filter((claim) => claim.place === name)));
}

function claimOf(owner: string, text: string, at: Pick<SinkPlace, 'world' | 'baseDir'>): readonly Claim[] {
  const parsed = parseSink(text);
  if (!parsed.ok) return [];
  const { sink } = parsed;
  if (sink.to === 'github') return [{ owner, scheme: 'github', place: `github:${sink.repo.toLowerCase()}` }];
  if (sink.to === 'file' || sink.to === 'dotenv') return [{ owner, scheme: sink.to, place: homePath(sink.path, at) }];
  return [];
}

function clashAt(claims: readonly Claim[]): readonly string[] {
  const [first] = claims;
  const owners = [...new Set(claims.map((claim) => claim.owner))];
  const schemes = [...new Set(claims.map((claim) => claim.scheme))];
  if (first === undefined) return [];
  if (schemes.length > 1) return [`${first.place} cannot be both a file: sink and a dotenv: sink (${owners.join(', ')})`];
  if (first.scheme === 'file' || owners.length < 2) return [];
  return [
    `${first.place} has room for one secret, and ${owners.join(', ')} would overwrite each other there: give each its own place`,
  ];
}
