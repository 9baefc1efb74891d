import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { editedText } from '../../src/spec/edit-file.ts';
import { set, setAll, type Edit } from '../../src/spec/edit.ts';

const entry = (key: string): readonly Edit[] => [
  ...setAll(['servers', key], { url: `https://${key}.example.com/mcp` }),
  set(['servers', key, 'access', 'policies'], ['people']),
];
const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

describe('a new entry', () => {
  it('goes to the end of its section, in the manner of the others', () => {
    const before = lines(
      'version: 1',
      'servers:',
      '    # the first',
      "    a: # it's old",
      '        url: "https://a"  # there',
      '',
      '# who',
      'policies: {}',
    );
    expect(editedText(before, entry('b'))).toBe(
      lines(
        'version: 1',
        'servers:',
        '    # the first',
        "    a: # it's old",
        '        url: "https://a"  # there',
        '    b:',
        '        url: https://b.example.com/mcp',
        '        access: { policies: [people] }',
        '',
        '# who',
        'policies: {}',
      ),
    );
    const flow = lines('version: 1', 'servers:', '  a: { url: "https://a" }');
    expect(editedText(flow, entry('b'))).toBe(`${flow}  b: { url: https://b.example.com/mcp, access: { policies: [people] } }\n`);
  });

  it('makes its section at the end of the file, behind a blank line where the others have one', () => {
    expect(editedText('version: 1', entry('a'))).toBe(
      'version: 1\nservers:\n  a:\n    url: https://a.example.com/mcp\n    access: { policies: [people] }',
    );
    const airy = lines('version: 1', '', 'policies: {}', '# the end');
    expect(editedText(airy, entry('a'))).toBe(
      `${airy}\n${lines('servers:', '  a:', '    url: https://a.example.com/mcp', '    access: { policies: [people] }')}`,
    );
    expect(editedText('---\nversion: 1\n...\n# more\n', [set(['portals', 'a', 'name'], 'x')])).toBe(
      '---\nversion: 1\nportals:\n  a:\n    name: x\n...\n# more\n',
    );
  });

  it('fills a section that is empty', () => {
    for (const empty of ['servers:', 'servers: {}', 'servers: null', 'servers: {  }']) {
      expect(editedText(lines('version: 1', `${empty} # none`, 'policies: {}'), [set(['servers', 'a', 'url'], 'x')])).toBe(
        lines('version: 1', 'servers: # none', '  a:', '    url: x', 'policies: {}'),
      );
    }
    expect(editedText('servers:', [set(['servers', 'a', 'url'], 'x')])).toBe('servers:\n  a:\n    url: x');
  });

  it('joins a section in braces', () => {
    const add = [set(['servers', 'c', 'url'], 'x')];
    expect(editedText('servers: {a: {url: y}} # one\n', add)).toBe('servers: {a: {url: y}, c: { url: x }} # one\n');
    expect(editedText('servers: {\n  a: {url: y}, # first\n  b: {url: z} # second\n}\n', add)).toBe(
      'servers: {\n  a: {url: y}, # first\n  b: {url: z}, # second\n  c: { url: x }\n}\n',
    );
    expect(editedText('servers: {\n  a: {url: y},\n}\n', add)).toBe('servers: {\n  a: {url: y},\n  c: { url: x },\n}\n');
    expect(editedText('{"version": 1, "servers": {"a": {"url": "y"}}}\n', add)).toBe(
      '{"version": 1, "servers": {"a": {"url": "y"}, "c": {"url":"x"}}}\n',
    );
  });
});

