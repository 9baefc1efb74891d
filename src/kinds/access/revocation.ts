import { addressOf, type Address, type Desired, type Existing, type Kind, type Obstacle, type State } from '../../engine/kind.ts';
import type { Work } from '../../engine/work.ts';
import { isNothing, isPlain } from '../../engine/values.ts';
import type { Rule } from './rules.ts';

const tokenKind = 'service_token';
const policyKind = 'policy';
const lists = ['include', 'require', 'exclude'] as const;

export type RevocationOptions = {
  /** The token that goes; undefined where none is there. It is found by its id: names may be shared. */
  readonly token: Existing | undefined;
  /** Policies and groups let go of it. */
  readonly detach: boolean;
};

/** The kinds that revoking a token takes: the token's, and those whose rules can mention it. */
export function revocationKinds(kinds: readonly Kind[], { token, detach }: RevocationOptions): readonly Kind[] {
  return kinds.flatMap((kind) => {
    if (kind.kind === tokenKind) return [foundById(kind, token)];
    // A live server mentions no token: it holds a secret, and nobody can see whose.
    if (detach && kind.refersTo.includes(policyKind)) return [{ ...kind, release: withoutPolicy }];
    if (!kind.refersTo.includes(tokenKind) || kind.kind === 'server') return [];
    return [detach ? { ...kind, release: withoutMention } : kind];
  });
}

/** The policies that let in this token and nobody else: without it they would be for nobody, so they go with it. */
export function policiesFor(
  token: Existing,
  policies: readonly { readonly name: string; readonly state: State }[],
): readonly Desired[] {
  const isOurs = (rule: Rule): boolean => [token.id, token.name].includes(String(rule[tokenKind]));
  return policies
    .filter(({ state }) => rulesOf(state, 'include').length > 0 && rulesOf(state, 'include').every(isOurs))
    .map(({ name }) => ({
      kind: policyKind,
      key: name,
      state: { name },
      absent: true,
      protect: false,
      sinks: [],
      place: undefined,
      why: `it lets in nobody but ${tokenKind}:${token.name}, which goes away`,
    }));
}

/** An application without a policy that goes away. */
function withoutPolicy(state: State, gone: Address): State {
  const kept = (policies: unknown): unknown =>
    Array.isArray(policies) ? policies.filter((policy) => addressOf(policyKind, String(policy)) !== gone) : policies;
  const { access } = state;
  if (isPlain(access)) return { ...state, access: { ...access, policies: kept(access['policies']) } };
  return { ...state, policies: kept(state['policies']) };
}

const foundById = (kind: Kind, token: Existing | undefined): Kind => ({
  ...kind,
  identify: (live) => ({ ...kind.identify(live), identity: kind.identify(live).id }),
  identities: () => (token === undefined ? [] : [token.id]),
});

/** The rule lists without a token that goes away. A list that does not mention it stays the same list. */
function withoutMention(state: State, gone: Address): State {
  const isGone = (rule: Rule): boolean => addressOf(tokenKind, String(rule[tokenKind])) === gone;
  const changed = lists.flatMap((list) => {
    const rules = rulesOf(state, list);
    return rules.some(isGone) ? [[list, rules.filter((rule) => !isGone(rule))] as const] : [];
  });
  return { ...state, ...Object.fromEntries(changed) };
}

// A canonical state has its rules as lists of rules.
const rulesOf = (state: State, list: (typeof lists)[number]): readonly Rule[] => (state[list] ?? []) as readonly Rule[];

/**
 * What a detaching must not do by the way: leave a group without an include rule, which is refused or
 * lets in whoever comes, or take away a condition that narrowed whom it lets in.
 */
export function detachObstacles(works: readonly Work[]): readonly Obstacle[] {
  return works
    .filter(({ action }) => action === 'update')
    .flatMap(({ address, existing, live, final }) => {
      const ids = existing === undefined ? [] : [existing.id];
      if (!isNothing(live['include']) && isNothing(final['include']))
        return [{ message: `${address} has no other include rule, and would be empty`, ids, hint: emptyHint }];
      if (rulesOf(final, 'require').length === rulesOf(live, 'require').length) return [];
      return [{ message: `${address} requires it: without that rule it would let in more than now`, ids, hint: requireHint }];
    });
}

const emptyHint =
  'give it another include rule or remove it first (in the document with its mentions, then apply --prune; or in the dashboard), then revoke again';
const requireHint = 'change its require rules first, then revoke again';
