import { describe, expect, it } from 'vitest';
import { catalogueOf } from '../../src/exposure/items.ts';
import { itemOf, withItems } from '../../src/exposure/reduce.ts';

describe('a tool, reduced', () => {
  it('keeps the start of its description, in one line that no terminal obeys', () => {
    const { text } = itemOf({ name: 'a', description: `one\ntwo\u001b]0;title\u0007 \u202e${'x'.repeat(10_000_000)}` });
    expect(text).toMatch(/^one\\ntwo\\u001b\]0;title\\u0007 \\u202ex+…$/);
    expect(text.length).toBeLessThan(250);
  });

  it('does not spread a secret that stands in its description', () => {
    expect(itemOf({ name: 'a', description: `Use ghp_${'a1'.repeat(12)} here.` }).text).toBe('Use … here.');
  });

  it('does not split a character', () => {
    expect(itemOf({ name: 'a', description: '🙂'.repeat(300) }).text).toBe(`${'🙂'.repeat(200)}…`);
  });

  it('survives a schema that is nested deeper than a stack', () => {
    let schema: object = {};
    for (let depth = 0; depth < 100_000; depth += 1) schema = { items: schema };
    expect(itemOf({ name: 'a', inputSchema: schema }).schema).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is read-only only where the upstream says so', () => {
    expect(itemOf({ name: 'a', annotations: { readOnlyHint: 'true' } }).readOnly).toBe(false);
    expect(itemOf({ name: 'a', annotations: { readOnlyHint: true } }).readOnly).toBe(true);
    expect(itemOf({ name: 'a', annotations: null })).toEqual({
      name: 'a',
      readOnly: false,
      text: '',
      size: expect.any(Number),
      textSize: 0,
    });
  });
});

describe('what a server offers', () => {
  it('is unknown while nobody has looked, and empty where it offers nothing', () => {
    expect(catalogueOf(withItems({ id: 'a', tools: null, prompts: null }))).toBeUndefined();
    expect(catalogueOf(withItems({ id: 'a', tools: [], prompts: null }))).toEqual({ tools: [], prompts: [] });
  });

  it('counts a name once, and keeps what else a listing has', () => {
    const server = withItems({ id: 'a', status: 'ready', tools: [{ name: 'x' }, { name: 'x' }, 'odd', { name: 3 }] });
    expect(server).toMatchObject({ id: 'a', status: 'ready' });
    expect(catalogueOf(server)?.tools.map(({ name }) => name)).toEqual(['x', '']);
  });
});
