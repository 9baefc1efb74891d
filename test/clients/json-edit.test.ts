import { assert, constantFrom, dictionary, jsonValue, property, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editedJson } from '../../src/clients/json-edit.ts';
import { parseJson, valueOf } from '../../src/clients/json-parse.ts';
import type { Change } from '../../src/clients/change.ts';

const edit = (text: string, ...changes: Change[]): string => editedJson({ name: 'settings.json', text }, changes);
const set = (path: string, value: string | Readonly<Record<string, string>>): Change => ({
  op: 'set',
  path: path.split('.'),
  value,
});
const read = (text: string): unknown => valueOf(parseJson({ name: 'settings.json', text }));

describe('setting a value', () => {
  it('leaves comments, order and indentation as they are', () => {
    const text = `// mine
{
    "theme": "dark", // at night
    "context_servers": {
        // the first one
        "notes": { "url": "https://notes.example.com/mcp" } // works
    },
    /* last */ "vim": true,
}
`;
    expect(edit(text, set('context_servers.tools', { url: 'https://tools.example.com/mcp' }))).toBe(`// mine
{
    "theme": "dark", // at night
    "context_servers": {
        // the first one
        "notes": { "url": "https://notes.example.com/mcp" }, // works
        "tools": {
            "url": "https://tools.example.com/mcp"
        }
    },
    /* last */ "vim": true,
}
`);
  });

  it.each([
    ['', '{\n  "a": {\n    "b": "c"\n  }\n}\n'],
    ['{}', '{\n  "a": {\n    "b": "c"\n  }\n}'],
    ['{ // nothing yet\n}\n', '{ // nothing yet\n  "a": {\n    "b": "c"\n  }\n}\n'],
    ['{"x":1}', '{"x":1, "a": {"b":"c"}}'],
    ['{ "x": 1 }\n', '{ "x": 1, "a": {"b":"c"} }\n'],
    ['{\r\n\t"x": 1\r\n}\r\n', '{\r\n\t"x": 1,\r\n\t"a": {\r\n\t\t"b": "c"\r\n\t}\r\n}\r\n'],
    ['{\n  "x": 1,\n}\n', '{\n  "x": 1,\n  "a": {\n    "b": "c"\n  }\n}\n'],
    ['{\n  "a": null\n}\n', '{\n  "a": {\n    "b": "c"\n  }\n}\n'],
    ['{\n  "a": {}\n}\n', '{\n  "a": {\n    "b": "c"\n  }\n}\n'],
    ['{\n  "a": { "b": "old" } // keep\n}\n', '{\n  "a": { "b": "c" } // keep\n}\n'],
    ['\uFEFF{}', '\uFEFF{\n  "a": {\n    "b": "c"\n  }\n}'],
  ])('in %j gives %j', (text, result) => expect(edit(text, set('a.b', 'c'))).toBe(result));

  it('changes the last of two equal keys, which is the one that counts', () => {
    expect(edit('{"a":1,"a":{"b":1}}', set('a.b', 'c'))).toBe('{"a":1,"a":{"b":"c"}}');
  });
});

describe('removing a value', () => {
  it.each([
    ['{\n  "a": 1,\n  "b": 2\n}', '{\n  "b": 2\n}'],
    ['{\n  "b": 2,\n  "a": 1\n}', '{\n  "b": 2\n}'],
    ['{\n  "b": 2, // two\n  "a": 1\n}', '{\n  "b": 2 // two\n}'],
    ['{\n  "b": 2,\n  "a": 1,\n}', '{\n  "b": 2,\n}'],
    ['{"b":2,"a":1}', '{"b":2}'],
    ['{"a":1,"b":2}', '{"b":2}'],
    ['{\n  // one\n  "a": 1, "b": 2\n}', '{\n  // one\n "b": 2\n}'],
    ['{"a":1}', '{}'],
    ['{"b":1}', '{"b":1}'],
  ])('from %j gives %j', (text, result) => expect(edit(text, { op: 'remove', path: ['a'] })).toBe(result));
});

describe('adding to a list', () => {
  it('makes the list, and keeps the items that it has', () => {
    const more: Change = { op: 'append', path: ['inputs'], value: { id: 'x' } };
    expect(edit('{}', more)).toBe('{\n  "inputs": [\n    {\n      "id": "x"\n    }\n  ]\n}');
    expect(read(edit('{\n  "inputs": [\n    { "id": "y" } // mine\n  ]\n}', more))).toEqual({
      inputs: [{ id: 'y' }, { id: 'x' }],
    });
  });
});

describe('whatever the file', () => {
  it('only the changed value differs, however it is indented', () => {
    const files = tuple(dictionary(string(), jsonValue()), constantFrom('', '  ', '\t', '    '));
    assert(
      property(files, string(), string(), ([value, indent], section, name) => {
        const { [section]: _, ...rest } = Object(JSON.parse(JSON.stringify(value))); // no -0
        const present = { ...rest, ...(section.length % 2 === 0 ? { [section]: { other: [1] } } : {}) };
        const text = JSON.stringify(present, undefined, indent);
        const edited = edit(text, { op: 'set', path: [section, name], value: { url: 'u' } });
        const before: unknown = Object.hasOwn(present, section) ? { other: [1] } : {};
        expect(JSON.parse(edited)).toEqual({ ...present, [section]: { ...Object(before), [name]: { url: 'u' } } });
        const again = edit(edited, { op: 'remove', path: [section, name] });
        expect(JSON.parse(again)).toEqual(
          name === 'other' && Object.hasOwn(present, section) ? { ...present, [section]: {} } : { ...present, [section]: before },
        );
      }),
    );
  });
});

describe('a file that is no JSON', () => {
  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', 'settings.json:3:3: "," or "}" is missing here'],
    ['{ "a" 1 }', 'settings.json:1:7: ":" is missing here'],
    ['{ a: 1 }', 'settings.json:1:3: a key in double quotes is missing here'],
    ['{ "a": "b\n}', 'settings.json:1:8: the string has no end'],
    ['{ "a": 01 }', 'settings.json:1:9: "," or "}" is missing here'],
    ['{ "a": }', 'settings.json:1:8: a value is missing here'],
    ['{ "a": 1', 'settings.json:1:9: the file ends where "," or "}" is missing'],
    ['{} x', 'settings.json:1:4: the end of the file is missing here'],
    ['{ /* x }', 'settings.json:1:3: the comment has no end'],
    ['{ "a": "\\x" }', 'settings.json:1:8: the string has an escape or a control character that JSON does not know'],
    ['['.repeat(501), 'settings.json:1:501: the values are nested too deeply'],
  ])('%j is refused with its place', (text, message) => expect(() => read(text)).toThrow(message));
});
