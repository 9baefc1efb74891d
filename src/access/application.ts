import { looksLikeId } from '../engine/names.ts';
import type { Plain } from '../engine/values.ts';
import { listOf, type AccessDocument } from './access-document.ts';
import type { Answer, Judgement } from './judgement.ts';
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
  /** Access asks somebody to approve each time. A portal does not ask that again for its servers. */
  readonly asksApproval: boolean;
};

type Decided = { readonly key: string; readonly decision: string; readonly judgement: Judgement; readonly effect: Effect };
type Effect = 'in' | 'out' | 'asks';

/** Decided before the login, in their own order, whatever stands between them. */
const early: ReadonlySet<string> = new Set(['bypass', 'service_auth']);

/**
 * The policies of an application, as Access evaluates them: first Service Auth and Bypass, then Allow
 * and Deny, each in the order of precedence; the first that matches decides, and where none does
 * nobody gets in. A bot only ever gets in by the first sort.
 */
export function judgeApplication(application: Application): Verdict {
  const login = refusedLogin(application);
  const decided = application.policies.map((key) => decide(key, application));
  const relevant = [
    ...decided.filter(({ decision }) => early.has(decision)),
    ...decided.filter(({ decision }) => !early.has(decision) && application.who.is === 'person'),
  ];
  const first = relevant.findIndex(({ judgement }) => judgement.is === 'yes');
  const reached = (first === -1 ? relevant : relevant.slice(0, first + 1)).filter(({ judgement }) => judgement.is !== 'no');
  const last = first === -1 ? undefined : reached.at(-1);
  const effects = new Set<Effect>([...reached.map(({ effect }) => effect), ...(last === undefined ? (['out'] as const) : [])]);
  if (effects.size > 1 || effects.has('asks')) return unsure(reached);
  if (effects.has('in')) return said('yes', last ?? reached[0]);
  return last === undefined ? nobody(decided, login) : said('no', last);
}

function decide(key: string, application: Application): Decided {
  const { document, judge, access, who } = application;
  const policy = document.policies.get(key);
  const bot = botOf(key);
  if (policy === undefined && bot === undefined) return liveOnly(key);
  const decision = policy === undefined || policy['decision'] === 'non_identity' ? 'service_auth' : String(policy['decision']);
  const beforeLogin = early.has(decision);
  const idps = listOf(access['allowed_idps']).map(String);
  const closed = !beforeLogin && refusedLogin(application) !== undefined;
  const judgement = closed
    ? ({ is: 'no', why: [] } as const)
    : judge(policy ?? { include: [{ service_token: bot }] }, { beforeLogin, idps });
  const asks = application.asksApproval && decision === 'allow' && policy?.['approval_required'] === true;
  const told = asks && judgement.is !== 'no' ? { is: judgement.is, why: [...judgement.why, 'somebody approves it each time'] } : judgement;
  return { key, decision, judgement: wrongSort(told, { who, decision }), effect: decision === 'deny' ? 'out' : asks ? 'asks' : 'in' };
}

/** A policy that the program makes for a bot: its key says which. */
const botPrefix = 'service-token-';
export const botPolicyOf = (token: string): string => `${botPrefix}${token}`;
const botOf = (key: string): string | undefined => (key.startsWith(botPrefix) ? key.slice(botPrefix.length) : undefined);

/** Neither its decision nor its rules are known, so it may do anything. */
const liveOnly = (key: string): Decided => ({
  key,
  decision: 'bypass',
  judgement: { is: 'unknown', why: [looksLikeId(key) ? 'only the account knows it' : 'it is not in the document'] },
  effect: 'asks',
});

/** Worth saying where nothing lets a bot in: the rule is right, and the policy is of the wrong sort. */
function wrongSort(judgement: Judgement, { who, decision }: { readonly who: Who; readonly decision: string }): Judgement {
  if (who.is !== 'bot' || decision !== 'allow' || judgement.is !== 'yes') return judgement;
  return { is: 'no', why: [`its decision is allow, and a bot needs service_auth`] };
}

/** A person who comes by an identity provider that the application does not take. */
function refusedLogin({ who, access }: Application): string | undefined {
  const idps = listOf(access['allowed_idps']);
  if (who.is !== 'person' || who.loginMethod === undefined || idps.length === 0 || idps.includes(who.loginMethod)) return undefined;
  return `its allowed_idps do not have ${who.loginMethod}`;
}

const named = ({ key, decision }: Decided): string => `policy ${key} (${decision})`;

const said = (access: Answer, decided: Decided | undefined): Verdict =>
  decided === undefined
    ? { access, why: '' }
    : { access, why: `${named(decided)}: ${decided.judgement.why.join('; ')}`, policy: decided.key };

function unsure(reached: readonly Decided[]): Verdict {
  const open = reached.filter(({ judgement, effect }) => judgement.is === 'unknown' || effect === 'asks');
  const text = open.map((decided) => `${decided.decision === 'bypass' && decided.effect === 'asks' ? `policy ${decided.key}` : named(decided)}: ${decided.judgement.why.join('; ')}`);
  return { access: 'unknown', why: text.join(' | ') };
}

function nobody(decided: readonly Decided[], login: string | undefined): Verdict {
  const near = decided.flatMap((one) => one.judgement.why.map((reason) => `${named(one)}: ${reason}`));
  const why = [...(login === undefined ? [] : [login]), ...near];
  const fact = decided.length === 0 ? 'it has no policies' : 'no policy matches';
  return { access: 'no', why: why.length === 0 ? fact : `${fact} (${why.join(' | ')})` };
}
