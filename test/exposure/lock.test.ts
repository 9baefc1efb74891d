import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Catalogue } from '../../src/exposure/items.ts';
import { lockText } from '../../src/exposure/lock-text.ts';
import { acceptedLock, compareLock, type Lock } from '../../src/exposure/lock.ts';
import { itemOf } from '../../src/exposure/reduce.ts';
import { lockPathOf, readLock } from '../../src/spec/read-lock.ts';
import { scanLock } from '../../src/spec/scan-lock.ts';

const empty: Lock = { servers: new Map() };
const now = new Date('2026-01-02T03:04:05.678Z');
const later = new Date('2026-02-02T03:04:05Z');
const search = { name: 'search', description: 'Finds notes.', inputSchema: { type: 'object', properties: { a: {}, b: {} } } };

const of = (...tools: readonly { readonly [field: string]: unknown }[]): Catalogue => ({
  tools: tools.map((tool) => itemOf(tool)),
  prompts: [],
});
const seen = (catalogue: Catalogue | undefined) => new Map([['notes', catalogue]]);
const lockOf = (catalogue: Catalogue): Lock => acceptedLock(empty, seen(catalogue), now);
const reread = (text: string) => readLock({ cwd: '/', files: filesOf(text) }, 'portal.lock.yaml');
const filesOf = (text: string) => ({
  read: async () => text,
  exists: async () => true,
  write: async () => {},
  copy: async () => true,
  append: async () => {},
});

describe('the comparison with a lock', () => {
  const changes = (after: Catalogue) =>
    compareLock(lockOf(of(search)), seen(after)).map(({ name, change, parts }) => [name, change, ...parts]);

  it('finds nothing where nothing moved, in whatever order keys come', () => {
    const shuffled = {
      inputSchema: { properties: { b: {}, a: {} }, type: 'object' },
      description: 'Finds notes.',
      name: 'search',
    };
    expect(changes(of(shuffled))).toEqual([]);
  });

  it('finds a description, a schema and annotations that changed under an unchanged name', () => {
    expect(changes(of({ ...search, description: 'Finds notes. ' }))).toEqual([['search', 'changed', 'description']]);
    expect(changes(of({ ...search, title: 'Search' }))).toEqual([['search', 'changed', 'description']]);
    expect(changes(of({ ...search, inputSchema: { type: 'object' } }))).toEqual([['search', 'changed', 'schema']]);
    expect(changes(of({ ...search, outputSchema: { type: 'object' } }))).toEqual([['search', 'changed', 'schema']]);
    expect(changes(of({ ...search, annotations: { readOnlyHint: true } }))).toEqual([['search', 'changed', 'annotations']]);
  });

  it('finds what is said far behind the part of a description that is kept', () => {
    const long = 'x'.repeat(5000);
    const lock = lockOf(of({ ...search, description: long }));
    expect(compareLock(lock, seen(of({ ...search, description: `${long}!` })))).toMatchObject([{ change: 'changed' }]);
  });

  it('finds new and gone tools, by name', () => {
    expect(changes(of({ name: 'b' }, { name: 'a' }))).toEqual([
      ['a', 'new'],
      ['b', 'new'],
      ['search', 'gone'],
    ]);
  });

  it('does not judge a server that was not read, and calls one gone that nobody looks at any more', () => {
    const lock = lockOf(of(search));
    expect(compareLock(lock, seen(undefined))).toEqual([]);
    expect(compareLock(lock, new Map())).toMatchObject([{ server: 'notes', name: 'search', change: 'gone' }]);
  });
});

describe('accepting', () => {
  it('keeps the time of a server that did not move, and what was accepted of one that cannot be read', () => {
    const lock = lockOf(of(search));
    expect(acceptedLock(lock, seen(of(search)), later)).toEqual(lock);
    expect(acceptedLock(lock, seen(undefined), later)).toEqual(lock);
    expect(acceptedLock(lock, seen(of({ name: 'other' })), later).servers.get('notes')?.accepted).toBe('2026-02-02T03:04:05Z');
    expect(acceptedLock(lock, new Map(), later)).toEqual(empty);
    expect(acceptedLock(empty, seen(undefined), later)).toEqual(empty);
  });
});

describe('the text of a lock', () => {
  const odd = [
    'true',
    'null',
    '1',
    '1e5',
    'a.b/c',
    'with space',
    '- x',
    '#x',
    'a: b',
    "it's",
    'quo"te',
    'back\\slash',
    'line\nbreak',
    '\u001b[31m',
    'é',
  ];
  const lock = lockOf(of(...odd.map((name) => ({ ...search, name, description: `It's ${name}: "x" # \${HOME}` }))));

  it('is the same for the same servers and tools in another order', () => {
    const one = new Map([
      ['b', of({ name: 'y' }, { name: 'x' })],
      ['a', of(search)],
    ]);
    const other = new Map([
      ['a', of(search)],
      ['b', of({ name: 'x' }, { name: 'y' })],
    ]);
    expect(lockText(acceptedLock(empty, one, now))).toBe(lockText(acceptedLock(empty, other, now)));
  });

  it('reads as comments and one fact per line', async () => {
    await expect(lockText(lockOf({ ...of(search, { name: 'ping' }), prompts: [itemOf({ name: 'daily' })] }))).toMatchFileSnapshot(
      'portal.lock.yaml',
    );
    expect(parse(lockText(empty))).toEqual({ version: 1, servers: {} });
  });

  it.each(odd)('gives %j back as it is, and is YAML for every reader', async (name) => {
    const text = lockText(lock);
    const back = await reread(text);
    expect(back?.servers.get('notes')?.tools.find((tool) => tool.name === name)).toEqual(
      lock.servers.get('notes')?.tools.find((tool) => tool.name === name),
    );
    expect(Object.keys(parse(text).servers.notes.tools).toSorted()).toEqual(odd.toSorted());
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('is read as fast as it can be only where it is as it was written', async () => {
    const text = lockText(lockOf(of(search, { name: 'b', description: "it's" })));
    expect(scanLock(text)).toEqual(await reread(text.replace('size', ' size').replace(' size', 'size')));
    const edited = text.replace("text: 'it''s'", 'text: "it\'s"  # looked at');
    expect(scanLock(edited)).toBeUndefined();
    expect(await reread(edited)).toEqual(scanLock(text));
    for (const broken of [
      text.replace('version: 1', 'version: 2'),
      text.trimEnd(),
      text.replace('    tools:', '   tools:'),
      text.replace(/size: \d+/, 'size: x'),
    ])
      expect(scanLock(broken)).toBeUndefined();
  });

  it('is refused where it is broken, with the way out', async () => {
    for (const broken of ['<<<<<<< HEAD\n', 'servers: {}\n', 'version: 2\nservers: {}\n', ''])
      await expect(reread(broken)).rejects.toMatchObject({
        message: expect.stringMatching(/^portal\.lock\.yaml cannot be used/),
        facts: { hint: expect.stringContaining('mcp-portal lock --accept') },
      });
  });

  it('lies beside the first file of the document', () => {
    expect(lockPathOf([{ name: 'portal.yaml' }])).toBe('portal.lock.yaml');
    expect(lockPathOf([{ name: 'deploy/base.yaml' }, { name: 'x.yaml' }])).toBe('deploy/portal.lock.yaml');
    expect(lockPathOf([{ name: '<stdin>' }])).toBe('portal.lock.yaml');
    expect(lockPathOf([])).toBe('portal.lock.yaml');
  });
});
