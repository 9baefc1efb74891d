import { frozenText, type Frozen } from '../../engine/frozen.ts';
import type { State } from '../../engine/kind.ts';
import type { Operation } from '../../engine/operation.ts';
import type { FieldChange } from '../../engine/plan-types.ts';
import { ApiError } from '../../lib/errors.ts';
import type { Token } from './issued-token.ts';

/** A token has no field for remarks but its name, and everything mentions it by id. */
const pattern = /^(.*?) \[frozen( off)? (\d{4}-\d\d-\d\dT[\d:.]+Z)(?:: (.*))?\]$/s;

type Marked = Pick<Frozen, 'since' | 'reason'> & {
  readonly name: string;
  /** Whether the token was on before. */
  readonly enabled: boolean;
};

function markIn({ name }: Pick<Token, 'name'>): Marked | undefined {
  const [all, own = '', off, since = '', reason] = pattern.exec(name) ?? [];
  return all === undefined ? undefined : { name: own, enabled: off === undefined, since, reason };
}

/** The name that says it: `ci [frozen 2026-11-21T07:09:33Z: leaked]`, with `off` for one that was off before. */
const marked = ({ name, enabled, since, reason }: Marked): string =>
  `${name} [frozen${enabled ? '' : ' off'} ${since}${reason === undefined ? '' : `: ${reason}`}]`;

/** The token as it is without its freeze. */
export function meltedToken(token: Token): Token {
  const mark = markIn(token);
  if (mark === undefined) return token;
  return { ...token, name: mark.name, enabled: token.enabled !== false || mark.enabled };
}

/** One that somebody has turned on by hand is not frozen any more, whatever its name says. */
export function frozenToken(token: Token): Frozen | undefined {
  const mark = markIn(token);
  if (mark === undefined || token.enabled !== false) return undefined;
  return { since: mark.since, reason: mark.reason, thaw: `mcp-portal thaw service-token ${shellWord(mark.name)}` };
}

const shellWord = (name: string): string => (/^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`);

/** What a change sends of a frozen token: its mark stays, and it stays off. */
export function keepFrozen(token: Token, body: { readonly name?: string; readonly enabled?: boolean }): object {
  const mark = markIn(token);
  if (mark === undefined || frozenToken(token) === undefined) return body;
  const { name = mark.name, enabled = mark.enabled, ...others } = body;
  return name === mark.name && enabled === mark.enabled ? others : { ...others, name: marked({ ...mark, name, enabled }) };
}

const field = (path: string, before: unknown, after: unknown): FieldChange => ({
  path,
  before,
  after,
  sensitive: false,
  forces_replacement: false,
});

type Put = Parameters<Operation<State, Token>['run']>[0];

async function put(
  { api, live }: Put,
  body: { readonly name: string; readonly enabled: boolean },
): Promise<{ readonly live: Token }> {
  const answer = await api.put<Partial<Token>>(api.path('access', 'service_tokens', live.id), body);
  const kept = { ...live, ...body, ...answer };
  if ((kept.enabled ?? true) === body.enabled) return { live: kept };
  throw new ApiError(`Cloudflare did not turn the service token "${live.name}" ${body.enabled ? 'on' : 'off'}`);
}

/** The kill switch of a token: both its secrets stop working, and nothing else changes. */
const freeze: Operation<State, Token> = {
  reason: () => 'the kill switch: its secrets stop working',
  impact: () => 'whoever signs in with it is locked out; its secret stays the same for thaw',
  needless: (token) => {
    const frozen = frozenToken(token);
    return frozen === undefined ? undefined : `already ${frozenText(frozen)}`;
  },
  fields: (token, { now = '', reason }) => [
    ...(token.enabled === false ? [] : [field('enabled', true, false)]),
    field('name', token.name, nameFor(token, now, reason)),
  ],
  run: (write, { now = '', reason }) => put(write, { name: nameFor(write.live, now, reason), enabled: false }),
};

function nameFor(token: Token, since: string, reason: string | undefined): string {
  const { name, enabled = true } = meltedToken(token);
  return marked({ name, enabled, since, reason });
}

const thaw: Operation<State, Token> = {
  reason: () => 'it is as it was before it was frozen',
  impact: (token) => (meltedToken(token).enabled === false ? undefined : 'whoever has its secret can sign in again'),
  needless: (token) => {
    if (markIn(token) !== undefined) return undefined;
    return token.enabled === false ? 'not frozen, but turned off (enabled: false)' : 'not frozen';
  },
  fields: (token) => {
    const { name, enabled = true } = meltedToken(token);
    return [
      ...((token.enabled ?? true) === enabled ? [] : [field('enabled', token.enabled ?? true, enabled)]),
      field('name', token.name, name),
    ];
  },
  run: (write) => {
    const { name, enabled = true } = meltedToken(write.live);
    return put(write, { name, enabled });
  },
};

export const tokenFreezing = { freeze, thaw } as const;