describe('a change', () => {
  it('keeps the byte order mark and the line ends of the file', () => {
    expect(editedText('\uFEFFversion: 1\r\nservers:\r\n  a: {}\r\n', [set(['servers', 'b', 'url'], 'x')])).toBe(
      '\uFEFFversion: 1\r\nservers:\r\n  a: {}\r\n  b: { url: x }\r\n',
    );
  });

  it('touches only the value that differs', () => {
    const before = lines('servers:', '  a:', "    url:   'https://old'   # here", '    name: "A"', '    auth: none');
    const after = editedText(
      before,
      setAll(['servers', 'a'], { url: 'https://new', name: 'it\'s "B"', auth: { bearer: 'env:T' } }),
    );
    expect(after).toBe(
      lines('servers:', '  a:', "    url:   'https://new'   # here", '    name: "it\'s \\"B\\""', '    auth: { bearer: env:T }'),
    );
    expect(editedText(before, setAll(['servers', 'a'], { url: 'https://old', name: 'A' }))).toBe(before);
  });

  it('changes lists and maps by their members', () => {
    const before = lines(
      'servers:',
      '  a:',
      '    access:',
      '      policies:',
      '        - x # first',
      '        - y',
      '      session_duration: 1h',
    );
    expect(editedText(before, [set(['servers', 'a', 'access', 'policies'], ['x', 'z'])])).toBe(before.replace('- y', '- z'));
    expect(editedText(before, [set(['servers', 'a', 'access', 'policies'], ['z'])])).toBe(
      lines('servers:', '  a:', '    access:', '      policies: [z]', '      session_duration: 1h'),
    );
    expect(editedText('a: { b: [x, y] }\n', [set(['a', 'b'], ['y'])])).toBe('a: { b: [y] }\n');
  });

  it('writes what reads back as it was meant', () => {
    for (const value of [
      'yes: no',
      '- x',
      '#',
      '1',
      'true',
      '',
      ' x ',
      'a, b',
      '{',
      '*',
      'two\nlines',
      'é "x" \'y\'',
      '${X}',
      '!t',
      '0x1f',
      '1e3',
      'null',
      "'",
      '\u2028',
    ]) {
      const text = editedText('servers:\n  a: { name: x }\n  b:\n    name: x\n', [
        set(['servers', 'a', 'name'], value),
        set(['servers', 'b', 'name'], value),
      ]);
      const name = value.replaceAll('${', '$$${');
      expect(parseDocument(text).toJS()).toEqual({ servers: { a: { name }, b: { name } } });
    }
  });

  it('replaces a text of several lines, and a block by one line', () => {
    expect(editedText('a:\n  b:\n    name: |\n      x\n      y\n    url: z\n', [set(['a', 'b', 'name'], 'n')])).toBe(
      'a:\n  b:\n    name: n\n    url: z\n',
    );
    expect(
      editedText('a:\n  b:\n    auth:\n      bearer: x\n      # gone\n    url: z\n', [set(['a', 'b', 'auth'], 'none')]),
    ).toBe('a:\n  b:\n    auth: none\n    url: z\n');
  });
});

describe('a removal', () => {
  const gone: readonly Edit[] = [{ op: 'remove', path: ['servers', 'a'] }];

  it('takes the lines of the entry and no other', () => {
    expect(editedText('servers:\n  # one\n  a:\n    url: x\n    # inside\n  # two\n  b: {}\n', gone)).toBe(
      'servers:\n  # one\n  # two\n  b: {}\n',
    );
    expect(editedText('servers: # all\n  a:\n    url: x\npolicies: {}\n', gone)).toBe('servers: {} # all\npolicies: {}\n');
    expect(editedText('servers: { a: { url: x }, b: {} }\n', gone)).toBe('servers: { b: {} }\n');
    expect(editedText('servers: { b: {}, a: { url: x } }\n', gone)).toBe('servers: { b: {} }\n');
    expect(editedText('servers: {\n  a: {}, # bye\n  b: {} # stays\n}\n', gone)).toBe('servers: {\n  b: {} # stays\n}\n');
    expect(editedText('version: 1\n', gone)).toBe('version: 1\n');
  });

  it('takes a member out of a list or a map', () => {
    const drop: readonly Edit[] = [{ op: 'drop', path: ['portals', 'p', 'servers'], key: 'a' }];
    expect(editedText('portals:\n  p:\n    servers:\n    - a\n    - b # kept\n', drop)).toBe(
      'portals:\n  p:\n    servers:\n    - b # kept\n',
    );
    expect(editedText('portals:\n  p:\n    servers: [b, a]\n', drop)).toBe('portals:\n  p:\n    servers: [b]\n');
    expect(editedText('portals:\n  p:\n    servers:\n      a: {}\n', drop)).toBe('portals:\n  p:\n    servers: {}\n');
    expect(editedText('portals:\n  p:\n    servers:\n      - a\n', drop)).toBe('portals:\n  p:\n    servers: []\n');
    expect(editedText('portals:\n  p: { name: x }\n', drop)).toBe('portals:\n  p: { name: x }\n');
  });
});

