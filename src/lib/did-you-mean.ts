/**
 * The known word that `word` is most likely a misspelling of; undefined when none is close. Case and
 * the choice between `-` and `_` never count as a difference.
 */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const wanted = fold(word);
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    const folded = fold(candidate);
    const limit = tolerance(Math.max(wanted.length, folded.length));
    if (Math.abs(wanted.length - folded.length) > limit) continue;
    const distance = editDistance(wanted, folded);
    if (distance > limit || (best !== undefined && distance >= best.distance)) continue;
    best = { word: candidate, distance };
  }
  return best?.word;
}

const fold = (word: string): string => word.toLowerCase().replaceAll('-', '_');

/** A short word allows fewer slips, or every two short words would look alike. */
function tolerance(length: number): number {
  if (length <= 2) return 0;
  if (length <= 5) return 1;
  if (length <= 8) return 2;
  return 3;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let before: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const cost = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swap = row > 1 && column > 1 && swapped ? at(before, column - 2) + 1 : Infinity;
      current.push(Math.min(at(previous, column) + 1, at(current, column - 1) + 1, at(previous, column - 1) + cost, swap));
    }
    before = previous;
    previous = current;
  }
  return at(previous, to.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity;
