import { isPlain, type Plain } from '../../engine/values.ts';
import { canonicalHostname } from '../document/network.ts';
import { withoutUndefined } from '../document/section.ts';
import { filled, originFrom, originToApi } from './origin.ts';

/** What goes where: the first rule that fits a request counts. */
export type Rule = {
  readonly hostname?: string;
  readonly path?: string;
  readonly service: string;
  readonly origin?: Plain | null;
};

/** A rule as a document writes it: what is left out may also be undefined. */
type SaidRule = { readonly [Member in keyof Rule]: Rule[Member] | undefined } & { readonly service: string };

/** The last rule has to fit everything. This one stands there when nobody says another. */
const catchAll: Rule = { service: 'http_status:404' };

export const fitsAll = ({ hostname = '', path = '' }: Pick<SaidRule, 'hostname' | 'path'>): boolean =>
  hostname === '' && path === '';

/** The rules in the one spelling that both sides use: without the rule that would be added anyway. */
function canonicalRules(rules: readonly SaidRule[]): readonly Rule[] {
  const spelled = rules.map(({ hostname = '', path = '', service, origin }) =>
    withoutUndefined({
      hostname: hostname === '' ? undefined : canonicalHostname(hostname),
      path: path === '' ? undefined : path,
      service,
      origin,
    }),
  );
  const last = spelled.at(-1);
  const isDefault = last !== undefined && fitsAll(last) && last.service === catchAll.service && (last.origin ?? null) === null;
  return isDefault ? spelled.slice(0, -1) : spelled;
}

/** The rules of a live configuration; undefined where it has none. */
export const rulesFrom = (rules: readonly Plain[]): readonly Rule[] =>
  canonicalRules(
    rules.map((rule) => ({
      hostname: textIn(rule, 'hostname'),
      path: textIn(rule, 'path'),
      service: textIn(rule, 'service') ?? '',
      origin: originFrom(rule['originRequest']),
    })),
  );

const textIn = (rule: Plain, member: string): string | undefined => {
  const value = rule[member];
  return typeof value === 'string' ? value : undefined;
};

/** The declared rules; what one leaves out of its `origin` stays as the live rule for the same requests has it. */
export const settledRules = (rules: readonly SaidRule[], live: readonly Rule[]): readonly Rule[] =>
  canonicalRules(rules).map(({ origin, ...rule }) => {
    const before = live.find((other) => sameRequests(other, rule))?.origin;
    return withoutUndefined({ ...rule, origin: settledOrigin(origin, before) });
  });

/** An empty `origin` clears, as a null member does. */
function settledOrigin(said: Plain | null | undefined, live: Plain | null | undefined): Plain | undefined {
  if (said === undefined) return live ?? undefined;
  return said === null || Object.keys(said).length === 0 ? undefined : filled(Object.entries({ ...live, ...said }));
}

type Requests = Pick<SaidRule, 'hostname' | 'path'>;
export const sameRequests = (left: Requests, right: Requests): boolean =>
  canonicalHostname(left.hostname ?? '') === canonicalHostname(right.hostname ?? '') && (left.path ?? '') === (right.path ?? '');

/** The rules of a request, with one for everything at the end, and with what only others say about them. */
export function rulesToApi(rules: readonly Rule[], raw: readonly Plain[]): readonly Plain[] {
  const last = rules.at(-1);
  const whole = last !== undefined && fitsAll(last) ? rules : [...rules, catchAll];
  return whole.map(({ origin, ...rule }) => {
    const before =
      raw.find((other) => sameRequests({ hostname: textIn(other, 'hostname'), path: textIn(other, 'path') }, rule)) ?? {};
    const { hostname: _hostname, path: _path, service: _service, originRequest, ...foreign } = before;
    return withoutUndefined({ ...foreign, ...rule, originRequest: originToApi(origin, originRequest) });
  });
}

/** The hostnames of rules, each once. They may come from a document that nobody has checked yet. */
export function hostnamesIn(rules: unknown): readonly string[] {
  const names = (Array.isArray(rules) ? rules.filter(isPlain) : []).map((rule) => textIn(rule, 'hostname') ?? '');
  return [...new Set(names.filter((name) => name !== '').map(canonicalHostname))];
}
