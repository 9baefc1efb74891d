import type { Style } from '../render/style.ts';
import { neutral } from '../render/value.ts';
import { layers, type Check } from './check.ts';

const counted = (checks: readonly Check[]) => {
  const count = (status: Check['status']): number => checks.filter((check) => check.status === status).length;
  return { ok: count('ok'), failed: count('failed'), warnings: count('warning'), not_checked: count('skipped') };
};

/** The checks as one document. Like every document that is not ok, it has an `error`. */
export function verifyJson(checks: readonly Check[], at: Date) {
  const bad = checks.filter(({ ok }) => !ok);
  const [first] = bad;
  const error =
    first === undefined
      ? {}
      : {
          error: {
            code: 'check_failed',
            message: bad.map(({ layer, subject, name, detail }) => `${layer} ${subject} ${name}: ${detail}`).join('\n'),
            ...(first.fix === undefined ? {} : { hint: first.fix }),
          },
        };
  return { schema_version: 1, ok: bad.length === 0, at: at.toISOString(), summary: counted(checks), checks, ...error };
}

const marks = {
  ok: { symbol: '✓', paint: 'green', word: '' },
  warning: { symbol: '!', paint: 'yellow', word: 'warning: ' },
  failed: { symbol: '✗', paint: 'red', word: 'failed: ' },
  skipped: { symbol: '-', paint: 'dim', word: 'not checked: ' },
} as const satisfies Record<Check['status'], { readonly symbol: string; readonly paint: keyof Style; readonly word: string }>;

/** Layer by layer, a line for each check, with cause and next step below what is wrong. */
export function verifyText(checks: readonly Check[], style: Style): string {
  const blocks = layers.flatMap((layer) => {
    const own = checks.filter((check) => check.layer === layer);
    return own.length === 0 ? [] : [[style.bold(layer), ...own.map((check) => checkText(check, style))].join('\n')];
  });
  return [...blocks, '', summary(checks)].join('\n');
}

/** One check, as `--watch` prints it too. */
export function checkText({ status, subject, name, detail, cause, fix }: Check, style: Style): string {
  const { symbol, paint, word } = marks[status];
  const lines = [
    `  ${style[paint](symbol)} ${neutral(subject)} ${neutral(name)}: ${word}${neutral(detail)}`,
    ...(cause === undefined ? [] : [`      cause: ${neutral(cause)}`]),
    ...(fix === undefined ? [] : [`      fix: ${neutral(fix)}`]),
  ];
  return lines.join('\n');
}

export function summary(checks: readonly Check[]): string {
  const { ok, failed, warnings, not_checked: skipped } = counted(checks);
  return `Checks: ${ok} ok, ${failed} failed, ${warnings} warnings, ${skipped} not checked.`;
}

const longest = 60_000;

/** For a pull request or an issue: what is wrong in words, the rest in a table. Nothing of a server can become markup. */
export function verifyMarkdown(checks: readonly Check[]): string {
  const wrong = checks.filter(({ status }) => status === 'failed' || status === 'warning');
  const told = wrong.flatMap(({ status, layer, subject, name, detail, cause, fix }) => [
    `- **${status}** ${layer} ${code(subject)} ${code(name)}: ${code(detail)}`,
    ...(cause === undefined ? [] : [`  - cause: ${code(cause)}`]),
    ...(fix === undefined ? [] : [`  - fix: ${code(fix)}`]),
  ]);
  const rows = checks.map(
    ({ layer, subject, name, status, detail }) =>
      `| ${marks[status].symbol} | ${layer} | ${code(subject)} | ${code(name)} | ${code(detail)} |`,
  );
  const table = [
    '<details><summary>All checks</summary>',
    '',
    '| | layer | subject | check | seen |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    '</details>',
  ];
  const whole = [summary(checks), ...(told.length === 0 ? [] : ['', ...told]), '', ...table].join('\n');
  return whole.length <= longest ? whole : `${[summary(checks), '', ...told].join('\n').slice(0, longest)}\n\n(cut: too long)`;
}

/** A code span that its text cannot leave, nor the cell of a table. */
const code = (text: string): string => {
  const shown = neutral(text).replaceAll('`', "'").replaceAll('|', '\\|');
  return `\`${shown.length <= 300 ? shown : `${shown.slice(0, 300)}…`}\``;
};
