import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { plainKeys } from '../../src/access/plain-keys.ts';
import { isPlain, memberOf, type Plain } from '../../src/engine/values.ts';
import { readAccessDocument } from '../../src/commands/steps/access-document.ts';
import { validatedSections } from '../../src/commands/steps/validated-sections.ts';
import { accessDocument, accessSections } from '../../src/access/access-document.ts';
import { kinds } from '../../src/kinds/index.ts';
import { documentJsonSchema } from '../../src/spec/json-schema.ts';
import { parse } from '../../src/spec/parse.ts';
import { plainly } from './documents.ts';

const fine = {
  version: 1,
  service_tokens: { ci: {} },
  groups: { staff: { include: [{ email: 'a@example.com' }] } },
  policies: { people: { decision: 'allow', include: [{ group: 'staff' }] } },
  servers: { notes: { url: 'https://notes.example.com/mcp', access: { policies: ['people'] } } },
  portals: {
    tools: { hostname: 'tools.example.com', servers: ['notes'], access: { policies: ['people'] }, service_tokens: ['ci'] },
  },
};

/** `fine` with another value at a path. */
function withAt(path: string, value: unknown): Plain {
  const set = (inside: unknown, [first, ...rest]: readonly string[]): unknown =>
    first === undefined ? value : { ...(isPlain(inside) ? inside : {}), [first]: set(memberOf(inside, first), rest) };
  const changed = set(fine, path.split('/'));
  return isPlain(changed) ? changed : {};
}

describe('the quick reader', () => {
  it('takes a document in which all that bears on access is valid', () => {
    expect(plainly(fine)).toBeDefined();
    expect(plainly({ version: 1 })).toBeDefined();
    expect(plainly(withAt('portals/tools/servers', { notes: null }))).toBeDefined();
    expect(plainly(withAt('policies/people/require', null))).toBeDefined();
  });

  it.each<[string, unknown]>([
    ['polices', {}],
    ['policies', []],
    ['policies/people/desicion', 'deny'],
    ['policies/people/decision', 'perhaps'],
    ['policies/people/include', []],
    ['policies/people/include', [{ emial: 'a@example.com' }]],
    ['policies/people/include', [{ email: 'a@example.com', ip: '192.0.2.1' }]],
    ['policies/people/include', [{ email: [] }]],
    ['policies/people/include', [{ ip: 'home' }]],
    ['policies/people/include', [{ everyone: false }]],
    ['policies/people/include', [{ group: 'stuff' }]],
    ['policies/people/include', [{ service_token: 'cj' }]],
    ['policies/people/approval_required', 'yes'],
    ['policies/people/absent', true],
    ['policies/people/absent', 'true'],
    ['groups/staff/include', [{ group: 'staff' }]],
    ['groups/staff/absent', true],
    ['servers/notes/acces', {}],
    ['servers/notes/access/polices', []],
    ['servers/notes/access/policies', ['persons']],
    ['servers/notes/access', {}],
    ['servers/notes/tools', { search: 'off' }],
    ['servers/notes/tools', { search: { enabled: 'no' } }],
    ['servers/notes/absent', true],
    ['servers/My_Notes', {}],
    ['portals/tools/hostname', ''],
    ['portals/tools/servers', ['mail']],
    ['portals/tools/servers', { notes: { on_behalf: 'false' } }],
    ['portals/tools/servers', { notes: { default: 'off' } }],
    ['portals/tools/service_tokens', ['cj']],
    ['portals/tools/service_tokens', 'ci'],
    ['portals/tools/access', 'people'],
  ])('leaves %s: %j to the full validation', (path, value) => {
    expect(plainly(withAt(path, value))).toBeUndefined();
  });

  it('knows the keys that the schemas know', () => {
    const schema = documentJsonSchema(kinds.flatMap((kind) => kind.section ?? []));
    const propertiesAt = (...path: readonly string[]): readonly string[] => {
      const found = path.reduce<unknown>((value, key) => branch(memberOf(value, key)), schema);
      return Object.keys(Object(memberOf(found, 'properties')));
    };
    const entry = (section: string) => ['properties', section, 'additionalProperties'];
    const same = (known: readonly string[], said: readonly string[]) => expect(known.toSorted()).toEqual(said.toSorted());
    same(plainKeys.document, propertiesAt());
    for (const section of accessSections) same(plainKeys[section], propertiesAt(...entry(section)));
    same(plainKeys['servers.access'], propertiesAt(...entry('servers'), 'properties', 'access'));
    same(plainKeys['portals.access'], propertiesAt(...entry('portals'), 'properties', 'access'));
    same(plainKeys.link, propertiesAt(...entry('portals'), 'properties', 'servers', 'additionalProperties'));
    same(plainKeys.override, propertiesAt(...entry('servers'), 'properties', 'tools', 'additionalProperties'));
  });
});

/** The branch of a union that is a map. */
function branch(schema: unknown): unknown {
  const branches = memberOf(schema, 'anyOf');
  if (!Array.isArray(branches)) return schema;
  const map = branches.map(branch).find((one) => memberOf(one, 'type') === 'object' || memberOf(one, 'properties') !== undefined);
  return map ?? schema;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = readdirSync(`${root}examples`, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('/portal.yaml') && !path.includes('node_modules'),
);

describe.each(['portal.example.yaml', ...examples.map((path) => `examples/${path}`)])('%s', (path) => {
  it('reads the same both ways', async () => {
    const sources = [{ name: path, text: readFileSync(`${root}${path}`, 'utf8') }];
    const parsed = sources.map(parse);
    const whole = accessDocument(validatedSections({ sources, parsed, env: {}, names: accessSections }));
    expect(await readAccessDocument(sources, {})).toEqual(whole);
  });
});