describe('items of a list', () => {
  const put: readonly Edit[] = [
    { op: 'put-item', path: ['dns'], fields: { type: 'A', name: 'b' }, value: { type: 'A', name: 'b', content: '2' } },
  ];

  it('are added at its end or changed in their place', () => {
    expect(editedText('dns:\n- { type: A, name: a } # one\n# end\n', put)).toBe(
      'dns:\n- { type: A, name: a } # one\n- { type: A, name: b, content: "2" }\n# end\n',
    );
    expect(editedText('dns:\n  - type: A\n    name: a\n', put)).toBe(
      'dns:\n  - type: A\n    name: a\n  - type: A\n    name: b\n    content: "2"\n',
    );
    expect(editedText('dns:\n  - type: A\n    name: b # it\n    content: old\n', put)).toBe(
      'dns:\n  - type: A\n    name: b # it\n    content: "2"\n',
    );
    expect(editedText('dns: []\n', put)).toBe('dns:\n  - { type: A, name: b, content: "2" }\n');
  });

  it('are taken out, the last one, too', () => {
    const drop: readonly Edit[] = [{ op: 'drop-items', path: ['dns'], fields: { name: 'b' } }];
    expect(editedText('dns:\n  - { name: b }\n  - { name: a }\n  - name: b\n    type: A\n', drop)).toBe(
      'dns:\n  - { name: a }\n',
    );
    expect(editedText('dns:\n  - { name: b }\nversion: 1\n', drop)).toBe('dns: []\nversion: 1\n');
    expect(editedText('version: 1\n', drop)).toBe('version: 1\n');
  });
});

describe('a value that the text shares', () => {
  it('is never edited, and the error says where', () => {
    const text = 'servers:\n  a: &base { url: x }\n  b: *base\n';
    for (const path of [
      ['servers', 'a', 'url'],
      ['servers', 'b', 'url'],
    ]) {
      expect(() => editedText(text, [set(path, 'y')])).toThrow(/^servers\.[ab] is shared through the anchor &base/);
    }
    expect(() => editedText(text, [{ op: 'remove', path: ['servers', 'a'] }])).toThrow(
      'servers.a is shared through the anchor &base',
    );
    expect(editedText(text, [{ op: 'remove', path: ['servers', 'b'] }])).toBe('servers:\n  a: &base { url: x }\n');
  });

  it('may be replaced where an alias stands for it', () => {
    expect(editedText('p: &p [x]\nservers:\n  a: { policies: *p }\n', [set(['servers', 'a', 'policies'], ['y'])])).toBe(
      'p: &p [x]\nservers:\n  a: { policies: [y] }\n',
    );
  });

  it('or that is written strangely is refused, too', () => {
    expect(() => editedText('servers: &x\n  a: { url: x }\n', [{ op: 'remove', path: ['servers', 'a'] }])).toThrow(
      'cannot be edited',
    );
  });
});

/** Small pseudo-random numbers: the same in each run. */
function dice(seed: number): (sides: number) => number {
  let state = seed + 1;
  return (sides) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * sides);
  };
}

type Part = { readonly text: string; readonly owner: string };

