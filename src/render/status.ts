import { plainStyle, type Style } from './style.ts';
import { tableText } from './table.ts';
import { neutral } from './value.ts';

/** What a person has to do, or has to know first. */
export type Need = { readonly subject: string; readonly why: string; readonly next?: string };

/** What was shut off on purpose, and since when. */
export type Frozen = { readonly address: string; readonly since: string | undefined };

/** An account, or a document's part of it, on one screen. */
export type StatusView = {
  readonly needs: readonly Need[];
  readonly portals: readonly {
    readonly id: string;
    readonly url: string;
    readonly servers: readonly string[];
    readonly tools_shown: number;
    readonly tools_hidden: number;
    readonly login: boolean;
  }[];
  readonly servers: readonly {
    readonly id: string;
    readonly status: string;
    readonly auth: string;
    readonly last_synced: string | null;
    readonly tools: number;
    readonly prompts: number;
    readonly portals: readonly string[];
  }[];
  readonly applications: readonly { readonly name: string; readonly type: string; readonly for: string; readonly policies: number }[];
  readonly service_tokens: readonly { readonly name: string; readonly enabled: boolean; readonly expiry: string; readonly last_seen_at: string | null }[];
  readonly frozen: readonly Frozen[];
  /** Addresses of the document that the account does not have. */
  readonly missing: readonly string[];
  /** How much the account has beside the document. */
  readonly others: number;
};

type StatusOptions = { readonly style?: Style; readonly width: number | undefined };

/** The view as people read it: what needs them first. No newline at the end. */
export function renderStatus(view: StatusView, { style = plainStyle, width }: StatusOptions): string {
  const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
    rows.length === 0 ? '' : tableText(heads, rows, { width });
  const blocks = [
    needsText(view.needs, style),
    view.frozen.map(({ address, since }) => `${style.cyan('frozen:')} ${neutral(address)}${since === undefined ? '' : ` since ${neutral(since)}`}`).join('\n'),
    table(
      ['portal', 'login', 'shown', 'hidden', 'url', 'servers'],
      view.portals.map((portal) => [portal.id, portal.login ? 'yes' : 'nobody', String(portal.tools_shown), String(portal.tools_hidden), portal.url, portal.servers.join(', ')]),
    ),
    table(
      ['server', 'status', 'auth', 'synced', 'tools', 'prompts', 'portals'],
      view.servers.map((server) => [server.id, server.status, server.auth, server.last_synced?.slice(0, 16) ?? 'never', String(server.tools), String(server.prompts), server.portals.join(', ')]),
    ),
    table(
      ['application', 'type', 'policies', 'for'],
      view.applications.map((app) => [app.name, app.type, String(app.policies), app.for]),
    ),
    table(
      ['service token', 'expiry', 'last seen'],
      view.service_tokens.map((token) => [token.enabled ? token.name : `${token.name} (disabled)`, token.expiry, token.last_seen_at?.slice(0, 10) ?? 'never']),
    ),
    view.others === 0 ? '' : style.dim(`The account has ${view.others} more that the document does not declare.`),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function needsText(needs: readonly Need[], style: Style): string {
  if (needs.length === 0) return style.green('Nothing needs a person.');
  const lines = needs.flatMap(({ subject, why, next }) => [
    `${style.yellow('?')} ${style.bold(neutral(subject))}: ${neutral(why)}`,
    ...(next === undefined ? [] : [`    next: ${neutral(next)}`]),
  ]);
  return [`Needs a person: ${needs.length}`, ...lines].join('\n');
}
