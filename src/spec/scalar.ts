import type { ScalarValue } from './node.ts';

const integer = /^[-+]?[0-9]+$/;
const octal = /^0o[0-7]+$/;
const hexadecimal = /^0x[0-9a-fA-F]+$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const infinite = /^[-+]?\.(?:inf|Inf|INF)$/;
const words: Readonly<Record<string, ScalarValue>> = {
  '': null,
  '~': null,
  null: null,
  Null: null,
  NULL: null,
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
  '.nan': NaN,
  '.NaN': NaN,
  '.NAN': NaN,
};

/** What a scalar without quotes is, by the core schema of YAML 1.2 (§10.3.2). */
export function resolvePlain(text: string): ScalarValue {
  if (Object.hasOwn(words, text)) return words[text] ?? null;
  if (!/^[-+.0-9]/.test(text)) return text;
  if (integer.test(text) || float.test(text) || octal.test(text) || hexadecimal.test(text)) return Number(text);
  if (infinite.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return text;
}
