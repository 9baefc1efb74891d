import { discoverAccount } from '../cloudflare/account.ts';
import { isFields } from '../cloudflare/envelope.ts';
import type { Api } from '../engine/api.ts';
import { attempt, type Attempt, type Check, failedBy, passed, warned } from './check.ts';

export type AccountOptions = {
  readonly api: Pick<Api, 'list'>;
  /** The account that something names, and what. */
  readonly named: { readonly id: string; readonly from: string } | undefined;
  /** What came of `listAccounts` with the same `api`. */
  readonly accounts: Attempt<readonly unknown[]>;
};

export type AccountFound = { readonly check: Check; readonly id: string | undefined };

/** The listing that `discoverAccount` reads, which is not sent twice. */
export const listAccounts = (api: Pick<Api, 'list'>): Promise<Attempt<readonly unknown[]>> =>
  attempt(() => api.list<unknown>('/accounts', { perPage: 50 }));

/** Which account it is, and how that was found out. */
export async function findAccount({ api, named, accounts }: AccountOptions): Promise<AccountFound> {
  if (named !== undefined) return { check: judged(named, accounts.value), id: named.id };
  const { error } = accounts;
  if (error !== undefined) return { check: failedBy(name, error), id: undefined };
  const found = await attempt(() => discoverAccount(api));
  if (found.error !== undefined) return { check: failedBy(name, found.error), id: undefined };
  return { check: judged({ id: found.value, from: 'the only one that the credentials see' }, accounts.value), id: found.value };
}

const name = 'account';

/** A listing without it proves nothing where it is empty: it needs a permission of its own. */
function judged({ id, from }: { readonly id: string; readonly from: string }, listed: readonly unknown[] = []): Check {
  const seen = listed.filter(isFields);
  const own = seen.find((account) => account['id'] === id);
  if (own !== undefined)
    return passed(name, typeof own['name'] === 'string' ? `${own['name']} (${id}), ${from}` : `${id}, ${from}`);
  if (seen.length === 0) return passed(name, `${id}, ${from}; these credentials list no accounts, so its name is not known`);
  const others = seen.slice(0, 5).map((account) => `${String(account['name'])} (${String(account['id'])})`);
  const detail = `${id}, ${from}, is not among the ${seen.length} that the credentials list: ${others.join(', ')}`;
  return warned(name, detail, 'Check the id; where it is right, include this account in the API token.');
}
