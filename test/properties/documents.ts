import * as fc from 'fast-check';

/** A plain run is the same every time; a deep one looks elsewhere each time. */
export const seed = process.env['PROPERTIES'] === 'deep' ? {} : { seed: 20_261_121 };

/** A tenth of a long run, which `PROPERTIES=deep` asks for. */
export const runs = (count: number): number => (process.env['PROPERTIES'] === 'deep' ? count * 10 : count);

/** A value that must never be shown: references read it from the environment. */
export const canary = 'canary-7f3a9c';
export const env = { CANARY: canary };

type Map<T> = Readonly<Record<string, T>>;
export type Document = {
  readonly version: 1;
  readonly groups?: Map<object>;
  readonly policies: Map<object>;
  readonly servers: Map<object>;
  readonly portals: Map<object>;
  readonly tunnels?: Map<object>;
  readonly kv_namespaces?: Map<object>;
  readonly dns?: readonly object[];
};

const keys = (prefix: string, most: number, least = 0): fc.Arbitrary<readonly string[]> =>
  fc.integer({ min: least, max: most }).map((count) => Array.from({ length: count }, (_, index) => `${prefix}${index}`));

const some = <T>(optional: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(optional, { nil: undefined });

/** Left-out members are left out, as in a document. */
const spare = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Words that YAML, terminals and Markdown stumble over. */
const text = fc.oneof(
  fc.constantFrom(
    'plain',
    'yes',
    'null',
    '1.0',
    '- a: b',
    '#x',
    "it's",
    '"quoted"',
    '`tick`',
    '| pipe |',
    '</details>',
    'ü 日本 🎉',
    '{}',
  ),
  fc.string({ minLength: 1, maxLength: 12 }).filter((word) => word.trim() === word && !/[$\p{Cc}]/u.test(word)),
);

const rule = (groups: readonly string[]): fc.Arbitrary<object> =>
  fc.oneof(
    fc.constantFrom('a', 'b', 'c').map((name) => ({ email: `${name}@example.com` })),
    fc.constantFrom('example.com', 'example.org').map((domain) => ({ email_domain: domain })),
    fc.constantFrom('NL', 'DE').map((country) => ({ country })),
    ...(groups.length === 0 ? [] : [fc.constantFrom(...groups).map((group) => ({ group }))]),
  );
const rules = (groups: readonly string[]) =>
  fc.uniqueArray(rule(groups), { minLength: 1, maxLength: 3, selector: (each) => JSON.stringify(each) });

const policy = (groups: readonly string[]) =>
  fc.record({
    decision: fc.constantFrom('allow', 'deny'),
    session_duration: some(fc.constantFrom('24h', '1h', '90m')),
    include: rules(groups),
    exclude: some(rules(groups)),
  });

const server = (policies: readonly string[], key: string) =>
  fc.record({
    name: some(text),
    description: some(text),
    url: fc.constant(`https://${key}.example.com/mcp`),
    auth: some(fc.constantFrom<unknown>('none', { bearer: 'env:CANARY' }, { headers: { 'X-Key': 'env:CANARY' } })),
    tools: some(fc.dictionary(fc.constantFrom('read', 'write', 'find'), fc.boolean(), { maxKeys: 3 })),
    access: some(fc.record({ policies: fc.shuffledSubarray([...policies], { minLength: 1 }) })),
  });

const portal = (servers: readonly string[], policies: readonly string[], key: string) =>
  fc.record({
    name: some(text),
    hostname: fc.constant(`${key}.example.com`),
    code_mode: some(fc.constantFrom('off', 'opt_in')),
    servers: fc.subarray([...servers]),
    access: fc.record({
      policies: fc.shuffledSubarray([...policies], { minLength: 1 }),
      session_duration: some(fc.constantFrom('24h', '6h')),
    }),
    dns: some(fc.boolean()),
  });

const each = <T>(names: readonly string[], make: (name: string) => fc.Arbitrary<T>): fc.Arbitrary<Map<T>> =>
  fc.record(Object.fromEntries(names.map((name) => [name, make(name)])));

/** Valid documents of up to a dozen resources. */
export const document: fc.Arbitrary<Document> = fc
  .tuple(keys('g', 2), keys('p', 3, 1), keys('s', 3), keys('portal', 2), keys('t', 1), keys('k', 2))
  .chain(([groups, policies, servers, portals, tunnels, spaces]) =>
    fc.record({
      version: fc.constant(1 as const),
      groups: each(groups, () => fc.record({ include: rules([]) })),
      policies: each(policies, () => policy(groups)),
      servers: each(servers, (key) => server(policies, key)),
      portals: each(portals, (key) => portal(servers, policies, key)),
      tunnels: each(tunnels, (key) =>
        fc.record({ ingress: fc.constant([{ hostname: `${key}.example.com`, service: 'http://app:80' }]) }),
      ),
      kv_namespaces: each(spaces, (key) => fc.constant({ title: `SPACE_${key}` })),
      dns: fc.subarray([
        { zone: 'example.com', type: 'TXT', name: 'a', content: 'one' },
        { zone: 'example.com', type: 'CNAME', name: 'www', content: 'example.com', proxied: true },
      ]),
    }),
  )
  .map(spare);

/** The same document with the keys of every map, and the lists that carry no order, the other way round. */
export function reordered(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => reordered(item));
    return ['include', 'exclude', 'require'].includes(name) ? items.toReversed() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reordered(inner, key)]),
  );
}
