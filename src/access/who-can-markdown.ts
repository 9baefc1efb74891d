import { neutral } from '../render/value.ts';
import { accessMarks, changeLine, changesSummary, viewLines } from './who-can-text.ts';
import type { Compared } from './who-can-json.ts';
import type { PortalAccess, ServerAccess } from './who-can.ts';

/** GitHub refuses comments of more than 65,536 characters. */
const longest = 65_000;

/** A code span in a table cell, which its text cannot leave. */
const code = (text: string): string =>
  `\`${neutral(text)
    .replaceAll('`', "'")
    .replaceAll('|', '\\|')
    .slice(0, 300)
    .replace(/[\\\uD800-\uDBFF]$/, '')}\``;

export function whoCanMarkdown(who: string, portals: readonly PortalAccess[]): string {
  const rows = portals.flatMap((portal) => [row(portal, undefined), ...portal.servers.map((server) => row(portal, server))]);
  const head = [
    `Access of ${code(who)}, by the document alone.`,
    '',
    '| portal | server | access | why | tools |',
    '| --- | --- | --- | --- | --- |',
  ];
  return limited(head, rows, []);
}

function row(portal: PortalAccess, server: ServerAccess | undefined): string {
  const { access, why } = server ?? portal;
  const { symbol, word } = accessMarks[access];
  const views = server === undefined || server.access === 'no' ? [] : viewLines(server);
  const cells = [
    code(portal.id),
    server === undefined ? '' : code(server.id),
    `${symbol} ${word}`,
    code(why),
    views.map(code).join('<br>'),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Outside the fence stand only our own words and code spans, so that nothing in a name becomes markup or a mention. */
export function changesMarkdown(who: string, compared: Compared): string {
  const { ref, changes } = compared;
  const [, counts = ''] = changesSummary(compared).split(': ');
  if (changes.length === 0) return `Access of ${code(who)}: the same as in ${code(ref)}.\n`;
  const lines = changes.map((change) => changeLine(change).slice(0, 2000));
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length);
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run + 1)));
  return limited([`Access of ${code(who)}, compared with ${code(ref)}: ${counts}`, '', `${fence}diff`], lines, [fence]);
}

/** As many lines as fit into a comment, with a count of the others. */
function limited(head: readonly string[], lines: readonly string[], tail: readonly string[]): string {
  let room = longest - head.join('\n').length - 200;
  const over = lines.findIndex((line) => (room -= line.length + 1) < 0);
  const kept = over === -1 ? lines : lines.slice(0, over);
  const left = lines.length - kept.length;
  const note = left === 0 ? [] : ['', `Left out because it is too long for a comment: ${left} lines.`];
  return `${[...head, ...kept, ...tail, ...note].join('\n')}\n`;
}
