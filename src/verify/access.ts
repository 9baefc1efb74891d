import type { Existing } from '../engine/kind.ts';
import { livePolicies, type App } from '../kinds/access/app.ts';
import type { Secret } from '../secrets/secret.ts';
import { letsIn, type Answer } from './admission.ts';
import type { Account } from './account.ts';
import { judge, type Check, type Judge } from './check.ts';

/** The service token that clients of this run use, as the account has it. */
export type Bot = { readonly tokenId: string; readonly name: string };

type Place = {
  readonly kind: 'server_app' | 'portal_app';
  readonly section: 'servers' | 'portals';
  readonly id: string;
  readonly identity: string;
};

export const serverPlace = (id: string): Place => ({ kind: 'server_app', section: 'servers', id, identity: id });
export const portalPlace = (id: string, hostname: string): Place => ({
  kind: 'portal_app',
  section: 'portals',
  id,
  identity: hostname,
});

export type Opened = {
  readonly checks: readonly Check[];
  /** Whether the bot is let in; unknown where no application or policy can be read. */
  readonly bot: Answer;
};

/** The Access application before a server or portal: without one, or without a policy, nobody gets there. */
export function checkAccess(place: Place, bot: Bot | undefined, account: Account): Opened {
  const of = judge('access', place.id);
  const unread = account.unread(place.kind);
  const name = 'application';
  if (unread !== undefined) return { checks: [of.skipped({ name, detail: unread })], bot: 'unknown' };
  const existing = account.existing(place.kind).find(({ identity }) => identity === place.identity);
  const fix = `Add access: { policies: […] } to ${place.section}.${place.id}, then: mcp-portal apply`;
  if (existing === undefined) {
    const cause =
      place.kind === 'server_app'
        ? 'A server without an Access application of its own is hidden from everybody, however ready it is.'
        : 'A portal without an Access application lets nobody log in: the API does not make one.';
    return { checks: [of.failed({ name, detail: 'there is none', cause, fix })], bot: 'no' };
  }
  const app = appOf(existing);
  const policies = livePolicies(app);
  if (policies === undefined) return { checks: [of.skipped({ name, detail: 'its policies are not shown' })], bot: 'unknown' };
  if (policies.length === 0) {
    return {
      checks: [of.failed({ name, detail: 'it has no policy', cause: 'Without a policy it lets nobody in.', fix })],
      bot: 'no',
    };
  }
  const detail = `${policies.length} ${policies.length === 1 ? 'policy' : 'policies'}`;
  const told = of.passed({ name, detail });
  if (bot === undefined) return { checks: [told], bot: 'unknown' };
  const answer = letsIn(app, bot.tokenId, account);
  return { checks: [told, botCheck(answer, bot, { of, place })], bot: answer };
}

// The listings of the two kinds give nothing else.
const appOf = (existing: Existing): App => existing.live as App;

function botCheck(answer: Answer, bot: Bot, { of, place }: { readonly of: Judge; readonly place: Place }): Check {
  const name = 'service token';
  if (answer === 'yes') return of.passed({ name, detail: `${bot.name} is let in` });
  if (answer === 'unknown')
    return of.skipped({ name, detail: `whether ${bot.name} is let in depends on what only Cloudflare knows` });
  const cause = 'A service token needs a Service Auth policy that includes it, on the portal and on each server.';
  const fix =
    place.section === 'portals'
      ? `Add service_tokens: [KEY] to portals.${place.id}, then: mcp-portal apply`
      : `Add service_tokens: [KEY] to the portal (it lets the token into its servers too), then: mcp-portal apply`;
  return of.failed({ name, detail: `no policy lets ${bot.name} in`, cause, fix });
}

/** The token of the account whose client id this is. */
export function botOf(
  clientId: Secret,
  account: Account,
  now: Date,
): { readonly bot: Bot | undefined; check(portal: string): readonly Check[] } {
  const unread = account.unread('service_token');
  const name = 'credentials';
  if (unread !== undefined)
    return { bot: undefined, check: (portal) => [judge('access', portal).skipped({ name, detail: unread })] };
  const rows = account
    .existing('service_token')
    .map(({ live }) => live as { id: string; name: string; client_id: string; expires_at?: string; enabled?: boolean });
  const token = rows.find((row) => row.client_id === clientId.reveal());
  if (token === undefined) {
    const cause = 'The client id belongs to no service token of this account: it was revoked, or is from elsewhere.';
    const fix = 'mcp-portal service-token list, then create or rotate one with --out';
    return {
      bot: undefined,
      check: (portal) => [judge('access', portal).failed({ name, detail: 'unknown client id', cause, fix })],
    };
  }
  const left = Date.parse(token.expires_at ?? '') - now.getTime();
  const days = Math.floor(left / 86_400_000);
  const check = (portal: string): readonly Check[] => {
    const of = judge('access', portal);
    if (token.enabled === false)
      return [
        of.failed({
          name,
          detail: `${token.name} is switched off`,
          cause: 'Access refuses it.',
          fix: `Set service_tokens: ${token.name} enabled: true, then: mcp-portal apply`,
        }),
      ];
    if (left <= 0)
      return [
        of.failed({
          name,
          detail: `${token.name} has expired`,
          cause: 'Access refuses expired tokens.',
          fix: `mcp-portal service-token refresh ${token.name}`,
        }),
      ];
    if (days < 30)
      return [
        of.warned({
          name,
          detail: `${token.name} expires in ${days} days`,
          fix: `mcp-portal service-token refresh ${token.name}`,
        }),
      ];
    return [of.passed({ name, detail: token.name })];
  };
  return { bot: { tokenId: token.id, name: token.name }, check };
}
