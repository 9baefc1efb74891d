import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandGroups } from '../src/commands/index.ts';
import { commandHelp } from '../src/cli/help.ts';
import { parseCommandLine } from '../src/cli/parse.ts';
import { kinds } from '../src/kinds/index.ts';
import { version } from '../src/version.ts';
import { root, sourceFiles } from './source-files.ts';

/** Who may import whom under `src`; `types` are layers of which only types may be imported. */
const layers: Readonly<Record<string, { readonly sees: readonly string[]; readonly types?: readonly string[] }>> = {
  lib: { sees: [] },
  'version.ts': { sees: ['..'] },
  'world.ts': { sees: [] },
  secrets: { sees: ['lib'], types: ['engine', 'world.ts'] },
  engine: { sees: ['lib', 'secrets'] },
  cloudflare: { sees: ['lib', 'secrets'], types: ['engine', 'world.ts'] },
  exposure: { sees: ['lib', 'engine', 'render'] },
  kinds: { sees: ['lib', 'secrets', 'engine', 'cloudflare', 'exposure'] },
  spec: { sees: ['lib'], types: ['engine', 'exposure', 'secrets', 'world.ts'] },
  render: { sees: ['lib'], types: ['engine', 'exposure', 'spec'] },
  'mcp-client': { sees: [] },
  sandbox: { sees: ['lib', 'mcp-client'], types: ['world.ts'] },
  system: { sees: ['lib', 'secrets'], types: ['world.ts'] },
  terminal: { sees: ['lib', 'render'], types: ['cli', 'engine', 'wizard', 'world.ts'] },
  bundler: { sees: ['lib', 'secrets'], types: ['world.ts'] },
  cli: { sees: ['lib', 'render', 'spec', 'version.ts'], types: ['terminal', 'world.ts'] },
  completion: { sees: ['lib', 'cli'] },
  verbs: { sees: ['lib', 'spec'], types: ['engine'] },
  calls: { sees: ['lib'] },
  'load-spec.ts': { sees: ['lib', 'engine', 'spec'] },
  'pipeline.ts': { sees: ['lib', 'secrets', 'engine', 'spec'], types: ['load-spec.ts'] },
  'session.ts': {
    sees: ['lib', 'secrets', 'cloudflare', 'sandbox', 'version.ts'],
    types: ['cli', 'engine', 'spec', 'world.ts'],
  },
  clients: { sees: ['lib', 'render', 'spec'] },
  wizard: { sees: ['lib', 'secrets', 'cloudflare', 'spec', 'verbs'], types: ['engine', 'load-spec.ts'] },
  guard: { sees: ['lib', 'secrets'], types: ['world.ts'] },
  access: { sees: ['lib', 'engine', 'kinds', 'render'] },
  graph: { sees: ['access', 'engine', 'render'] },
  mcp: {
    sees: ['lib', 'engine', 'spec', 'kinds', 'verbs', 'render', 'guard', 'version.ts'],
    types: ['world.ts'],
  },
  doctor: { sees: ['lib', 'engine', 'cloudflare', 'render'], types: ['session.ts'] },
  verify: { sees: ['lib', 'secrets', 'engine', 'cloudflare', 'kinds', 'exposure', 'render', 'mcp-client', 'version.ts'] },
  commands: {
    sees: [
      'lib',
      'secrets',
      'engine',
      'exposure',
      'kinds',
      'spec',
      'render',
      'sandbox',
      'bundler',
      'terminal',
      'cli',
      'access',
      'calls',
      'completion',
      'clients',
      'doctor',
      'graph',
      'guard',
      'mcp',
      'mcp-client',
      'verbs',
      'verify',
      'wizard',
      'load-spec.ts',
      'pipeline.ts',
      'session.ts',
    ],
    types: ['cloudflare', 'world.ts'],
  },
  'main.ts': { sees: ['lib', 'spec', 'cli', 'commands', 'system', 'terminal', 'version.ts'], types: ['world.ts'] },
};

/** Where a package may be imported; elsewhere not even its types, save where `types` says so. */
const packages: Readonly<Record<string, { readonly in: readonly string[]; readonly types?: readonly string[] }>> = {
  '@inquirer/prompts': { in: ['terminal'] },
  '@modelcontextprotocol/server': { in: ['mcp'] },
  '@modelcontextprotocol/client': { in: ['mcp-client'] },
  chalk: { in: ['terminal'] },
  cloudflare: { in: ['cloudflare'], types: ['kinds'] },
  commander: { in: ['cli'] },
  jose: { in: ['guard'] },
  msw: { in: ['sandbox'] },
  ora: { in: ['terminal'] },
  yaml: { in: ['spec'] },
  zod: { in: ['kinds', 'spec', 'commands', 'mcp'], types: ['engine'] },
};

/** Node's modules that touch the outside, and the layers that may. */
const effects: Readonly<Record<string, readonly string[]>> = {
  child_process: ['system'],
  fs: ['system', 'secrets', 'sandbox', 'guard', 'mcp'],
  http: ['cloudflare', 'sandbox', 'guard', 'mcp', 'verify'],
  https: ['cloudflare', 'guard', 'verify'],
  http2: ['cloudflare'],
  readline: ['terminal'],
  tls: ['cloudflare'],
  tty: ['system'],
};

const files = sourceFiles();

