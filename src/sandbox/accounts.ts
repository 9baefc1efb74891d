import { listed, ok, pagings } from './envelope.ts';
import type { JsonObject } from './json.ts';
import { Refusal } from './refusal.ts';
import { type Call, type Route, route } from './route.ts';
import type { SandboxState } from './state.ts';

/** Accounts, users, and what a token can find out about itself. */
export const accountRoutes: readonly Route[] = [
  route('GET', '/accounts', (call) =>
    listed(call, [accountView(call.state)], { paging: pagings.accounts, view: (view) => view }),
  ),
  route('GET', '/accounts/:account', (call) => ok(accountView(call.state))),
  route('GET', '/accounts/:account/tokens/verify', (call) => verified(call, 'account-token')),
  route('GET', '/user/tokens/verify', (call) => verified(call, 'user-token')),
  route('GET', '/user', (call) => {
    refuseAccountToken(call);
    return ok({ id: 'c1b3a1d2e4f5061728394a5b6c7d8e9f', email: 'sandbox@example.com' });
  }),
  route('GET', '/memberships', (call) => {
    refuseAccountToken(call);
    const membership = { id: call.state.account_id, status: 'accepted', account: accountView(call.state) };
    return listed(call, [membership], { paging: pagings.accounts, view: (view) => view });
  }),
];

const accountView = (state: SandboxState): JsonObject => ({
  id: state.account_id,
  name: 'Sandbox',
  type: 'standard',
  settings: { enforce_twofactor: false },
});

/** A user's token is not known as an account's token, nor the other way round. */
const verified = ({ caller }: Call, expected: 'user-token' | 'account-token') => {
  if (caller !== expected) throw new Refusal(401, 1000, 'Invalid API Token');
  const message = { code: 10000, message: 'This API Token is valid and active', type: null };
  return { status: 200, result: { id: 'ed17574386854bf78a67040be0a770b0', status: 'active' }, messages: [message] };
};

const refuseAccountToken = ({ caller }: Call): void => {
  if (caller === 'account-token') throw new Refusal(403, 9109, 'Valid user-level authentication not found');
};
