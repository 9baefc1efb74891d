import { isFields } from '../cloudflare/envelope.ts';
import type { Desired, Kind, Peers } from '../engine/kind.ts';
import { kindNamed } from '../engine/kind-named.ts';
import { type Check, failed, passed, skipped, warned } from './check.ts';
import { lifeUntil } from './dates.ts';
import type { Probe } from './probe.ts';

export const serviceTokensName = 'service tokens';

export type ExpiryOptions = {
  readonly kinds: readonly Kind[];
  /** Undefined: there is no document, so every live one counts. */
  readonly desired: readonly Desired[] | undefined;
  readonly found: Probe;
  readonly peers: Peers;
  readonly now: Date;
};

/** Secrets that end: a bot whose token has expired is locked out of the portal and of the servers behind it. */
export function checkServiceTokens(options: ExpiryOptions): readonly Check[] {
  const secretKinds = options.kinds.filter((kind) => kind.yieldsSecret === true);
  const tokens = secretKinds.flatMap((kind) => tokensOf(kind, options));
  if (!secretKinds.some((kind) => options.found.lives.has(kind))) return [skipped(serviceTokensName, 'the document has none')];
  if (secretKinds.some((kind) => isUnread(kind, options.found))) return [skipped(serviceTokensName, 'they could not be listed')];
  const ending = tokens.filter(({ life }) => life.is !== 'far');
  if (ending.length > 0) return ending.map((token) => judged(token, options.desired !== undefined));
  const count = `${tokens.length} ${tokens.length === 1 ? 'has' : 'have'} an end`;
  return [passed(serviceTokensName, tokens.length === 0 ? 'none of them is live yet' : `${count}, none within 30 days`)];
}

type Token = { readonly title: string; readonly name: string; readonly life: NonNullable<ReturnType<typeof lifeUntil>> };

function tokensOf(kind: Kind, options: ExpiryOptions): readonly Token[] {
  const { desired, found, now } = options;
  const isUsed = desired === undefined ? () => true : usedBy(kind, options, desired);
  return (found.lives.get(kind) ?? []).flatMap((live) => {
    const { id, identity, name } = kind.identify(live);
    const fields = isFields(live) ? live : {};
    const life = lifeUntil(fields['expires_at'], now);
    if (life === undefined || fields['enabled'] === false || ![id, identity, name].some(isUsed)) return [];
    return [{ title: kind.title, name, life }];
  });
}

/** What the document declares, and what it only mentions by a live name or an id. */
function usedBy(kind: Kind, { kinds, peers }: ExpiryOptions, desired: readonly Desired[]): (word: string) => boolean {
  const present = desired.filter(({ absent }) => !absent);
  const declared = present.filter((resource) => resource.kind === kind.kind);
  const mentioned = present
    .flatMap((resource) => kindNamed(kinds, resource.kind).references(resource.state))
    .filter(({ kind: other, ref }) => other === kind.kind && !declared.some(({ key }) => key === ref));
  const words = new Set([...declared.flatMap((one) => kind.identities(one, peers)), ...mentioned.map(({ ref }) => ref)]);
  return (word) => words.has(word);
}

function judged({ title, name, life }: Token, isNeeded: boolean): Check {
  const what = `${title} ${name}`;
  const fix = `mcp-portal service-token refresh ${quoted(name)} gives it its duration again, with the same secret.`;
  return life.is === 'over' && isNeeded ? failed(what, life.words, fix) : warned(what, life.words, fix);
}

const quoted = (name: string): string => (/^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`);

const isUnread = (kind: Kind, { readings }: Probe): boolean =>
  readings.some(({ title, error }) => title === kind.title && error !== undefined);
