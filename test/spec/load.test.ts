import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Section } from '../../src/engine/kind.ts';
import { loadDocument as loadParsed, type LoadOptions } from '../../src/spec/load.ts';
import { parse } from '../../src/spec/parse.ts';
import { withoutMark } from '../../src/spec/source.ts';
import { SpecError } from '../../src/spec/spec-error.ts';
import { books, sections } from './toy-sections.ts';

const loadDocument = (options: Omit<LoadOptions, 'parsed'>) =>
  loadParsed({ ...options, parsed: options.sources.map(({ name, text }) => parse(withoutMark({ name, text }))) });
const load = (text: string, env = {}) => loadDocument({ sources: [{ name: 'portal.yaml', text }], sections, env });

function errorOf(text: string, env = {}): SpecError {
  try {
    load(text, env);
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
  throw new Error('the document was accepted');
}

/** `LINE:COLUMN CODE message | hint` of each finding. */
const told = (text: string, env = {}): readonly string[] =>
  errorOf(text, env).findings.map(
    ({ place, code, message, hint }) =>
      `${place?.line}:${place?.column} ${code} ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  );
const entry = (fields: string): string => `version: 1\nbooks:\n  a:\n    url: https://a.example\n    ${fields}\n`;

describe('loadDocument', () => {
  it('gives entries by section and key, with their places', () => {
    const document = load(
      'version: 1\naccount: ${ACCOUNT}\nbooks:\n  a: { url: "https://${HOST:-x}.example", authors: [b, c] }\nloans:\n  - type: short\n    days: 3\n',
      {
        ACCOUNT: 'acc',
      },
    );
    expect(document).toMatchObject({ version: 1, account: 'acc', findings: [] });
    const book = document.sections.entry('books', 'a');
    expect(book?.value).toEqual({ url: 'https://x.example', authors: ['b', 'c'] });
    expect(book?.place).toEqual({ file: 'portal.yaml', line: 4, column: 3, path: 'books.a' });
    expect(book?.at('authors', 1)).toEqual({ file: 'portal.yaml', line: 4, column: 56, path: 'books.a.authors[1]' });
    expect(book?.at('title')).toEqual({ file: 'portal.yaml', line: 4, column: 3, path: 'books.a.title' });
    const [loan] = document.sections.entries('loans');
    expect(loan).toMatchObject({
      key: '0',
      value: { type: 'short', days: 3 },
      place: { line: 6, column: 5, path: 'loans[0]' },
    });
    expect(document.sections.entries('shelves')).toEqual([]);
    expect(document.sections.entry('shelves', 'x')).toBeUndefined();
  });

  it('builds a schema only for a section that has entries', () => {
    const unbuilt: Section = { ...books, schema: () => expect.fail('built') };
    for (const text of ['version: 1\n', 'version: 1\nbooks:\n', 'version: 1\nbooks: {}\n']) {
      expect(() => loadDocument({ sources: [{ name: 'x', text }], sections: [unbuilt], env: {} })).not.toThrow();
    }
  });

  it('takes an empty entry of a map section for one without fields', () => {
    expect(load('version: 1\nshelves:\n  top:\n').sections.entry('shelves', 'top')?.value).toEqual({});
  });

  it('keeps absent and protect beside what the schema knows', () => {
    const document = load(
      'version: 1\nbooks:\n  a: { absent: true }\n  b:\n    url: https://b.example\n    protect: ${KEEP}\nloans:\n  - { type: short, days: 1, absent: true }\n',
      { KEEP: 'true' },
    );
    expect(document.sections.entries('books').map(({ value }) => value)).toEqual([
      { absent: true },
      { url: 'https://b.example', protect: true },
    ]);
    expect(document.sections.entries('loans')[0]?.value).toEqual({ type: 'short', days: 1, absent: true });
  });

  it('gives a number or boolean where the schema wants one and a variable is all that is written', () => {
    const env = { N: '12', B: 'false', T: '30' };
    const fields = entry('pages: ${N}\n    printed: ${B}\n    title: ${N}\n    chapters: { x: true }');
    expect(load(fields, env).sections.entry('books', 'a')?.value).toMatchObject({
      pages: 12,
      printed: false,
      title: '12',
    });
    expect(
      load('version: 1\nloans:\n  - type: long\n    weeks: ${N}\n    until: ${T}\n', env).sections.entries('loans')[0]?.value,
    ).toEqual({ type: 'long', weeks: 12, until: 30 });
    expect(told(entry('pages: "${N}"'), env)).toEqual(['5:12 MCP103 books.a.pages: expected a number, found the string "${N}"']);
    expect(told(entry('pages: ${N}'), { N: 'many' })).toEqual([
      '5:12 MCP103 books.a.pages: expected a number, found the string "${N}"',
    ]);
  });

  it('returns warnings of a valid document', () => {
    expect(load('version: 1\nshelves: { dusty: }\n').findings).toMatchObject([
      { severity: 'warning', code: 'MCP001', place: { line: 2, column: 12 } },
    ]);
  });
});

describe('errors of a document', () => {
  it('come all at once, in the order of the file, with exit code 64', () => {
    const error = errorOf(
      'version: 2\nboks: {}\nbooks:\n  a: { url: x, shelf: none }\n  b: { url: "https://${HOST}", shelf: none }\n  c: { url: https://c.example, shelf: none }\n',
    );
    expect(error.findings.map(({ code, place }) => `${place?.line} ${code}`)).toEqual([
      '1 MCP110',
      '2 MCP102',
      '4 MCP109',
      '5 MCP105',
      '5 MCP200',
      '6 MCP200',
    ]);
    expect(error).toMatchObject({
      exitCode: 64,
      code: 'invalid_document',
      message: 'portal.yaml:1:10: version: this program reads version 1, found the number 2 (and 5 more errors)',
    });
    expect(error.facts).toMatchObject({ path: 'version', line: 1, hint: 'write `version: 1`' });
    expect(error.sources).toMatchObject([{ name: 'portal.yaml' }]);
  });

  it.each<[string, string]>([
    ['books: {}\n', '1:1 MCP104 missing key "version" in the document | start with `version: 1`'],
    ['verson: 1\n', '1:1 MCP102 unknown key "verson" in the document | did you mean "version"?'],
    ['version: 1\nx: 1\n', '2:1 MCP102 unknown key "x" in the document | known here: version, account, books, shelves, loans'],
    ['version: 1\naccount: 12\n', '2:10 MCP103 account: expected a string, found the number 12 | put quotes around it'],
    ['version: 1\nbooks: [a]\n', '2:1 MCP103 books: expected a map, found a list | write `name: …` entries'],
    ['version: 1\nloans: { a: 1 }\n', '2:1 MCP103 loans: expected a list, found a map | write `- …` items'],
    ['version: 1\nbooks: text\n', '2:8 MCP103 books: expected a map, found the string "text" | write `name: …` entries'],
    ['version: 1\nbooks:\n  a: text\n', '3:6 MCP103 books.a: expected a map, found the string "text"'],
    ['version: 1\nbooks:\n  a:\n', '3:3 MCP104 missing key "url" in books.a'],
    ['version: 1\nbooks:\n  a: { urll: https://a.example }\n', '3:8 MCP102 unknown key "urll" in books.a | did you mean "url"?'],
    ['version: 1\nshelves:\n  a: { xyz: 1 }\n', '3:8 MCP102 unknown key "xyz" in shelves.a | known here: room, absent, protect'],
    ['version: 1\nshelves:\n  a: { absnt: true }\n', '3:8 MCP102 unknown key "absnt" in shelves.a | did you mean "absent"?'],
    ['version: 1\nshelves:\n  a: { absent: maybe }\n', '3:16 MCP103 shelves.a.absent: expected true or false'],
    [
      'version: 1\nloans:\n  - { type: brief }\n',
      '3:13 MCP109 loans[0].type: expected "short" or "long", found the string "brief"',
    ],
    ['version: 1\nloans:\n  - { days: 1 }\n', '3:5 MCP104 missing key "type" in loans[0]'],
    ['version: 1\nloans:\n  - { type: short, days: 9 }\n', '3:26 MCP109 loans[0].days: must be at most 7'],
    ['version: 1\nloans:\n  - text\n', '3:5 MCP103 loans[0]: expected a map, found the string "text"'],
    [entry('title: 3'), '5:12 MCP103 books.a.title: expected a string, found the number 3 | put quotes around it'],
    [entry('title: ""'), '5:12 MCP109 books.a.title: must not be empty'],
    [entry('title: [x]'), '5:5 MCP103 books.a.title: expected a string, found a list'],
    [entry('title: ~'), '5:5 MCP103 books.a.title: expected a string, found null'],
    [
      entry('printed: yes'),
      '5:14 MCP103 books.a.printed: expected true or false, found the string "yes" | write true or false, without quotes',
    ],
    [entry('pages: "3"'), '5:12 MCP103 books.a.pages: expected a number, found the string "3" | remove the quotes'],
    [entry('pages: 1.5'), '5:12 MCP103 books.a.pages: expected a whole number, found the number 1.5'],
    [entry('authors: x'), '5:14 MCP103 books.a.authors: expected a list, found the string "x" | write it as a list: [ … ]'],
    [entry('authors: [x, 1]'), '5:18 MCP103 books.a.authors[1]: expected a string, found the number 1 | put quotes around it'],
    [
      entry('genre: poetri'),
      '5:12 MCP109 books.a.genre: expected one of "novel", "poetry" or "essay", found the string "poetri" | did you mean "poetry"?',
    ],
    [entry('genre: []'), '5:5 MCP103 books.a.genre: expected one of "novel", "poetry" or "essay", found a list'],
    [
      entry('lending: fre'),
      '5:14 MCP109 books.a.lending: expected "free", "closed" or a map, found the string "fre" | did you mean "free"?',
    ],
    [entry('lending: { membr: x }'), '5:16 MCP102 unknown key "membr" in books.a.lending | did you mean "member"?'],
    [
      entry('lending: { deposit: { amount: x } }'),
      '5:35 MCP103 books.a.lending.deposit.amount: expected a number, found the string "x"',
    ],
    [entry('lending: {}'), '5:5 MCP104 books.a.lending needs one of "member" or "deposit"'],
    [
      entry('lending: { member: x, deposit: { amount: 1 } }'),
      '5:27 MCP102 the key "deposit" cannot be combined with the others in books.a.lending | keep one of them',
    ],
    [entry('chapters: { one: { alis: x } }'), '5:24 MCP102 unknown key "alis" in books.a.chapters.one | did you mean "alias"?'],
    [
      entry('chapters: { one.two: 3 }'),
      '5:26 MCP103 books.a.chapters["one.two"]: expected true or false or a map, found the number 3',
    ],
    [
      entry('title: ${X} and ${X:?}'),
      '5:12 MCP105 the variable X is not set | set X in the environment (or with --env-file), or give a default: ${X:-…}',
    ],
    [entry('shelf: none'), '5:12 MCP200 there is no shelf "none"'],
  ])('in %j', (text, expected) => {
    expect(told(text)[0]).toBe(expected);
  });

  it('do not name a key twice, as unknown and as missing', () => {
    expect(told('version: 1\nbooks:\n  a: { urll: x }\n')).toHaveLength(1);
    expect(told(entry('lending: { membr: x }'))).toHaveLength(1);
    expect(told('verson: 1\n')).toHaveLength(1);
  });

  it('name every missing variable and nothing that only follows from one', () => {
    expect(told('version: 1\nbooks:\n  a: { url: "${A}", title: "${B}${C}" }\n').map((line) => line.slice(0, 37))).toEqual([
      '3:13 MCP105 the variable A is not set',
      '3:28 MCP105 the variable B is not set',
      '3:28 MCP105 the variable C is not set',
    ]);
  });

  it('never show the value of a variable', () => {
    const error = errorOf(entry('pages: ${TOKEN}\n    genre: ${TOKEN}\n    absent: ${TOKEN}'), {
      TOKEN: 's3cret-value',
    });
    expect(error.findings).toHaveLength(3);
    expect(JSON.stringify([error.findings, error.message, error.facts])).not.toContain('s3cret-value');
  });

  it('leave a mention of an entry alone whose own fields are wrong', () => {
    expect(told('version: 1\nbooks:\n  a: { url: https://a.example, shelf: top }\nshelves:\n  top: { rom: x }\n')).toEqual([
      '5:10 MCP102 unknown key "rom" in shelves.top | did you mean "room"?',
    ]);
  });

  it('hide what a check stumbles over only while there are others', () => {
    const fragile: Section = {
      ...books,
      check: () => {
        throw new Error('a bug');
      },
    };
    const check = (text: string) => () => loadDocument({ sources: [{ name: 'x', text }], sections: [fragile], env: {} });
    expect(check(entry('title: x'))).toThrow('a bug');
    expect(check(`${entry('title: x')}x: 1\n`)).toThrow(SpecError);
  });

  it('of syntax come from every file, before anything else', () => {
    const sources = [
      { name: 'a.yaml', text: 'version: [\n' },
      { name: 'b.yaml', text: '- x\n' },
    ];
    expect(() => loadDocument({ sources, sections, env: {} })).toThrow(/^a\.yaml:2:1: .* \(and 1 more error\)$/);
  });
});

describe('what a schema says', () => {
  const step = z.strictObject({
    name: z.string(),
    get next() {
      return z.lazy(() => step).optional();
    },
  });
  const garden: Section = {
    name: 'garden',
    shape: 'map',
    expand: () => [],
    schema: () =>
      z.strictObject({
        height: z.number().min(1).lt(10).multipleOf(0.5).optional(),
        code: z
          .string()
          .length(3)
          .regex(/^[a-z]+$/)
          .optional(),
        mail: z.email().optional(),
        note: z.string().max(2).startsWith('n').optional(),
        tags: z.array(z.string()).min(1).max(2).optional(),
        names: z.record(z.string().regex(/^[a-z]+$/), z.string()).optional(),
        soil: z
          .string()
          .refine((text) => text !== 'mud', 'mud is no soil')
          .optional(),
        sun: z.enum(['full', 'half'], 'say how much sun').optional(),
        water: z.union([z.literal('rain'), z.number()], 'rain or litres').optional(),
        pair: z.tuple([z.string(), z.string()]).optional(),
        either: z.xor([z.object({ a: z.string() }), z.object({ b: z.string() })]).optional(),
        both: z.intersection(z.object({ left: z.string() }), z.object({ right: z.string() })).optional(),
        step: step.optional(),
        shaped: z
          .strictObject({ inner: z.string() })
          .transform(({ inner }) => inner)
          .optional(),
        cooked: z.preprocess((value) => value, z.strictObject({ salt: z.string() })).optional(),
      }),
  };
  const said = (fields: string): readonly string[] => {
    try {
      loadDocument({ sources: [{ name: 'x', text: `version: 1\ngarden:\n  g: { ${fields} }\n` }], sections: [garden], env: {} });
    } catch (error) {
      if (error instanceof SpecError)
        return error.findings.map(
          ({ message, hint }) => message.replace(/^garden\.g\./, '') + (hint === undefined ? '' : ` | ${hint}`),
        );
    }
    return [];
  };

  it.each([
    ['height: 0', 'height: must be at least 1'],
    ['height: 10', 'height: must be less than 10'],
    ['height: 1.2', 'height: must be a multiple of 0.5'],
    ['code: ab', 'code: must have exactly 3 characters'],
    ['code: A1B', 'code: does not match /^[a-z]+$/'],
    ['mail: x', 'mail: is not an email address'],
    ['note: abc', 'note: must have at most 2 characters'],
    ['tags: []', 'tags: must not be empty'],
    ['tags: [a, b, c]', 'tags: must have at most 2 items'],
    ['names: { A: x }', 'names.A: the key is not allowed: does not match /^[a-z]+$/'],
    ['soil: mud', 'soil: mud is no soil'],
    ['sun: none', 'sun: say how much sun'],
    ['water: [x]', 'water: rain or litres'],
    ['pair: [x]', 'pair: must have at least 2 items'],
    ['either: { a: x, b: y }', 'either: more than one of its forms is given: keep one'],
    ['both: { left: x }', 'missing key "right" in garden.g.both'],
    ['step: { name: a, next: { nam: b } }', 'unknown key "nam" in garden.g.step.next | did you mean "name"?'],
    ['shaped: { innr: x }', 'unknown key "innr" in garden.g.shaped | did you mean "inner"?'],
    ['cooked: { slat: x }', 'unknown key "slat" in garden.g.cooked | did you mean "salt"?'],
    [`code: ${'x'.repeat(50)}`, 'code: must have exactly 3 characters'],
    [`height: ${'x'.repeat(50)}`, `height: expected a number, found the string "${'x'.repeat(39)}…"`],
    ['height: ""', 'height: expected a number, found an empty string'],
    ['tags: { a: 1 }', 'tags: expected a list, found a map'],
    ['names: [a]', 'names: expected a map, found a list | write `name: …` lines instead of `- …` items'],
  ])('of %j is told in a sentence', (fields, expected) => {
    expect(said(fields)[0]).toBe(expected);
  });

  it('of an entry that is no map is a fault of the program', () => {
    const flat: Section = { ...garden, schema: () => z.object({}).transform(() => 'flat') };
    expect(() =>
      loadDocument({ sources: [{ name: 'x', text: 'version: 1\ngarden: { g: {} }\n' }], sections: [flat], env: {} }),
    ).toThrow('gives no map');
  });
});

describe('several files', () => {
  const merged = (...texts: readonly string[]) =>
    loadDocument({ sources: texts.map((text, index) => ({ name: `${index}.yaml`, text })), sections, env: {} });

  it('merge maps, replace lists and scalars, and keep the place of each value', () => {
    const document = merged(
      'version: 1\nbooks:\n  a: { url: https://a.example, authors: [x, y], title: one, lending: { member: m } }\nshelves: { top: { room: r } }\n',
      'books:\n  a:\n    authors: [z]\n    title: two\n  b: { url: https://b.example }\nshelves: ~\n',
    );
    const book = document.sections.entry('books', 'a');
    expect(book?.value).toEqual({ url: 'https://a.example', authors: ['z'], title: 'two', lending: { member: 'm' } });
    expect(book?.at('url')).toMatchObject({ file: '0.yaml', line: 3 });
    expect(book?.at('title')).toMatchObject({ file: '1.yaml', line: 4, column: 12 });
    expect(document.sections.entry('books', 'b')?.place).toMatchObject({ file: '1.yaml', line: 5 });
    expect(document.sections.entries('shelves')).toEqual([]);
  });

  it('ask only for variables that are left after merging', () => {
    expect(merged('version: 1\naccount: ${GONE}\n', 'account: here\n').account).toBe('here');
  });

  it('report errors file by file', () => {
    expect(() => merged('version: 1\nbooks:\n  a: { url: x }\n', '\n\n\nbooks:\n  b: { url: x }\n')).toThrow(
      /^0\.yaml:3:13: books\.a\.url: is not a URL \(and 1 more error\)$/,
    );
  });
});

describe('the account', () => {
  const load = (text: string) => loadDocument({ sources: [{ name: 'portal.yaml', text }], sections: [], env: {} });

  it('is left out where its variable is not set: it may come from an option, or be the only one', () => {
    expect(load('version: 1\naccount: ${CLOUDFLARE_ACCOUNT_ID}\n')).toMatchObject({ account: undefined, findings: [] });
    expect(() => load('version: 1\naccount: a-${CLOUDFLARE_ACCOUNT_ID}\n')).toThrow(/CLOUDFLARE_ACCOUNT_ID is not set/);
  });
});
