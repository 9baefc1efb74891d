import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { around, compare, type Picture } from '../../src/graph/picture.ts';
import { document, pictureOf } from './pictures.ts';

/** Edges by the names of their ends. */
function edgesOf({ nodes, edges }: Picture): readonly string[] {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return edges.map(
    ({ from, to, label, dotted }) =>
      `${names.get(from)} ${dotted ? '-.->' : '->'} ${names.get(to)}${label === '' ? '' : ` {${label}}`}`,
  );
}
const marksIn = ({ nodes }: Picture) =>
  Object.fromEntries(nodes.flatMap(({ name, marks }) => (marks.length === 0 ? [] : [[name, marks]])));

describe('the picture of a document', () => {
  const picture = pictureOf(document);

  it('leads from people and bots over policies and portals to servers and what they run on', () => {
    expect(edgesOf(picture).toSorted()).toEqual(
      [
        'example.com -> staff',
        'staff -> people',
        'guest@example.org -> people',
        'ci -> robots',
        'owner@example.com -> owners',
        'people -> tools {1}',
        'robots -> tools {2}',
        'owners -.-> wiki',
        'tools -> notes {tools hidden: 1}',
        'tools -> wiki {tools shown: only 1}',
        'notes -> notes.example.com',
        'wiki -> home',
        'bare -> bare.example.com',
      ].toSorted(),
    );
  });

  it('marks what is unprotected and what is protected, and leaves out what leads nowhere', () => {
    expect(marksIn(picture)).toEqual({ wiki: ['protect'], bare: ['unprotected'] });
    expect(picture.nodes.map(({ name }) => name)).not.toContain('unused');
  });

  it('says what a policy requires, and which policies a server has', () => {
    const notes = Object.fromEntries(picture.nodes.map((node) => [node.id, node.notes]));
    expect(notes['policy:people']).toEqual(['allow', 'requires country NL']);
    expect(notes['server:wiki']).toEqual(['policies: people, robots, owners']);
    expect(notes['portal:tools']).toEqual(['tools.example.com']);
  });

  it('shows policies that only the account has, entries to be gone, and marks from elsewhere', () => {
    const id = '11111111-2222-4333-8444-555555555555';
    const changed = document
      .replace('[people, robots] }\n    service', `[people, robots, ${id}] }\n    service`)
      .replace(/bare: .*/, 'bare: { absent: true }');
    const drawn = pictureOf(changed, new Map([['server:notes', ['not ready: no answer']]]));
    expect(marksIn(drawn)).toEqual({
      [id]: ['not in the document'],
      wiki: ['protect'],
      bare: ['absent'],
      notes: ['not ready: no answer'],
    });
  });

  it('counts people where they are many', () => {
    const many = Array.from({ length: 9 }, (_, index) => `p${index}@example.com`).join(', ');
    const drawn = pictureOf(document.replace('guest@example.org', `[${many}]`));
    expect(edgesOf(drawn)).toContain('9 of them -> people');
  });

  it('of one portal has what leads there and what it leads to', () => {
    const two = document.replace(
      'portals:',
      'portals:\n  other: { hostname: other.example.com, servers: [bare], access: { policies: [owners] } }',
    );
    const names = around(pictureOf(two), new Set(['portal:other'])).nodes.map(({ name }) => name);
    expect(names.toSorted()).toEqual(['bare', 'bare.example.com', 'other', 'owner@example.com', 'owners']);
    const tools = around(pictureOf(two), new Set(['portal:tools'])).nodes.map(({ name }) => name);
    expect(tools).toContain('owners');
    expect(tools).not.toContain('other');
  });

  it('is the same every time', () => {
    expect(pictureOf(document)).toEqual(picture);
    const example = readFileSync(fileURLToPath(new URL('../../portal.example.yaml', import.meta.url)), 'utf8');
    expect(pictureOf(example)).toEqual(pictureOf(example));
  });
});

describe('two pictures', () => {
  const after = document
    .replace('servers: { notes: { tools: { purge: false } }', 'servers: { bare: {}, notes: {}')
    .replace(', owners] }, protect', '] }, protect')
    .replace(
      'bare: { url: https://bare.example.com/mcp }',
      'bare: { url: https://bare.example.com/mcp, access: { policies: [people, robots] } }',
    );
  const both = compare(pictureOf(document), pictureOf(after));

  it('are one, in which what was added, removed and changed is marked', () => {
    const changes = Object.fromEntries(both.nodes.flatMap(({ name, change }) => (change === undefined ? [] : [[name, change]])));
    expect(changes).toEqual({ bare: 'changed', wiki: 'changed', owners: 'removed', 'owner@example.com': 'removed' });
    const edges = both.edges.flatMap(({ from, to, change }) => (change === undefined ? [] : [`${change} ${from} ${to}`]));
    expect(edges).toContain('added portal:tools server:bare');
    expect(edges).toContain('changed portal:tools server:notes');
    expect(edges).toContain('removed policy:owners server:wiki');
  });

  it('that are alike have no marks', () => {
    const same = compare(pictureOf(document), pictureOf(document));
    expect([...same.nodes, ...same.edges].filter(({ change }) => change !== undefined)).toEqual([]);
  });
});
