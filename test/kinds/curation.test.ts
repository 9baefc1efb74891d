import { describe, expect, it } from 'vitest';
import type { Accepted } from '../../src/engine/accepted.ts';
import { kinds } from '../../src/kinds/index.ts';
import { load } from '../../src/load-spec.ts';
import { parse } from '../../src/spec/parse.ts';
import { SpecError } from '../../src/spec/spec-error.ts';

const items = (names: readonly string[], reading: readonly string[] = []) =>
  names.map((name) => ({ name, readOnly: reading.includes(name) }));
const lock: Accepted = {
  servers: new Map([
    ['notes', { tools: items(['search', 'write', 'delete_all', 'delete_one'], ['search']), prompts: items(['daily']) }],
  ]),
};

type Given = { readonly server?: string; readonly accepted?: Accepted | 'none' };

function loaded(link: string, { server = '', accepted = lock }: Given = {}) {
  const text = `version: 1
policies: { people: { decision: allow, include: [{ email: a@example.com }] } }
servers: { notes: { url: https://notes.example.com/mcp, access: { policies: [people] }${server} } }
portals: { p: { hostname: p.example.com, servers: { notes: ${link} }, access: { policies: [people] } } }
`;
  const sources = [{ name: 'portal.yaml', text }];
  return load(sources, { kinds, env: {}, parsed: sources.map(parse), lock: accepted === 'none' ? undefined : accepted });
}

const stateOf = (spec: ReturnType<typeof loaded>, kind: string) => spec.desired.find((one) => one.kind === kind)?.state;
// oxlint-disable-next-line typescript/no-explicit-any -- the state of a link
const linkOf = (...given: Parameters<typeof loaded>): any => Object(stateOf(loaded(...given), 'portal')?.['servers']).notes;

function errorsOf(...given: Parameters<typeof loaded>): readonly string[] {
  try {
    return loaded(...given).findings.map(({ code, severity }) => `${severity} ${code}`);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.findings.map(({ code, severity, message, hint }) => `${severity} ${code} ${message} | ${hint ?? ''}`);
  }
}

const on = { enabled: true };
const off = { enabled: false };

describe('tools: read_only', () => {
  it('shows what the lock calls read-only, disables the rest by name, and what is new by default', () => {
    expect(linkOf('{ tools: read_only }')).toEqual({
      default: 'disabled',
      tools: { search: on, write: off, delete_all: off, delete_one: off },
      prompts: { daily: on },
    });
  });

  it('of a server disables it for all portals, whose links then hide what is new', () => {
    expect(stateOf(loaded('{}', { server: ', tools: read_only' }), 'server')).toMatchObject({
      tools: { search: on, write: off, delete_all: off, delete_one: off },
    });
    expect(linkOf('{}', { server: ', tools: read_only' })).toMatchObject({
      default: 'disabled',
      tools: { search: on, write: off },
    });
  });

  it('stands only for tools', () => {
    expect(errorsOf('{ prompts: read_only }')[0]).toMatch(/error MCP109 .*prompts: expected "none"/);
    expect(linkOf('{ prompts: none }')).toMatchObject({ default: 'disabled', prompts: { daily: off }, tools: { write: on } });
  });
});

describe('tools: none', () => {
  it('hides everything', () => {
    expect(linkOf('{ tools: none }')).toMatchObject({ default: 'disabled', tools: { search: off, write: off } });
  });
});

describe('a pattern', () => {
  it('means the names of the lock; the others stay as they are, and what is new is hidden', () => {
    expect(linkOf('{ tools: { "delete_*": false } }')).toEqual({
      default: 'disabled',
      tools: { search: on, write: on, delete_all: off, delete_one: off },
      prompts: { daily: on },
    });
  });

  it('gives way to a name, and to a later pattern', () => {
    const { tools } = linkOf('{ tools: { "*": false, "delete_*": true, delete_all: { alias: wipe, enabled: false } } }');
    expect(tools).toEqual({ search: off, write: off, delete_one: on, delete_all: { alias: 'wipe', enabled: false } });
    expect(linkOf('{ tools: { "*": false, search: { alias: find } } }').tools.search).toEqual({ enabled: true, alias: 'find' });
  });

  it('matches whole names, and nothing but stars is special in it', () => {
    expect(linkOf('{ tools: { "*_o*e": false } }').tools).toMatchObject({ delete_one: off, delete_all: on });
    expect(errorsOf('{ tools: { "d.lete*": false } }')).toEqual(['warning MCP022']);
  });

  it('does not turn on what the server turns off for all portals', () => {
    const given = { server: ', tools: { write: false }' };
    expect(linkOf('{ tools: { "delete_*": false } }', given).tools).toMatchObject({ write: off, search: on });
  });

  it('adds only its own names where default: is said', () => {
    expect(linkOf('{ default: disabled, tools: { "s*": true } }')).toEqual({ default: 'disabled', tools: { search: on } });
    expect(linkOf('{ default: enabled, tools: { "delete_*": false } }')).toEqual({
      default: 'enabled',
      tools: { delete_all: off, delete_one: off },
    });
  });

  it('cannot give several tools one alias', () => {
    expect(errorsOf('{ tools: { "delete_*": { alias: gone } } }')[0]).toMatch(/error MCP206 .*only one tool/);
  });
});

describe('without what the lock has to say', () => {
  it('a document without presets is as it was', () => {
    expect(linkOf('{ tools: { search: { alias: find } } }', { accepted: 'none' })).toEqual({
      tools: { search: { alias: 'find' } },
    });
    expect(linkOf('{}')).toEqual({});
  });

  it.each(['{ tools: read_only }', '{ tools: none }', '{ tools: { "d*": false } }'])(
    '%s is an error that names the command',
    (link) => {
      expect(errorsOf(link, { accepted: 'none' })[0]).toMatch(
        /^error MCP214 portals\.p\.servers\.notes\.tools: .* \| .*mcp-portal lock --accept$/,
      );
    },
  );

  it('shows nothing of a server that the lock does not have, and says so', () => {
    const accepted: Accepted = { servers: new Map() };
    expect(linkOf('{ tools: read_only }', { accepted })).toEqual({ default: 'disabled', tools: {}, prompts: {} });
    expect(errorsOf('{ tools: read_only }', { accepted })).toEqual(['warning MCP022']);
  });

  it('refuses a link that shows what is new beside a preset', () => {
    expect(errorsOf('{ default: enabled, tools: read_only }')[0]).toMatch(
      /^error MCP215 .*tools: read_only is to keep them hidden/,
    );
    expect(errorsOf('{ default: enabled }', { server: ', tools: { "d*": false }' })[0]).toMatch(
      /^error MCP215 .*a pattern in servers\.notes/,
    );
  });
});
