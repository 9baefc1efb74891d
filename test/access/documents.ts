import { accessDocument, accessSections, type AccessDocument } from '../../src/access/access-document.ts';
import { plainDocument } from '../../src/access/plain-document.ts';
import { policyJudge } from '../../src/access/policy.ts';
import type { Judgement } from '../../src/access/judgement.ts';
import type { Who } from '../../src/access/who.ts';
import type { Plain } from '../../src/engine/values.ts';

/** The five sections, with what a test leaves out empty. */
export const documentOf = (sections: Plain): AccessDocument => accessDocument(sections);

/** The same by way of the quick reader. */
export const plainly = (sections: Plain): AccessDocument | undefined =>
  plainDocument(Object.keys(sections), Object.fromEntries(accessSections.map((name) => [name, sections[name]])));

export const alice: Who = { is: 'person', email: 'alice@example.com' };
export const bot: Who = { is: 'bot', token: 'ci' };

/** What one policy says, with `groups` and `service_tokens` beside it. */
export function judge(who: Who, policy: Plain, beside: Plain = {}, idps: readonly string[] = []): Judgement {
  const decision = policy['decision'];
  const beforeLogin = decision === 'service_auth' || decision === 'bypass';
  return policyJudge(who, documentOf(beside))(policy, { beforeLogin, idps });
}