/** A document of many manners, line by line, with whom each line belongs to. */
function randomDocument(roll: (sides: number) => number): {
  readonly parts: readonly Part[];
  readonly servers: readonly string[];
} {
  const pad = ' '.repeat(1 + roll(4));
  const servers = ['a', 'b', 'c', 'd'].slice(0, roll(5));
  const parts: Part[] = [];
  const say = (text: string, owner = ''): void => void parts.push({ text, owner });
  const noise = (indent = ''): void => {
    if (roll(4) === 0) say('');
    if (roll(4) === 0) say(`${indent}# ${'note'.repeat(1 + roll(3))}: { [`);
  };
  const quote = (text: string): string => [text, `'${text}'`, `"${text}"`][roll(3)] ?? text;
  noise();
  say('version: 1');
  noise();
  if (servers.length > 0) say(`servers:${roll(3) === 0 ? ' # all' : ''}`);
  for (const name of servers) {
    noise(pad);
    if (roll(2) === 0)
      say(`${pad}${name}: { url: ${quote(`https://${name}`)}, name: ${quote(name)} }${roll(2) === 0 ? ' # x' : ''}`, name);
    else {
      say(`${pad}${name}:`, name);
      say(`${pad}${pad}url: ${quote(`https://${name}`)}`, name);
      if (roll(2) === 0) say(`${pad}${pad}# deep`, name);
      say(`${pad}${pad}name: ${roll(3) === 0 ? `|-\n${pad}${pad}  ${name}` : quote(name)}`, name);
    }
  }
  noise();
  say('portals:');
  say(`${pad}p:`, 'p');
  say(`${pad}${pad}hostname: h`, 'p');
  if (servers.length > 0 && roll(2) === 0) say(`${pad}${pad}servers: [${servers.join(', ')}]`, 'p');
  else if (servers.length > 0) {
    say(`${pad}${pad}servers:`, 'p');
    for (const name of servers) say(`${pad}${pad}${pad}- ${name}`, 'p');
  }
  noise();
  return { parts, servers };
}

it('an edit of many documents gives the wanted value and leaves every other line alone', () => {
  for (let seed = 0; seed < 1500; seed += 1) {
    const roll = dice(seed);
    const { parts, servers } = randomDocument(roll);
    const newline = roll(3) === 0 ? '\r\n' : '\n';
    const text =
      parts
        .map((part) => part.text)
        .join('\n')
        .replaceAll('\n', newline) + (roll(3) === 0 ? '' : newline);
    const model = parseDocument(text).toJS();
    const name = servers[roll(Math.max(1, servers.length))] ?? 'new';
    const [edit, touched, apply] = (
      [
        [
          set(['servers', name, 'url'], 'https://other'),
          name,
          () => ((model.servers ??= {})[name] = { ...model.servers?.[name], url: 'https://other' }),
        ],
        [
          set(['servers', 'zz'], { url: 'u', access: { policies: ['x'] } }),
          'zz',
          () => ((model.servers ??= {})['zz'] = { url: 'u', access: { policies: ['x'] } }),
        ],
        [{ op: 'remove', path: ['servers', name] }, name, () => delete model.servers?.[name]],
        [
          { op: 'drop', path: ['portals', 'p', 'servers'], key: name },
          'p',
          () => (model.portals.p.servers &&= model.portals.p.servers.filter((one: string) => one !== name)),
        ],
        [
          { op: 'add', path: ['portals', 'p', 'servers'], key: 'zz' },
          'p',
          () => (model.portals.p.servers = [...(model.portals.p.servers ?? []), 'zz']),
        ],
        [set(['policies', 'x', 'decision'], 'allow'), '', () => (model.policies = { x: { decision: 'allow' } })],
      ] satisfies readonly (readonly [Edit, string, () => unknown])[]
    )[roll(6)] ?? [set(['a'], 1), '', () => 0];
    apply();
    const result = editedText(text, [edit]);
    expect([text, parseDocument(result).toJS()]).toEqual([text, model]);
    const after = result.split(newline);
    let at = 0;
    for (const part of parts.filter(({ owner }) => owner === '' || owner !== touched)) {
      for (const line of part.text.split('\n')) {
        // A section that loses its last entry says so in its own line.
        const found = after.findIndex(
          (one, index) => index >= at && (one === line || one === line.replace(/^servers:/, 'servers: {}')),
        );
        if (found === -1) throw new Error(`${line} in\n${text}\n=>\n${result}`);
        at = found + 1;
      }
    }
  }
}, 60_000);
