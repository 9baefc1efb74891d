import { describe, expect, it } from 'vitest';
import { setVariables } from '../../../src/secrets/sinks/dotenv-text.ts';
import { parseDotenv } from '../../../src/spec/env-file.ts';

const set = (text: string, value = 'new') => setVariables(text, [{ name: 'KEY', value }]);

describe('setVariables', () => {
  it.each([
    ['an empty file', '', 'KEY=new\n'],
    ['a file without it', '# mine\nA=1\n', '# mine\nA=1\nKEY=new\n'],
    ['a missing final newline', 'A=1', 'A=1\nKEY=new'],
    ['CRLF', 'A=1\r\n', 'A=1\r\nKEY=new\r\n'],
    ['CRLF around the old value', 'KEY=old\r\nA=1\r\n', 'KEY=new\r\nA=1\r\n'],
    ['its place', 'A=1\nKEY=old\nB=2\n', 'A=1\nKEY=new\nB=2\n'],
    ['no newline after it', 'KEY=old', 'KEY=new'],
    ['export, spaces and a comment', '  export KEY = old # rotate it\n', '  export KEY = new # rotate it\n'],
    ['double quotes', 'KEY="o\\"ld" # c\n', 'KEY="new" # c\n'],
    ['single quotes', "KEY='old'\n", "KEY='new'\n"],
    ['an empty value', 'KEY=\nA=1\n', 'KEY=new\nA=1\n'],
    ['an empty value before a comment', 'KEY= # later\n', 'KEY= new # later\n'],
    ['a comment that looks like it', '#KEY=old\n', '#KEY=old\nKEY=new\n'],
    ['a longer name', 'MYKEY=1\nKEY_2=2\n', 'MYKEY=1\nKEY_2=2\nKEY=new\n'],
    ['a value over several lines', 'P="a\nKEY=inside\n"\nKEY="x\ny"\nB=1\n', 'P="a\nKEY=inside\n"\nKEY="new"\nB=1\n'],
    ['two assignments', 'KEY=a\nB=1\nKEY=b\n', 'KEY=new\nB=1\nKEY=new\n'],
    ['a byte order mark', '\uFEFFKEY=old\n', '\uFEFFKEY=new\n'],
    ['lines that assign nothing', 'what is this\n\n\nKEY=old\n', 'what is this\n\n\nKEY=new\n'],
  ])('keeps %s', (_, before, after) => {
    expect(set(before)).toBe(after);
  });

  it.each(['eyJhIjoi==', 'a b', "it's", 'a$b"c', 'a\\b', '#x', 'it\'s $5 and `x` \\ "q"'])(
    'writes %s so that it reads back the same',
    (value) => {
      for (const text of ['', 'KEY="old"\n', "KEY='old'\nB=1\n"]) expect(parseDotenv(set(text, value))['KEY']).toBe(value);
    },
  );

  it('changes nothing the second time', () => {
    expect(set(set('A=1\n'))).toBe(set('A=1\n'));
  });

  it('refuses what it cannot edit safely', () => {
    expect(() => set('A=1\nB="open\n')).toThrow('line 2 opens a quote that never closes');
    expect(() => set('A=\uFFFD\n')).toThrow('UTF-8');
    expect(() => set('', 'two\nlines')).toThrow('control characters');
  });
});
