import { domainProblem, emailProblem, listed, type Answers, type Rule } from './answers.ts';
import type { Step } from './step.ts';

export type AccessAnswer = Pick<Answers, 'rules' | 'policies'> & { readonly groups: readonly string[] };

/** Who gets in. `groups` are those of the account that the document has yet to learn of. */
export async function askAccess(step: Step, portal: string): Promise<AccessAnswer> {
  const { prompts, draft, look, given } = step;
  const own = draft.said('portals', portal, 'access', 'policies');
  // What is behind a portal that is there is for those who get into it.
  if (Array.isArray(own) && own.length > 0) return { rules: given.rules ?? [], policies: own.map(String), groups: [] };
  if (given.rules !== undefined && given.rules.length > 0) return { rules: given.rules, policies: [], groups: [] };
  prompts.explain('Policy: who gets in. The portal and each server behind it ask the same one; nobody else sees a tool.');
  const groups = [
    ...draft.keys('groups').map((id) => ({ id, about: 'in the document' })),
    ...look.groups.filter(({ id }) => !draft.keys('groups').includes(id)),
  ];
  const policies = draft.keys('policies').filter((key) => draft.said('policies', key, 'decision') === 'allow');
  const ways = await prompts.checkbox({
    message: 'Who may use it?',
    required: true,
    choices: [
      { value: 'email', name: 'People, by their e-mail addresses', checked: true },
      { value: 'domain', name: 'Everybody with an address of a domain' },
      ...(groups.length === 0 ? [] : [{ value: 'group', name: 'An Access group' }]),
      ...(look.providers.length === 0 ? [] : [{ value: 'provider', name: 'Everybody who logs in with an identity provider' }]),
      ...policies.map((key) => ({ value: `policy ${key}`, name: `Those of the policy ${key} of the document` })),
    ],
  });
  const some = async (way: string, ask: () => Promise<readonly Rule[]>) => (ways.includes(way) ? await ask() : []);
  const rules = [
    ...(await some('email', async () => rulesOf('email', await askList(step, 'E-mail addresses:', emailProblem)))),
    ...(await some('domain', async () => rulesOf('email_domain', (await askList(step, 'Domains:', domainProblem)).map(bare)))),
    ...(await some('group', async () => rulesOf('group', await choose(step, 'Which groups?', groups)))),
    ...(await some('provider', async () =>
      rulesOf('login_method', await choose(step, 'Which identity providers?', look.providers)),
    )),
  ];
  return {
    rules,
    policies: policies.filter((key) => ways.includes(`policy ${key}`)),
    groups: rules.flatMap(({ group }) => (group === undefined || draft.keys('groups').includes(group) ? [] : [group])),
  };
}

export const rulesOf = (word: string, values: readonly string[]): readonly Rule[] => values.map((value) => ({ [word]: value }));

/** Without the @ that people write before a domain. */
export const bare = (domain: string): string => domain.replace(/^@/, '');

async function askList(
  { prompts }: Step,
  message: string,
  problem: (text: string) => string | undefined,
): Promise<readonly string[]> {
  return listed(
    await prompts.input({
      message,
      check: (text) =>
        listed(text)
          .map(problem)
          .find((found) => found !== undefined),
    }),
  );
}

const choose = ({ prompts }: Step, message: string, from: readonly { readonly id: string; readonly about: string }[]) =>
  prompts.checkbox({
    message,
    required: true,
    choices: from.map(({ id, about }) => ({ value: id, name: id === about ? id : `${about} (${id})` })),
  });
