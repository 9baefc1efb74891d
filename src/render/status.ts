import type { Frozen } from '../engine/frozen.ts';
import { plainStyle, type Style } from './style.ts';
import { tableText } from './table.ts';
import { neutral } from './value.ts';

/** What a person has to do, or has to know first. */
export type Need = { readonly subject: string; readonly why: string; readonly next?: string };

/** What was shut off on purpose. */
type FrozenRow = Frozen & { readonly address: string };

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
  readonly applications: readonly {
    readonly name: string;
    readonly type: string;
    readonly for: string;
    readonly policies: number;
  }[];
  readonly service_tokens: readonly {
    readonly name: string;
    readonly enabled: boolean;
    readonly expiry: string;
    readonly last_seen_at: string | null;
  }[];
  readonly frozen: readonly FrozenRow[];
  /** Addresses of the document that the account does not have. */
  readonly missing: readonly string[];
  /** How much the account has beside the document. */
  readonly others: number;
};

type StatusOptions = { readonly style?: Style; readonly width: number | undefined };

/** The view as people read it: what needs them first. No newline at the end. */
export function renderStatus(view: StatusView, { style = plainStyle, width }: StatusOptions): string {
  const tables = [portalTable(view), serverTable(view), applicationTable(view), tokenTable(view)];
  const blocks = [
    needsText(view.needs, style),
    view.frozen.map((one) => frozenText(one, style)).join('\n'),
    ...tables.map(({ heads, rows }) => (rows.length === 0 ? '' : tableText(heads, rows, { width }))),
    view.others === 0 ? '' : style.dim(`The account has ${view.others} more that the document does not declare.`),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

type Table = { readonly heads: readonly string[]; readonly rows: readonly (readonly string[])[] };

const portalTable = ({ portals }: StatusView): Table => ({
  heads: ['portal', 'login', 'shown', 'hidden', 'url', 'servers'],
  rows: portals.map((portal) => [
    portal.id,
    portal.login ? 'yes' : 'nobody',
    String(portal.tools_shown),
    String(portal.tools_hidden),
    portal.url,
    portal.servers.join(', '),
  ]),
});

const serverTable = ({ servers }: StatusView): Table => ({
  heads: ['server', 'status', 'auth', 'synced', 'tools', 'prompts', 'portals'],
  rows: servers.map((server) => [
    server.id,
    server.status,
    server.auth,
    server.last_synced?.slice(0, 16) ?? 'never',
    String(server.tools),
    String(server.prompts),
    server.portals.join(', '),
  ]),
});

const applicationTable = ({ applications }: StatusView): Table => ({
  heads: ['application', 'type', 'policies', 'for'],
  rows: applications.map((app) => [app.name, app.type, String(app.policies), app.for]),
});

const tokenTable = ({ service_tokens: tokens }: StatusView): Table => ({
  heads: ['service token', 'expiry', 'last seen'],
  rows: tokens.map((token) => [
    token.enabled ? token.name : `${token.name} (disabled)`,
    token.expiry,
    token.last_seen_at?.slice(0, 10) ?? 'never',
  ]),
});

function needsText(needs: readonly Need[], style: Style): string {
  if (needs.length === 0) return style.green('Nothing needs a person.');
  const lines = needs.flatMap(({ subject, why, next }) => [
    `${style.yellow('?')} ${style.bold(neutral(subject))}: ${neutral(why)}`,
    ...(next === undefined ? [] : [`    next: ${neutral(next)}`]),
  ]);
  return [`Needs a person: ${needs.length}`, ...lines].join('\n');
}

const frozenText = ({ address, since, reason, thaw }: FrozenRow, style: Style): string =>
  [
    `${style.cyan('frozen:')} ${style.bold(neutral(address))} since ${neutral(since)}${reason === undefined ? '' : `: ${neutral(reason)}`}`,
    `    thaw: ${neutral(thaw)}`,
  ].join('\n');
