import type { SyncedRow } from '../../kinds/mcp/synced.ts';
import type { Style } from '../../render/style.ts';
import { neutral } from '../../render/value.ts';

/** What syncs have brought, for people: a line for each server, and below it what appeared and disappeared. */
export const syncText = (rows: readonly SyncedRow[], style: Style): string => rows.map((row) => rowText(row, style)).join('\n');

function rowText(row: SyncedRow, style: Style): string {
  const { tools_added: tools, tools_removed: lostTools, prompts_added: prompts, prompts_removed: lostPrompts } = row;
  const lines = [
    ...tools.map((name) => `  ${style.green('+')} tool ${neutral(name)}`),
    ...lostTools.map((name) => `  ${style.red('-')} tool ${neutral(name)}`),
    ...prompts.map((name) => `  ${style.green('+')} prompt ${neutral(name)}`),
    ...lostPrompts.map((name) => `  ${style.red('-')} prompt ${neutral(name)}`),
  ];
  const news = row.status === 'ready' && lines.length === 0 ? ', nothing new' : '';
  const error = row.error === undefined ? '' : `: ${neutral(row.error)}`;
  const warnings = row.warnings.map((warning) => `  ${style.yellow('warning:')} ${neutral(warning)}`);
  return [`${neutral(row.id)}: ${neutral(row.status)}${error}${news}`, ...lines, ...warnings].join('\n');
}
