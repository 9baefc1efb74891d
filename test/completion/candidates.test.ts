import { describe, expect, it } from 'vitest';
import { defineCommand, type CommandGroup } from '../../src/cli/command.ts';
import { globalSpecs } from '../../src/cli/global-options.ts';
import { answerFor } from '../../src/completion/candidates.ts';

const load = async () => ({ run: async () => 0 as const });
const groups: readonly CommandGroup[] = [
  {
    title: 'Toys',
    commands: [
      defineCommand({
        name: 'paint-toy',
        aliases: ['color'],
        summary: 'paint toys',
        args: [
          { name: 'BOX', summary: 'from', required: true, names: 'box' },
          { name: 'TOY', summary: 'which ones', required: false, many: true, names: 'toy' },
        ],
        options: {
          coat: { type: 'choice', value: 'COAT', choices: ['thin', 'thick'], default: 'thin', summary: 'how much' },
          target: { type: 'list', value: 'KIND:KEY', names: 'address', summary: 'only this' },
          note: { type: 'text', value: 'TEXT', summary: 'a note' },
          wait: { type: 'seconds', value: 'SECONDS', bare: true, summary: 'wait' },
        },
        examples: [],
        load,
      }),
      defineCommand({ name: 'box', summary: 'boxes', options: {}, examples: [], load }),
      defineCommand({
        name: 'box open',
        summary: 'open one',
        args: [{ name: 'HOW', summary: 'how', required: true, choices: ['slowly', 'fast'] }],
        options: {},
        examples: [],
        load,
      }),
      defineCommand({ name: 'shelf list', summary: 'list shelves', options: {}, examples: [], load }),
      defineCommand({ name: '__count', hidden: true, summary: 'for programs', options: {}, examples: [], load }),
    ],
  },
];

/** The words of a line; a space at its end starts a new one. */
const answer = (line: string) => answerFor(line.split(' '), groups);
const words = (line: string) => answer(line).candidates.map(({ word }) => word);
const shared = [...Object.keys(globalSpecs).map((name) => `--${name}`), '--help'];

describe('commands', () => {
  it.each(['', 'p', '-y ', '-f a.yaml ', '--file=a.yaml --sandbox '])('stand behind "%s"', (line) => {
    expect(answer(line).candidates).toEqual([
      { word: 'paint-toy', about: 'paint toys' },
      { word: 'box', about: 'boxes' },
      { word: 'shelf', about: 'list' },
      { word: 'help', about: 'show the help of a command' },
    ]);
  });

  it('stand behind help, without help', () => {
    expect(words('help ')).toEqual(['paint-toy', 'box', 'shelf']);
    expect(words('help shelf ')).toEqual(['list']);
    expect(words('help paint-toy ')).toEqual([]);
  });

  it('have their second words', () => {
    expect(answer('shelf ').candidates).toEqual([{ word: 'list', about: 'list shelves' }]);
    expect(words('box ')).toEqual(['open']);
    expect(words('box --yes o')).toEqual(['open']);
  });

  it.each(['unknown ', 'box unknown ', 'unknown -'])('that do not exist have nothing behind them: "%s"', (line) => {
    expect(answer(line)).toEqual({ candidates: [] });
  });
});

describe('options', () => {
  it('are those of the command, then those of all', () => {
    const own = ['--coat', '--target', '--note', '--wait'];
    expect(words('paint-toy -')).toEqual([...own, ...shared]);
    expect(words('paint_toy --pa')).toEqual([...own, ...shared]);
    expect(words('color -')).toEqual([...own, ...shared]);
    expect(words('box open -')).toEqual(shared);
    expect(words('-')).toEqual([...shared, '--version']);
  });

  it('are offered where no argument is left', () => {
    expect(words('box open fast ')).toEqual(shared);
    expect(words('shelf list ')).toEqual(shared);
  });

  it('are nothing behind --', () => {
    expect(answer('paint-toy -- -')).toEqual({ candidates: [], names: 'box' });
    expect(answer('paint-toy red -- -')).toEqual({ candidates: [], names: 'toy' });
  });
});

describe('values', () => {
  it('are those of a choice', () => {
    expect(words('paint-toy --coat ')).toEqual(['thin', 'thick']);
    expect(words('-yo ')).toEqual(['text', 'json', 'markdown']);
    expect(answer('--color=a')).toMatchObject({ before: '--color=', candidates: [{ word: 'auto' }, {}, {}] });
  });

  it('are names where the option says so', () => {
    expect(answer('paint-toy --target ')).toEqual({ candidates: [], names: 'address' });
    expect(answer('paint-toy a b --target=to')).toEqual({ candidates: [], names: 'address', before: '--target=' });
  });

  it.each(['paint-toy --note ', '--file ', 'paint-toy --note=a', '--nonsense='])('are free behind "%s"', (line) => {
    expect(answer(line)).toMatchObject({ candidates: [] });
    expect(answer(line).names).toBeUndefined();
  });

  it('do not follow an option that stands alone', () => {
    expect(answer('paint-toy --wait ')).toEqual({ candidates: [], names: 'box' });
  });
});

describe('arguments', () => {
  it('name what the table says, each in its place', () => {
    expect(answer('paint-toy ').names).toBe('box');
    expect(answer('paint-toy --note text ').names).toBe('box');
    expect(answer('paint-toy red ').names).toBe('toy');
    expect(answer('paint-toy red car train ').names).toBe('toy');
  });

  it('have their choices', () => {
    expect(words('box open ')).toEqual(['slowly', 'fast']);
  });
});
