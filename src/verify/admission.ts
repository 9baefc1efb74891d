import { memberOf, isPlain, type Plain } from '../engine/values.ts';
import { livePolicies, type App } from '../kinds/access/app.ts';
import type { Account } from './account.ts';

/** Whether something is so; unknown where only Cloudflare can tell. */
export type Answer = 'yes' | 'no' | 'unknown';

const any = (answers: readonly Answer[]): Answer => {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
};
const all = (answers: readonly Answer[]): Answer => {
  if (answers.includes('no')) return 'no';
  return answers.includes('unknown') ? 'unknown' : 'yes';
};
const opposite: { readonly [answer in Answer]: Answer } = { yes: 'no', no: 'yes', unknown: 'unknown' };

/** Whether an application lets a service token in: by Service Auth or bypass policies, as strict mode has it. */
export function letsIn(app: App, tokenId: string, account: Account): Answer {
  const policies = livePolicies(app);
  const unread = account.unread('policy');
  if (policies === undefined || unread !== undefined) return 'unknown';
  return any(
    policies.map(({ id }) => {
      const policy = account.existing('policy').find((each) => each.id === id)?.live;
      if (!isPlain(policy)) return 'unknown';
      return ['non_identity', 'bypass'].includes(String(policy['decision'])) ? fits(policy, tokenId, account) : 'no';
    }),
  );
}

function fits(rules: Plain, tokenId: string, account: Account): Answer {
  const answers = (list: string): readonly Answer[] => {
    const said = rules[list];
    // The API adds selectors without content; they mean nothing.
    return (Array.isArray(said) ? said.filter(isPlain) : []).filter(hasContent).map((rule) => matches(rule, tokenId, account));
  };
  return all([any(answers('include')), ...answers('require'), ...answers('exclude').map((answer) => opposite[answer])]);
}

const bare = new Set(['everyone', 'any_valid_service_token', 'certificate']);
const hasContent = (rule: Plain): boolean =>
  Object.entries(rule).some(
    ([selector, content]) => bare.has(selector) || (isPlain(content) && Object.values(content).some((value) => value !== '')),
  );

function matches(rule: Plain, tokenId: string, account: Account): Answer {
  const [selector = '', content] = Object.entries(rule)[0] ?? [];
  if (selector === 'everyone' || selector === 'any_valid_service_token') return 'yes';
  if (selector === 'service_token') return memberOf(content, 'token_id') === tokenId ? 'yes' : 'no';
  if (selector === 'email' || selector === 'email_domain') return 'no';
  if (selector !== 'group') return 'unknown';
  const group = account.existing('group').find((each) => each.id === memberOf(content, 'id'))?.live;
  // A group that was looked into once is not looked into again: groups can mention each other in a circle.
  const others = { ...account, existing: (kind: string) => account.existing(kind).filter(({ live }) => live !== group) };
  return isPlain(group) ? fits(group, tokenId, others) : 'unknown';
}