/** A finding per import that a table does not allow, as a line for the failure message. */
const imports = files.flatMap((file) => file.imports.map((each) => ({ ...each, path: file.path, own: file.layer })));
const says = ({ path, from }: { readonly path: string; readonly from: string }): string => `${path} imports ${from}`;

describe('layers', () => {
  it('are all in the table', () => {
    expect([...new Set(files.map(({ layer }) => layer))].filter((layer) => layers[layer] === undefined)).toEqual([]);
  });

  it('see only what the table lets them see', () => {
    const forbidden = imports.filter(({ own, layer, typeOnly }) => {
      if (layer === undefined || layer === own) return false;
      const { sees = [], types = [] } = layers[own] ?? {};
      return !sees.includes(layer) && !(typeOnly && types.includes(layer));
    });
    expect(forbidden.map(says)).toEqual([]);
  });
});

describe('packages', () => {
  const nameOf = (from: string): string => from.split('/', from.startsWith('@') ? 2 : 1).join('/');
  const outside = imports.filter(({ layer }) => layer === undefined);

  it('are imported only where the table says so', () => {
    const forbidden = outside.filter(({ own, from, typeOnly }) => {
      if (from.startsWith('node:')) return false;
      const rule = packages[nameOf(from)];
      return rule === undefined || (!rule.in.includes(own) && !(typeOnly && rule.types?.includes(own) === true));
    });
    expect(forbidden.map(says)).toEqual([]);
  });

  it('of Node that touch the outside are imported only at the edge', () => {
    const forbidden = outside.filter(({ own, from }) => {
      const allowed = effects[/^node:(\w+)/.exec(from)?.[1] ?? ''];
      return allowed !== undefined && !allowed.includes(own);
    });
    expect(forbidden.map(says)).toEqual([]);
  });

  it('of the SDK are taken in parts, never whole', () => {
    expect(imports.filter(({ from, typeOnly }) => from === 'cloudflare' && !typeOnly).map(says)).toEqual([]);
  });
});

describe('source files', () => {
  const matching = (pattern: RegExp, allowed: readonly string[] = []): readonly string[] =>
    files.filter(({ text, layer }) => pattern.test(text) && !allowed.includes(layer)).map(({ path }) => path);

  it('never use the console', () => expect(matching(/\bconsole\./)).toEqual([]));
  it('have no default exports', () => expect(matching(/^export (default\b|\{[^}]*\bas default\b)/m)).toEqual([]));
  it('reveal secrets only where they are sent or stored', () =>
    expect(matching(/\.reveal\(/, ['kinds', 'cloudflare', 'secrets', 'verify'])).toEqual([]));
  it('end the process only in the entry and in the second Ctrl-C', () =>
    expect(matching(/\bprocess\.exit\(/, ['main.ts', 'system'])).toEqual([]));
  it('read the environment only through the world', () => expect(matching(/\bprocess\.env\b/, ['system'])).toEqual([]));
  it('leave no marks of unfinished work', () => expect(matching(/\b(TODO|FIXME|XXX)\b/)).toEqual([]));

  it('have at most 200 lines', () => {
    const long = files.map(({ path, text }) => [path, text.split('\n').length - 1] as const).filter(([, lines]) => lines > 200);
    expect(long).toEqual([]);
  });
});

describe('the tables', () => {
  /** What several kinds share lies in folders below; every file directly in `kinds` is one kind. */
  const filesIn = (folder: string): readonly string[] =>
    readdirSync(join(root, 'src', folder)).filter((name) => name.endsWith('.ts') && name !== 'index.ts');

  it('of kinds holds every file of its folder', async () => {
    const modules = await Promise.all(filesIn('kinds').map((name) => import(/* @vite-ignore */ join(root, 'src/kinds', name))));
    const inFolder = modules.map((module) =>
      Object.values<unknown>(module).find((value) => kinds.some((kind) => kind === value)),
    );
    expect(filesIn('kinds').filter((_, at) => inFolder[at] === undefined)).toEqual([]);
    expect(kinds.map(({ kind }) => kind).toSorted()).toEqual([...new Set(kinds.map(({ kind }) => kind))].toSorted());
    expect(inFolder).toHaveLength(kinds.length);
  });

  it('of commands loads every file of its folder', () => {
    const tables = files.filter(({ path }) => /^commands\/(table|chunks)\//.test(path));
    const loaded = tables.flatMap(({ text }) =>
      [...text.matchAll(/(?:import\(|from )'\.\.\/([^/']+)'/g)].map(([, name = '']) => name),
    );
    expect(loaded.toSorted()).toEqual(filesIn('commands').toSorted());
  });

  it.each(commandGroups.flatMap((group) => group.commands).map((command) => [command.name, command] as const))(
    'of commands describes %s',
    async (name, command) => {
      const parsed = parseCommandLine([...name.split(' '), '--help'], commandGroups, version);
      const all = commandGroups.flatMap((group) => group.commands);
      expect(parsed).toEqual({ is: 'text', text: commandHelp(command, all) });
      expect(command.examples.length).toBeGreaterThan(0);
      expect(await command.load()).toHaveProperty('run');
    },
  );
});

describe('the package', () => {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

  it('installs nothing else, and its own tools are pinned', () => {
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).toHaveProperty('devDependencies');
    const pins = Object.values(Object(manifest).devDependencies).filter((pin) => !/^\d/.test(String(pin)));
    expect(pins).toEqual([]);
  });
});
