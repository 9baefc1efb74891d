import { isAlias, isMap, isScalar, isSeq, type Alias, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Finding } from '../engine/kind.ts';
import { isSecretivePath } from '../lib/secretive.ts';
import { keyFinding } from './keys.ts';
import type { Node, NodePath, Pair, ScalarNode, ScalarValue } from './node.ts';
import type { Parsed } from './parsed.ts';
import { problem } from './report.ts';
import { placeOf, type Source, type Spot } from './source.ts';

/** An anchored value, how many values it stands for, or that it is still being read. */
type Anchored = { readonly node: Node; readonly size: number } | 'open';
type Walk = {
  readonly source: Source;
  readonly findings: Finding[];
  readonly anchors: Map<string, Anchored>;
  /** Values met so far, those behind aliases counted each time. */
  size: number;
  /** The part of them that only aliases brought. */
  aliased: number;
};

/** How many values aliases may add up to: a document of a few lines can otherwise stand for billions. */
const largest = 100_000;

/** Turns the `yaml` package's nodes into located values: aliases resolved, keys checked, each node met once. */
export function fromYaml(source: Source, contents: unknown): Parsed {
  const walk: Walk = { source, findings: [], anchors: new Map(), size: 0, aliased: 0 };
  const root = read(walk, contents, []);
  if (walk.findings.length > 0) return { ok: false, findings: walk.findings };
  if (root.type === 'map') return { ok: true, root };
  const hint = 'start with `version: 1`, then sections such as `servers:`';
  const found = root.type === 'list' ? 'a list' : 'a single value';
  return {
    ok: false,
    findings: [problem('MCP108', `the document must be a map, found ${found}`, { place: placeOf(root, []), hint })],
  };
}

function read(walk: Walk, node: unknown, path: NodePath): Node {
  if (isAlias(node)) return readAlias(walk, node, path);
  const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
  if (anchor === undefined) return readValue(walk, node, path);
  const before = walk.size;
  walk.anchors.set(anchor, 'open');
  const value = readValue(walk, node, path);
  walk.anchors.set(anchor, { node: value, size: walk.size - before });
  return value;
}

function readValue(walk: Walk, node: unknown, path: NodePath): Node {
  walk.size += 1;
  if (isMap(node)) return readMap(walk, node, path);
  if (isSeq(node)) return readList(walk, node, path);
  const scalar = readScalar(walk, isScalar(node) ? node : undefined);
  checkCharacters(walk, { text: String(scalar.value), spot: scalar, path });
  return scalar;
}

/** Escapes can write what no text has: NUL, and half of a surrogate pair. */
function checkCharacters(walk: Walk, at: { readonly text: string; readonly spot: Spot; readonly path: NodePath }): void {
  if (!/[\0\p{Cs}]/u.test(at.text)) return;
  const message = 'a control character (NUL, or half of a surrogate pair) cannot be used';
  walk.findings.push(problem('MCP109', message, { place: placeOf(at.spot, at.path) }));
}

function readMap(walk: Walk, map: YAMLMap, path: NodePath): Node {
  const pairs = new Map<string, Pair>();
  for (const item of map.items) {
    const scalar = isScalar(item.key) ? item.key : undefined;
    const name = scalar === undefined ? '' : String(scalar.value);
    const key = { source: walk.source, offset: scalar?.range?.[0] ?? start(map) };
    const here = [...path, name];
    const wrong = keyFinding({ name, spot: key, path: here, first: pairs.get(name)?.key });
    if (wrong !== undefined) walk.findings.push(wrong);
    checkCharacters(walk, { text: name, spot: key, path: here });
    pairs.set(name, { key, value: read(walk, item.value, here) });
  }
  return { source: walk.source, offset: start(map), type: 'map', pairs };
}

function readList(walk: Walk, list: YAMLSeq, path: NodePath): Node {
  const items = list.items.map((item, index) => read(walk, item, [...path, index]));
  return { source: walk.source, offset: start(list), type: 'list', items };
}

function readScalar(walk: Walk, scalar: Scalar | undefined): ScalarNode {
  const plain = scalar === undefined || scalar.type === undefined || scalar.type === 'PLAIN';
  return { source: walk.source, offset: start(scalar), type: 'scalar', value: scalarValue(scalar?.value), plain };
}

function readAlias(walk: Walk, alias: Alias, path: NodePath): Node {
  const anchored = walk.anchors.get(alias.source);
  if (anchored === undefined)
    return unusable(walk, { alias, path, message: `the anchor${anchorName('&', alias, path)} does not exist before this alias` });
  if (anchored === 'open')
    return unusable(walk, { alias, path, message: `the alias${anchorName('*', alias, path)} stands inside its own anchor` });
  walk.size += anchored.size;
  walk.aliased += anchored.size;
  if (walk.aliased <= largest) return anchored.node;
  const message = `aliases multiply the document to more than ${largest.toLocaleString('en-US')} values`;
  return unusable(walk, { alias, path, message });
}

/** A password that starts with `*` looks like an alias. */
const anchorName = (sign: string, { source }: Alias, path: NodePath): string =>
  isSecretivePath(path) || !/^[\w-]{1,40}$/.test(source) ? '' : ` ${sign}${source}`;

type BadAlias = { readonly alias: Alias; readonly path: NodePath; readonly message: string };

function unusable(walk: Walk, bad: BadAlias): Node {
  const node = readScalar(walk, undefined);
  const spot = { source: walk.source, offset: start(bad.alias) };
  const seen = walk.findings.some((finding) => finding.message === bad.message);
  if (!seen) walk.findings.push(problem('MCP107', bad.message, { place: placeOf(spot, bad.path) }));
  return { ...node, offset: spot.offset };
}

const start = (node: { readonly range?: readonly number[] | null | undefined } | undefined): number => node?.range?.[0] ?? 0;

function scalarValue(value: unknown): ScalarValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'bigint' ? value : null;
}
