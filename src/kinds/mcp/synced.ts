import { isPlain, memberOf, type Plain } from '../../engine/values.ts';
import { orphanedOverrides } from './orphans.ts';

/** Settings for tools and prompts, and where they stand: `portals.tools.servers.notes`. */
export type OverrideSpot = { readonly where: string; readonly said: Plain };

/** What a sync did to a server, as `sync-server` shows it. */
export type SyncedRow = {
  readonly id: string;
  /** Cloudflare's word; `gone` for a server that is not there any more. */
  readonly status: string;
  readonly tools_added: readonly string[];
  readonly tools_removed: readonly string[];
  readonly prompts_added: readonly string[];
  readonly prompts_removed: readonly string[];
  readonly warnings: readonly string[];
  readonly error?: string;
  /** What a person has to do before it can be read, and where. */
  readonly next?: string;
};

type Looks = {
  readonly id: string;
  /** The server as it was listed before the sync and after it; undefined after for one that is gone. */
  readonly before: unknown;
  readonly after: unknown;
  readonly overrides: readonly OverrideSpot[];
  readonly error?: string | undefined;
  readonly next?: string | undefined;
};

/** What appeared and disappeared. A server that is not ready was not read: it says nothing of its tools. */
export function syncedRow({ id, before, after, overrides, error, next }: Looks): SyncedRow {
  const status = memberOf(after, 'status');
  const isRead = status === 'ready';
  const tools = isRead ? changes(before, after, 'tools') : none;
  const prompts = isRead ? changes(before, after, 'prompts') : none;
  return {
    id,
    status: after === undefined ? 'gone' : typeof status === 'string' ? status : 'waiting',
    tools_added: tools.added,
    tools_removed: tools.removed,
    prompts_added: prompts.added,
    prompts_removed: prompts.removed,
    warnings: isRead ? orphans(overrides, after) : [],
    ...(error === undefined ? {} : { error }),
    ...(next === undefined ? {} : { next }),
  };
}

const none = { added: [], removed: [] } as const;

/** The names of what a server offers; null while nobody has looked (Q17). */
export function namesIn(server: unknown, list: 'tools' | 'prompts'): readonly string[] {
  const items = memberOf(server, list);
  return Array.isArray(items) ? items.filter(isPlain).map(({ name }) => String(name)) : [];
}

function changes(before: unknown, after: unknown, list: 'tools' | 'prompts') {
  const [former, present] = [namesIn(before, list), namesIn(after, list)];
  return {
    added: present.filter((name) => !former.includes(name)),
    removed: former.filter((name) => !present.includes(name)),
  };
}

/** The document and the account may say the same: once is enough. */
const orphans = (overrides: readonly OverrideSpot[], server: unknown): readonly string[] => [
  ...new Set(
    overrides.flatMap(({ where, said }) =>
      orphanedOverrides(said, { where, server, place: { file: '', line: 0, column: 0, path: where } }).map(
        ({ message }) => message,
      ),
    ),
  ),
];
