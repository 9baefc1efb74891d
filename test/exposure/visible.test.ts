import { describe, expect, it } from 'vitest';
import { budgetOf } from '../../src/exposure/budget.ts';
import { deltaOf } from '../../src/exposure/delta.ts';
import { problemsOf } from '../../src/exposure/problems.ts';
import { itemOf } from '../../src/exposure/reduce.ts';
import { offersOf, type Link, type Offer } from '../../src/exposure/visible.ts';

const link = (said: Link['link'] = {}, settings: Link['settings'] = {}, server = 'notes'): Link => ({
  server,
  link: said,
  settings,
});
const offers = (given: Link, ...names: readonly string[]): readonly Offer[] =>
  offersOf(given, {
    tools: names.map((name) => itemOf({ name, description: `What ${name} does.`, inputSchema: { type: 'object' } })),
    prompts: [],
  });
const visible = (given: Link, ...names: readonly string[]) =>
  offers(given, ...names).flatMap(({ isVisible, name }) => (isVisible ? [name] : []));

describe('what clients see of a server', () => {
  it('is everything under SERVER_TOOL, by name', () => {
    expect(visible(link(), 'b', 'a')).toEqual(['notes_a', 'notes_b']);
  });

  it("has the portal's alias before the server's, and its description likewise", () => {
    const server = { tools: { a: { alias: 'mine', description: 'Server.' }, b: { alias: 'yours' } } };
    expect(offers(link({ tools: { a: { alias: 'own' } } }, server), 'a', 'b')).toMatchObject([
      { name: 'notes_own', own: 'a', description: 'Server.' },
      { name: 'notes_yours', own: 'b', description: 'What b does.' },
    ]);
  });

  it("counts the portal's word before the server's, and that before the link's default", () => {
    const off = { tools: { a: { enabled: false } } };
    const on = { tools: { a: { enabled: true } } };
    expect(visible(link({}, off), 'a')).toEqual([]);
    expect(visible(link(on, off), 'a')).toEqual(['notes_a']);
    expect(visible(link({ default: 'disabled' }, on), 'a', 'b')).toEqual(['notes_a']);
    expect(visible(link({ ...off, default: 'enabled' }, on), 'a')).toEqual([]);
  });

  it('is not misled by a tool that is called as a member of every object', () => {
    expect(visible(link({ tools: {} }), 'constructor', 'toString')).toEqual(['notes_constructor', 'notes_toString']);
  });

  it('costs what its definition has in characters, with the name and the description that clients get', () => {
    const [plain] = offers(link(), 'a');
    const definition = { name: 'notes_a', description: 'What a does.', inputSchema: { type: 'object' } };
    expect(plain?.characters).toBe(JSON.stringify(definition).length);
    const [said] = offers(link({ tools: { a: { alias: 'other', description: 'Short.' } } }), 'a');
    expect(said?.characters).toBe(JSON.stringify({ ...definition, name: 'notes_other', description: 'Short.' }).length);
  });
});

describe('problems', () => {
  const found = (...all: readonly Offer[]) => problemsOf(all).map(({ is, names }) => [is, ...names]);

  it('are two tools with one name', () => {
    expect(found(...offers(link({ tools: { a: { alias: 'b' } } }), 'a', 'b'))).toEqual([['collision', 'notes_b', 'notes_b']]);
    expect(found(...offers(link({ tools: { a: { alias: 'b', enabled: false } } }), 'a', 'b'))).toEqual([]);
  });

  it('are names that are one in Code Mode, also of two servers', () => {
    expect(found(...offers(link(), 'a-b', 'a_b'))).toEqual([['code-mode', 'notes_a-b', 'notes_a_b']]);
    expect(found(...offers(link({}, {}, 'a-b'), 'c'), ...offers(link({}, {}, 'a'), 'b_c'))).toEqual([
      ['code-mode', 'a-b_c', 'a_b_c'],
    ]);
  });

  it('are names that clients refuse, and that are one when they are cut', () => {
    const [one, two] = [`${'x'.repeat(60)}1`, `${'x'.repeat(60)}2`];
    expect(found(...offers(link(), one, two, 'a.b'))).toEqual([
      ['cut', `notes_${one}`, `notes_${two}`],
      ['characters', 'notes_a.b'],
      ['long', `notes_${one}`],
      ['long', `notes_${two}`],
    ]);
  });

  it('are none of a list of ordinary names, and of ten thousand quickly', () => {
    expect(found(...offers(link(), ...Array.from({ length: 10_000 }, (_, i) => `tool_${i}`)))).toEqual([]);
  });
});

describe('the difference between two lists', () => {
  it('tells what appears, disappears, is renamed and is told otherwise', () => {
    const before = offers(link({ tools: { d: { enabled: false } } }), 'a', 'b', 'c', 'd');
    const after = offers(
      link({ tools: { a: { enabled: false }, b: { alias: 'bee' }, c: { description: 'New.' } } }),
      'a',
      'b',
      'c',
      'd',
    );
    const delta = deltaOf(before, after);
    expect(delta).toMatchObject({
      appears: [{ name: 'notes_d' }],
      disappears: [{ name: 'notes_a' }],
      renamed: [{ from: 'notes_b', to: { name: 'notes_bee' } }],
      redescribed: [{ name: 'notes_c' }],
    });
    expect(deltaOf(after, after)).toEqual({ appears: [], disappears: [], renamed: [], redescribed: [] });
  });
});

describe('the budget', () => {
  it('adds up what is visible, names the heaviest first, and says what hiding saves', () => {
    const heavy = offersOf(link({ tools: { c: { enabled: false } } }), {
      tools: ['a', 'b', 'c'].map((name, at) => itemOf({ name, inputSchema: { x: 'x'.repeat(400 * (at + 1)) } })),
      prompts: [itemOf({ name: 'p', description: 'x'.repeat(1000) })],
    });
    const { tokens, heaviest, hidden_saves: hidden, curation_saves: curation } = budgetOf(heavy);
    expect(heaviest.map(({ name }) => name)).toEqual(['notes_b', 'notes_a']);
    expect(tokens).toBe(heaviest.reduce((sum, one) => sum + one.tokens, 0));
    expect(tokens).toBeGreaterThan(300);
    expect(tokens).toBeLessThan(330);
    expect(hidden).toBeGreaterThan(300);
    expect(curation).toBe(tokens);
  });
});
