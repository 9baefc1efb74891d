import type { Plain } from '../engine/values.ts';
import { listOf, type AccessDocument } from './access-document.ts';
import { botOfPolicy } from './bots.ts';
import { judged, type Answer, type Judgement } from './judgement.ts';
import type { PolicyJudge } from './policy.ts';
import type { Who } from './who.ts';

/** Whether an Access application lets somebody in, and what decides it. */
export type Verdict = { readonly access: Answer; readonly why: string; readonly policy?: string };

export type Application = {
  readonly who: Who;
  readonly document: AccessDocument;
  readonly judge: PolicyJudge;
  /** `access:` of the document's entry. */
  readonly access: Plain;
  /** Keys or ids by precedence, with those that `service_tokens:` adds. */
  readonly policies: readonly string[];
  /** `approval_required` counts: a portal does not ask for it again at its servers. */
  readonly asksApproval: boolean;
};

/** What a policy does to whom it matches; `either` is not for the document to say. */
type Effect = 'in' | 'out' | 'either';
type Decided = { readonly name: string; readonly key: string; readonly early: boolean; readonly effect: Effect } & Judgement;

/** Decided before the login, in their own order, whatever stands between them. */
const early: ReadonlySet<string> = new Set(['bypass', 'service_auth']);

/**
 * The policies of an application, as Access evaluates them: first Service Auth and Bypass, then Allow
 * and Deny, each sort in the order of precedence. The first that matches decides; where none does
 * nobody gets in. A bot only ever gets in by the first sort.
 */
export function judgeApplication(application: Application): Verdict {
  const all = application.policies.flatMap((key) => decide(key, application));
  const asked = [...all.filter((one) => one.early), ...all.filter((one) => !one.early && application.who.is === 'person')];
  const first = asked.findIndex(({ is }) => is === 'yes');
  const decider = asked[first];
  const possible = asked.slice(0, decider === undefined ? undefined : first + 1).filter(({ is }) => is !== 'no');
  const effects = new Set<Effect>([
    ...possible.map(({ effect }) => effect),
    ...(decider === undefined ? (['out'] as const) : []),
  ]);
  if (effects.size > 1 || effects.has('either')) return { access: 'unknown', why: reasons(possible) };
  if (decider === undefined) return nobody(all, application);
  return { access: decider.effect === 'in' ? 'yes' : 'no', why: reasons([decider]), policy: decider.key };
}

function decide(key: string, application: Application): readonly Decided[] {
  const { document, judge, access } = application;
  const bot = botOfPolicy(key);
  const policy = document.policies.get(key) ?? (bot === undefined ? undefined : { include: [{ service_token: bot }] });
  if (policy === undefined) return liveOnly(key);
  const decision = decisionOf(policy);
  const beforeLogin = early.has(decision);
  const isClosed = !beforeLogin && foreignLogin(application) !== undefined;
  const judgement = isClosed ? judged('no') : judge(policy, { beforeLogin, idps: listOf(access['allowed_idps']).map(String) });
  const asks = application.asksApproval && decision === 'allow' && policy['approval_required'] === true && judgement.is !== 'no';
  const effect = decision === 'deny' ? 'out' : asks ? 'either' : 'in';
  const why = asks ? [...judgement.why, 'somebody has to approve it'] : judgement.why;
  return [{ ...judgement, why, key, name: `policy ${key} (${decision})`, early: beforeLogin, effect }];
}

/** A policy that the program makes for a bot says none. */
const decisionOf = ({ decision }: Plain): string =>
  typeof decision !== 'string' || decision === 'non_identity' ? 'service_auth' : decision;

/** A policy that only the account knows: of either sort, with any decision. */
function liveOnly(key: string): readonly Decided[] {
  const unknown = { ...judged('unknown', 'is not in the document'), key, name: `policy ${key}` };
  return [
    { ...unknown, early: true, effect: 'in' },
    { ...unknown, early: false, effect: 'either' },
  ];
}

/** Said of a person who comes by an identity provider that the application does not take. */
function foreignLogin({ who, access }: Pick<Application, 'who' | 'access'>): string | undefined {
  const idps = listOf(access['allowed_idps']);
  if (who.is !== 'person' || who.loginMethod === undefined || idps.length === 0 || idps.includes(who.loginMethod))
    return undefined;
  return `allowed_idps: does not have ${who.loginMethod}`;
}

const reasons = (decided: readonly Decided[]): string =>
  [...new Set(decided.map(({ name, why }) => `${name}: ${why.join('; ')}`))].join(' | ');

/** Nothing matches: with what came close, since that is what somebody has to change. */
function nobody(all: readonly Decided[], application: Application): Verdict {
  const login = foreignLogin(application);
  const close = all.flatMap((one) => {
    if (one.is === 'no') return one.why.length === 0 ? [] : [one];
    const isOfPeople = application.who.is === 'bot' && one.is === 'yes' && one.effect === 'in';
    return isOfPeople ? [{ ...one, why: ['lets in people alone: bots need decision: service_auth'] }] : [];
  });
  const why = [...(login === undefined ? [] : [login]), ...(close.length === 0 ? [] : [reasons(close)])];
  const fact = all.length === 0 ? 'it has no policies' : 'no policy matches';
  return { access: 'no', why: why.length === 0 ? fact : `${fact} (${why.join(' | ')})` };
}
