import { neutral } from './value.ts';

export type TableOptions = {
  /** The terminal's width: longer lines are cut. Undefined: nothing is cut. */
  readonly width: number | undefined;
};

const gap = '  ';

/** Aligned columns under their heads, without borders: for people, and for `awk`. */
export function tableText(heads: readonly string[], rows: readonly (readonly string[])[], { width }: TableOptions): string {
  const cells = [heads.map((head) => head.toUpperCase()), ...rows.map((row) => row.map(neutral))];
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(gap)
      .trimEnd(),
  );
  return lines.map((line) => (width !== undefined && line.length > width ? `${line.slice(0, width - 1)}…` : line)).join('\n');
}
