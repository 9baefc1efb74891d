/**
 * Whether a command line asks for JSON, also where it cannot be parsed: a usage error has to be JSON
 * too.
 */
export function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const words = end === -1 ? args : args.slice(0, end);
  return words.some((word, at) => {
    if (['--json', '-ojson', '-o=json', '--output=json'].includes(word)) return true;
    return word === 'json' && ['-o', '--output'].includes(words[at - 1] ?? '');
  });
}
