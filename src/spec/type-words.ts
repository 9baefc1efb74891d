import { alternatives, quoted } from './report.ts';

const names: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'null',
  never: 'nothing',
};

/** What a value may be, in YAML's words: `"none", "oauth" or a map`. */
export function expectedText(wanted: { readonly expected: readonly string[]; readonly words: readonly string[] }): string {
  const types = new Set(wanted.expected.map((type) => names[type] ?? `a ${type}`));
  const all = [...wanted.words.map(quoted), ...types];
  return all.length > 2 && types.size === 0 ? `one of ${alternatives(all)}` : alternatives(all);
}

/** The usual reason why a value has the wrong type, and how to write it. */
export function typeHint(expected: readonly string[], value: unknown): string | undefined {
  const wants = (...types: readonly string[]): boolean => types.some((type) => expected.includes(type));
  if (wants('string') && (typeof value === 'number' || typeof value === 'boolean')) return 'put quotes around it';
  if (wants('boolean') && typeof value === 'string' && /^(yes|no|on|off|true|false)$/i.test(value))
    return 'write true or false, without quotes';
  if (wants('number', 'int') && typeof value === 'string' && /^[-+]?\d+(\.\d+)?$/.test(value)) return 'remove the quotes';
  if (wants('array') && typeof value === 'string') return 'write it as a list: [ … ]';
  if (wants('object', 'record') && Array.isArray(value)) return 'write `name: …` lines instead of `- …` items';
  return undefined;
}
