/** The documents that a command line names with `-f`, also while it is being typed. Never standard input. */
export function filesIn(words: readonly string[], env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const typed = words.slice(0, -1);
  const files = typed.flatMap((word, at) => {
    if (['-f', '--file'].includes(typed[at - 1] ?? '')) return [word];
    return /^(?:--file=|-f(?=.))(.+)$/.exec(word)?.slice(1) ?? [];
  });
  // Shells leave the home folder to the program that completes.
  return files.filter((file) => file !== '-').map((file) => file.replace(/^~(?=\/)/, env['HOME'] ?? '~'));
}
