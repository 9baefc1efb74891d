import type { Names } from '../engine/kind.ts';
import { looksLikeId } from '../engine/names.ts';
import { isPlain } from '../engine/values.ts';
import { canonicalRule, spellOut, type Rule } from '../kinds/access/rules.ts';
import { canonicalCidr, isIP } from '../kinds/document/network.ts';
import { listOf, tokenKey } from './access-document.ts';
import { holds, judged, type Judgement } from './judgement.ts';
import { judgeRaw } from './raw-rule.ts';
import { aboutPerson, type Scene } from './scene.ts';

/** How one kind of rule is judged; `said` is the rule in words. */
type Judge = (value: string, scene: Scene, said: string) => Judgement;

/** The rules of a list, each on its own and in the spelling that the document has a word for. */
export const rulesIn = (list: unknown): readonly Rule[] =>
  (spellOut(listOf(list).filter(isPlain)) ?? []).map((rule) => canonicalRule(rule, asWritten));

const asWritten: Names = { nameOf: (_kind, id) => id, idOf: (_kind, ref) => ref, canonical: (_kind, ref) => ref };

/** The word of a rule; of one as the API writes it, the API's. */
export function ruleSort(rule: Rule): string {
  const [word = '', value] = Object.entries(rule)[0] ?? [];
  return word === 'raw' && isPlain(value) ? (Object.keys(value)[0] ?? word) : word;
}

export function ruleText(rule: Rule): string {
  const [word, value] = Object.entries(rule)[0] ?? [];
  return word === 'raw' || value === true ? ruleSort(rule) : `${word} ${String(value)}`;
}

function judgeRule(rule: Rule, scene: Scene): Judgement {
  const [word = '', value] = Object.entries(rule)[0] ?? [];
  const said = ruleText(rule);
  if (word === 'raw') return judgeRaw(isPlain(value) ? value : {}, scene);
  return judges.get(word)?.(String(value), scene, said) ?? judged('unknown', `${said}: not known to this program`);
}

const emailOf = ({ who }: Scene): string | undefined => (who.is === 'person' ? who.email?.toLowerCase() : undefined);

const byEmail =
  (matches: (email: string, value: string) => boolean): Judge =>
  (value, scene, said) => {
    if (!aboutPerson(scene)) return holds(false, said);
    const email = emailOf(scene);
    return email === undefined ? judged('unknown', `${said}: depends on who it is`) : holds(matches(email, value), said);
  };

const always =
  (isTrue: (scene: Scene) => boolean): Judge =>
  (_value, scene, said) =>
    holds(isTrue(scene), said);

const untold =
  (reason: string): Judge =>
  (_value, _scene, said) =>
    judged('unknown', `${said}: ${reason}`);

const judges: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['email', byEmail((email, value) => email === value.toLowerCase())],
  ['email_domain', byEmail((email, value) => email.slice(email.lastIndexOf('@') + 1) === value)],
  ['everyone', always(() => true)],
  ['any_valid_service_token', always(({ who }) => who.is === 'bot')],
  ['ip', (value, scene, said) => judgeIp(value, scene, said)],
  [
    'country',
    (value, { who }, said) =>
      who.country === undefined ? judged('unknown', `${said}: say --country`) : holds(who.country === value, said),
  ],
  ['group', (value, scene, said) => judgeGroup(value, scene, said)],
  ['service_token', (value, scene, said) => judgeToken(value, scene, said)],
  ['login_method', (value, scene, said) => judgeLogin(value, scene, said)],
  [
    'auth_method',
    (_value, scene, said) => (aboutPerson(scene) ? judged('unknown', `${said}: shows at the login`) : holds(false, said)),
  ],
  ['device_posture', untold('only a check of the device tells')],
  ['common_name', untold('depends on the client certificate')],
  ['certificate', untold('depends on the client certificate')],
]);

function judgeIp(network: string, { who }: Scene, said: string): Judgement {
  if (who.ip === undefined) return judged('unknown', `${said}: say --ip`);
  return holds(isWithin(who.ip, network), said);
}

/** An address within a network of its own family; an IPv4 address may be written in IPv6. */
function isWithin(address: string, network: string): boolean {
  const ip = /^::ffff:(?=[\d.]+$)/i.test(address) ? address.slice('::ffff:'.length) : address;
  const [base = '', bits = ''] = canonicalCidr(network).split('/');
  return isIP(ip) === isIP(base) && canonicalCidr(`${ip}/${bits}`) === `${base}/${bits}`;
}

function judgeGroup(ref: string, { who, document, group }: Scene, said: string): Judgement {
  if (document.groups.has(ref)) return group(ref);
  if (who.is === 'person' && who.groups?.includes(ref) === true) return holds(true, said);
  return judged('unknown', `${said}: is not in the document`);
}

function judgeToken(ref: string, { who, document }: Scene, said: string): Judgement {
  if (who.is === 'person') return holds(false, said);
  const key = tokenKey(ref, document);
  if (key === undefined && looksLikeId(ref)) return judged('unknown', `${said}: the document does not say whose id that is`);
  return holds(key !== undefined && key === tokenKey(who.token, document), said);
}

function judgeLogin(method: string, scene: Scene, said: string): Judgement {
  const { who, idps } = scene;
  if (!aboutPerson(scene) || who.is !== 'person') return holds(false, said);
  if (who.loginMethod !== undefined) return holds(who.loginMethod === method, said);
  if (idps.length > 0 && !idps.includes(method)) return holds(false, said);
  return idps.length === 1 ? holds(true, said) : judged('unknown', `${said}: say --login-method`);
}

/** The same for a list, in the list's order. */
export const judgeRules = (list: unknown, scene: Scene): readonly Judgement[] =>
  rulesIn(list).map((rule) => judgeRule(rule, scene));
