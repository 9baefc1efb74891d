import type { Style } from '../render/style.ts';
import { neutral } from '../render/value.ts';
import type { Check } from './check.ts';

/** The checks as one document. Like every document that is not ok, it has an `error`. */
export function doctorJson(checks: readonly Check[]) {
  const bad = checks.filter(({ ok }) => !ok);
  const [first] = bad;
  const shown = checks.map(({ name, ok, status, detail, fix }) => ({
    name,
    ok,
    status,
    detail,
    ...(fix === undefined ? {} : { fix }),
  }));
  const error =
    first === undefined
      ? {}
      : {
          error: {
            code: bad.length === 1 && first.code !== undefined ? first.code : 'check_failed',
            message: bad.map(({ name, detail }) => `${name}: ${detail}`).join('\n'),
            ...(first.fix === undefined ? {} : { hint: first.fix }),
          },
        };
  return { schema_version: 1, ok: bad.length === 0, checks: shown, ...error };
}

const marks = {
  ok: { symbol: '✓', paint: 'green', word: '' },
  warning: { symbol: '!', paint: 'yellow', word: '' },
  failed: { symbol: '✗', paint: 'red', word: '' },
  skipped: { symbol: '-', paint: 'dim', word: 'not checked: ' },
} as const satisfies Record<Check['status'], { readonly symbol: string; readonly paint: keyof Style; readonly word: string }>;

/** A line for each check, with what to do below it, and how many there are of each sort. */
export function doctorText(checks: readonly Check[], style: Style): string {
  return [...checks.map((check) => checkText(check, style)), '', summary(checks)].join('\n');
}

function checkText({ status, name, detail, fix }: Check, style: Style): string {
  const { symbol, paint, word } = marks[status];
  const line = `${style[paint](symbol)} ${style.bold(neutral(name))}: ${word}${lined(detail)}`;
  return fix === undefined ? line : `${line}\n    fix: ${lined(fix)}`;
}

/** Lines stay lines, indented; what a terminal would obey does not stay. */
const lined = (text: string): string => text.split('\n').map(neutral).join('\n      ');

function summary(checks: readonly Check[]): string {
  const count = (status: Check['status']): number => checks.filter((check) => check.status === status).length;
  return `Checks: ${count('ok')} ok, ${count('failed')} failed, ${count('warning')} warnings, ${count('skipped')} not checked.`;
}
