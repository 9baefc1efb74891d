import { describe, expect, it } from 'vitest';
import { syncedRow } from '../../src/kinds/mcp/synced.ts';

const server = (status: string | undefined, tools: readonly string[] | null, prompts: readonly string[] | null = null) => ({
  ...(status === undefined ? {} : { status }),
  tools: tools?.map((name) => ({ name })) ?? null,
  prompts: prompts?.map((name) => ({ name })) ?? null,
});
const nothing = { tools_added: [], tools_removed: [], prompts_added: [], prompts_removed: [], warnings: [] };

describe('what a sync did', () => {
  it('is what appeared and what disappeared; null is none', () => {
    const row = syncedRow({
      id: 'a',
      before: server('stale', ['x', 'y'], null),
      after: server('ready', ['y', 'z'], ['p']),
      overrides: [],
    });
    expect(row).toEqual({ ...nothing, id: 'a', status: 'ready', tools_added: ['z'], tools_removed: ['x'], prompts_added: ['p'] });
    const gone = syncedRow({ id: 'a', before: server('ready', ['x']), after: server('ready', null), overrides: [] });
    expect(gone.tools_removed).toEqual(['x']);
  });

  it('is nothing where the server was not read: it may show no tools then, and they are not gone', () => {
    for (const status of ['error', 'waiting', 'stale']) {
      const overrides = [{ where: 'servers.a', said: { tools: { x: {} } } }];
      expect(syncedRow({ id: 'a', before: server('ready', ['x']), after: server(status, ['y']), overrides })).toEqual({
        ...nothing,
        id: 'a',
        status,
      });
    }
  });

  it('has a word for a server that is gone, and for one without a status', () => {
    const before = server('ready', ['x']);
    expect(syncedRow({ id: 'a', before, after: undefined, overrides: [], error: 'it is gone' })).toEqual({
      ...nothing,
      id: 'a',
      status: 'gone',
      error: 'it is gone',
    });
    expect(syncedRow({ id: 'a', before, after: server(undefined, []), overrides: [] }).status).toBe('waiting');
  });

  it('warns once of settings for a tool that is not there, and never of a server without tools', () => {
    const spot = { where: 'servers.a', said: { tools: { x: { alias: 'f' }, y: {} }, prompts: { p: {} } } };
    const look = (tools: readonly string[]) =>
      syncedRow({ id: 'a', before: {}, after: server('ready', tools, []), overrides: [spot, spot] });
    expect(look(['y']).warnings).toEqual(['servers.a.tools.x: the server has no tool of this name']);
    expect(look([]).warnings).toEqual([]);
  });
});
