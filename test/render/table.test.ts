import { describe, expect, it } from 'vitest';
import { tableText } from '../../src/render/table.ts';

describe('a table', () => {
  it('aligns its columns without borders or trailing blanks', () => {
    expect(
      tableText(
        ['id', 'note'],
        [
          ['a', ''],
          ['longer', 'x'],
        ],
        { width: undefined },
      ),
    ).toBe('ID      NOTE\na\nlonger  x');
  });

  it('cuts what is wider than the terminal, and shows what a terminal would obey', () => {
    const [head, row] = tableText(['id'], [[`a\u001b[2J${'b'.repeat(30)}`]], { width: 12 }).split('\n');
    expect([head, row]).toEqual(['ID', 'a\\u001b[2Jb…']);
  });
});
