import { isPlain, memberOf, type Plain } from '../engine/values.ts';
import { holds, judged, type Judgement } from './judgement.ts';
import { aboutPerson, type Scene } from './scene.ts';

/** Selectors of the API that name a group of an identity provider, and the member that names it. */
const groupMembers: Readonly<Record<string, string>> = {
  'github-organization': 'name',
  okta: 'name',
  gsuite: 'email',
  azureAD: 'id',
  saml: 'attribute_value',
  oidc: 'claim_value',
};
/** Others that are about a person who has logged in. */
const personal: ReadonlySet<string> = new Set(['email_list', 'auth_context', 'user_risk_score', 'cloudflare_account_member']);

/** A rule as the API writes it, for which the document has no word of its own. */
export function judgeRaw(rule: Plain, scene: Scene): Judgement {
  const [selector = '', body] = Object.entries(rule)[0] ?? [];
  const member = Object.hasOwn(groupMembers, selector) ? groupMembers[selector] : undefined;
  if ((member !== undefined || personal.has(selector)) && !aboutPerson(scene)) return holds(false, selector);
  if (selector === 'linked_app_token' && scene.who.is === 'person') return holds(false, selector);
  if (member === undefined || !isPlain(body)) return judged('unknown', `${selector}: the document does not tell`);
  return inGroup(scene, `${selector} ${String(body[member])}`, { name: String(body[member]), team: memberOf(body, 'team') });
}

type Membership = { readonly name: string; readonly team: unknown };

/** Who says their groups says them all. A team is asked for by its own name as well. */
function inGroup({ who }: Scene, said: string, { name, team }: Membership): Judgement {
  const groups = who.is === 'person' ? who.groups : undefined;
  if (groups === undefined) return judged('unknown', `${said}: say --group`);
  return holds(groups.includes(name) && (typeof team !== 'string' || team === '' || groups.includes(team)), said);
}
