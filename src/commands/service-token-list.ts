import type { Invocation } from '../cli/command.ts';
import { timeOf } from '../doctor/dates.ts';
import { kindNamed } from '../engine/kind-named.ts';
import { tokenRow, type TokenRow } from '../kinds/access/token-row.ts';
import { kinds } from '../kinds/index.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { tableText } from '../render/table.ts';
import { openFor } from './steps/run-verb.ts';
import { spanOf } from './steps/span.ts';
import { verbDocument } from './steps/verb-document.ts';
import type { tokenListOptions } from './table/service-tokens.ts';

/** Lists service tokens, the next to expire first. With `--expiring` only those that do so soon: exit 2 when there are any. */
export async function run(invocation: Invocation<typeof tokenListOptions>): Promise<ExitCode> {
  const { options, output, world } = invocation;
  const { expiring } = options;
  const now = world.now().getTime();
  const limit = expiring === undefined ? undefined : now + spanOf('expiring', expiring);
  const api = await openFor(invocation, await verbDocument(invocation), []);
  const lives = await kindNamed(kinds, 'service_token').list({ api, desired: [], everything: true });
  const all = lives.map(tokenRow).toSorted((one, other) => endOf(one) - endOf(other));
  const rows = limit === undefined ? all : all.filter((row) => row.duration !== 'forever' && endOf(row) <= limit);
  if (output.format === 'json') output.json({ schema_version: 1, ok: true, service_tokens: rows });
  else output.result(rows.length === 0 ? nothing(expiring) : table(rows, { now, width: output.columns }));
  return limit !== undefined && rows.length > 0 ? exitCodes.changesPending : exitCodes.done;
}

/** What has no known end ends last. */
const endOf = ({ expires_at: end }: TokenRow): number => timeOf(end) ?? Number.MAX_SAFE_INTEGER;

const nothing = (expiring: string | undefined): string =>
  expiring === undefined ? 'No service tokens.' : `No service token expires within ${expiring}.`;

type Shown = { readonly now: number; readonly width: number | undefined };

const table = (rows: readonly TokenRow[], { now, width }: Shown): string =>
  tableText(
    ['name', 'expires', 'last seen', 'duration', 'client id', 'id'],
    rows.map((row) => [
      row.enabled ? row.name : `${row.name} (disabled)`,
      expiry(row, now),
      row.last_seen_at?.slice(0, 10) ?? 'never',
      row.duration ?? '',
      row.client_id ?? '',
      row.id,
    ]),
    { width },
  );

const dayMs = 24 * 3_600_000;

function expiry(row: TokenRow, now: number): string {
  const end = endOf(row);
  if (row.expires_at === null || end === Number.MAX_SAFE_INTEGER) return '';
  const date = row.expires_at.slice(0, 10);
  if (row.duration === 'forever') return 'never';
  if (end <= now) return `${date} (expired)`;
  const days = Math.floor((end - now) / dayMs);
  return `${date} (${days === 0 ? 'in less than a day' : `in ${days} ${days === 1 ? 'day' : 'days'}`})`;
}
