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

/** The value of `--color`, with the same tolerance. */
export function colorWanted(args: readonly string[]): 'auto' | 'always' | 'never' {
  const joined = args.join(' ');
  const word = /(?:^| )--color[= ](always|never)(?: |$)/.exec(joined)?.[1];
  return word === 'always' || word === 'never' ? word : 'auto';
}
