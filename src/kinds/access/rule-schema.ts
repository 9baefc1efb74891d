import * as z from 'zod/mini';
import type { Entry, Finding, Sections } from '../../engine/kind.ts';
import { looksLikeId } from '../../engine/names.ts';
import { isPlain } from '../../engine/values.ts';
import { didYouMean } from '../../lib/did-you-mean.ts';
import { mistake } from '../document/findings.ts';
import { described, once, oneOrMany } from '../document/fragments.ts';
import { isIP } from '../document/network.ts';
import { ruleReferences, ruleWords, spellOut } from './rules.ts';

const values = (value: z.ZodMiniString) =>
  oneOrMany(value).check(z.refine((given) => given.length > 0, 'an empty list matches nothing: leave the rule out'));
const text = once(() => values(z.string().check(z.minLength(1))));
const texts = once(() => z.optional(text()));
const textsOf = (description: string) => described(z.optional(text()), description);
const network = () =>
  z.optional(values(z.string().check(z.refine(isNetwork, 'is no address and no network, such as 203.0.113.7 or 2001:db8::/32'))));
const flag = once(() => z.optional(z.literal(true)));

/** A rule of a policy or group: exactly one kind of condition, with one value or a list of values. */
export const ruleSchema = once(() =>
  z
    .strictObject({
      email: texts(),
      email_domain: texts(),
      everyone: flag(),
      ip: network(),
      country: texts(),
      group: textsOf('Key in groups, or an id.'),
      service_token: textsOf("Key in service_tokens, or a token's name or id."),
      any_valid_service_token: flag(),
      login_method: textsOf('Id of an identity provider.'),
      auth_method: textsOf('An authentication method of RFC 8176, such as mfa or hwk.'),
      device_posture: textsOf('Id of a device posture check.'),
      common_name: texts(),
      certificate: flag(),
      raw: described(
        z.optional(
          z
            .record(z.string(), z.unknown())
            .check(z.refine((rule) => Object.keys(rule).length === 1, 'a rule of the API has exactly one selector')),
        ),
        'A rule exactly as the API writes it.',
      ),
    })
    .check(
      z.refine((rule) => Object.keys(rule).length === 1, {
        error: `a rule has exactly one of: ${ruleWords.join(', ')}`,
        when: ({ issues }) => issues.length === 0, // a misspelt word is told as that alone
      }),
    ),
);

export const ruleLists = once(() => ({
  include: described(z.optional(z.array(ruleSchema())), 'Who matches: any of these.'),
  require: described(z.nullish(z.array(ruleSchema())), 'And all of these.'),
  exclude: described(z.nullish(z.array(ruleSchema())), 'And none of these.'),
}));

/** Rules that mention a group or service token that neither the document nor an id can mean. */
export function checkRules(entry: Entry, document: Sections): readonly Finding[] {
  return ['include', 'require', 'exclude'].flatMap((list) => {
    const rules = entry.value[list];
    if (!Array.isArray(rules)) return [];
    return rules.filter(isPlain).flatMap((rule, index) => checkRule(rule, { entry, document, path: [list, index] }));
  });
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.trim().split('/');
  const family = isIP(address);
  const longest = family === 4 ? 32 : 128;
  return family !== 0 && rest.length === 0 && (prefix === undefined || (/^\d+$/.test(prefix) && Number(prefix) <= longest));
}

type Spot = { readonly entry: Entry; readonly document: Sections; readonly path: readonly (string | number)[] };

function checkRule(rule: { readonly [word: string]: unknown }, spot: Spot): readonly Finding[] {
  return ruleReferences(spellOut([rule])).flatMap(({ kind, ref }) => {
    const section = kind === 'group' ? 'groups' : 'service_tokens';
    const declared = spot.document.entry(section, ref);
    const place = spot.entry.at(...spot.path, kind);
    if (declared?.value['absent'] === true) {
      return [mistake({ code: 'MCP202', message: `${section}.${ref} is absent: true and cannot be used here`, place })];
    }
    // A token may also be a live one, by its name.
    if (declared !== undefined || kind === 'service_token' || looksLikeId(ref)) return [];
    // An id may look like anything: only what is close to a key is surely a slip, the rest is checked against the account.
    const known = spot.document.entries(section).map((entry) => entry.key);
    if (didYouMean(ref, known) === undefined) return [];
    return [mistake({ code: 'MCP201', message: `there is no group "${ref}"`, hint: suggestion(ref, known, section), place })];
  });
}

export function suggestion(word: string, known: readonly string[], section: string): string {
  const guess = didYouMean(word, known);
  if (guess !== undefined) return `did you mean "${guess}"?`;
  return known.length === 0 ? `the document has no ${section}` : `${section} has: ${known.join(', ')}`;
}
