import type { Entry, Finding, Sections } from '../../engine/kind.ts';
import { warning } from './findings.ts';
import { accessRules } from './lint-access.ts';
import { portalRules } from './lint-portals.ts';
import type { LintRule } from './lint-rule.ts';
import { literalSecrets } from './lint-secrets.ts';
import { serverRules } from './lint-servers.ts';
import { toolRules } from './lint-tools.ts';
import { marksOf } from './section-marks.ts';

/** The best practices, one small rule each. */
const lintRules: readonly LintRule[] = [...portalRules, ...serverRules, ...accessRules, ...toolRules];

/** What the rules say about an entry. One that is to be absent needs no advice, save that a secret is no less known. */
export function lint(entry: Entry, document: Sections): readonly Finding[] {
  const secrets = literalSecrets(entry);
  if (marksOf(entry.value).absent === true) return secrets;
  const remarks = lintRules
    .filter((rule) => rule.section === entry.section)
    .flatMap((rule) =>
      [rule.check(entry, document) ?? []]
        .flat()
        .map(({ message, hint, at = [] }) => warning({ code: rule.code, message, hint, place: entry.at(...at) })),
    );
  return [...remarks, ...secrets];
}
