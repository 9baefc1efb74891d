import type { Finding } from '../engine/kind.ts';
import { isSecretivePath } from '../lib/secretive.ts';
import { interpolate, isOneVariable, type BadVariable, type Env } from './interpolate.ts';
import type { MapNode, Node, NodePath, ScalarNode } from './node.ts';
import { problem, quoted } from './report.ts';
import { resolvePlain } from './scalar.ts';
import { pathText, placeOf } from './source.ts';

/** One reading of the document into plain values. */
export type Reading = {
  readonly env: Env;
  /** Variables without a value are added here. */
  readonly findings: Finding[];
  /** Paths of the values that those findings are about: what a schema says of them is no news. */
  readonly broken: Set<string>;
};

/** Plain values for a schema, with the variables in string values replaced. Keys are never touched. */
export function toValue(node: Node, path: NodePath, reading: Reading): unknown {
  if (node.type === 'list') return node.items.map((item, index) => toValue(item, [...path, index], reading));
  if (node.type === 'map') return toRecord(node, path, reading);
  return isFinal(node) ? node.value : replaced(node, path, reading);
}

export function toRecord(map: MapNode, path: NodePath, reading: Reading): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [key, { value }] of map.pairs) record[key] = isFinal(value) ? value.value : toValue(value, [...path, key], reading);
  return record;
}

/** Most values hold no variable: then nobody asks for their path, and making it would cost more than the value. */
const isFinal = (node: Node): node is ScalarNode =>
  node.type === 'scalar' && !(typeof node.value === 'string' && node.value.includes('${'));

function replaced(node: ScalarNode, path: NodePath, reading: Reading): string {
  const { text, bad } = interpolate(String(node.value), reading.env);
  if (bad.length === 0) return text;
  reading.broken.add(pathText(path));
  reading.findings.push(...bad.map((variable) => variableFinding(variable, node, path)));
  return text;
}

function variableFinding(bad: BadVariable, node: ScalarNode, path: NodePath): Finding {
  const place = placeOf(node, path);
  if (bad.is === 'malformed') {
    const hint = 'write ${VAR} or ${VAR:-default}; $${ stands for a literal ${';
    const which = isSecretivePath(path) ? 'a ${…}' : quoted(bad.text);
    return problem('MCP106', `${which} cannot be read as a variable`, { place, hint });
  }
  const hint = `set ${bad.name} in the environment (or with --env-file), or give a default: \${${bad.name}:-…}`;
  return problem('MCP105', `the variable ${bad.name} is not set`, { place, hint });
}

/**
 * `value` with every scalar that is written as one variable, without quotes, read as YAML would read
 * the variable's text: how `ttl: ${TTL}` becomes a number. For a schema that refused the string.
 * Undefined when nothing changes. `wanted` says which paths below `node` may change.
 */
export function withTypedVariables(node: Node, value: unknown, wanted: (path: NodePath) => boolean): unknown {
  const typed = retyped({ node, value, path: [] }, wanted);
  return typed === value ? undefined : typed;
}

type At = { readonly node: Node | undefined; readonly value: unknown; readonly path: NodePath };

function retyped({ node, value, path }: At, wanted: (path: NodePath) => boolean): unknown {
  if (node?.type === 'scalar') return typeof value === 'string' && isTyped(node) && wanted(path) ? typedScalar(value) : value;
  if (node?.type === 'list' && Array.isArray(value)) {
    const items: readonly unknown[] = value.map((item: unknown, index) =>
      retyped({ node: node.items[index], value: item, path: [...path, index] }, wanted),
    );
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (node?.type !== 'map' || typeof value !== 'object' || value === null) return value;
  const before = Object.entries(value);
  const after = before.map(([key, item]): [string, unknown] => [
    key,
    retyped({ node: node.pairs.get(key)?.value, value: item, path: [...path, key] }, wanted),
  ]);
  return after.some(([, item], index) => item !== before[index]?.[1]) ? Object.fromEntries(after) : value;
}

const isTyped = (node: ScalarNode): boolean => node.plain && typeof node.value === 'string' && isOneVariable(node.value);

function typedScalar(text: string): unknown {
  const typed = resolvePlain(text);
  return typeof typed === 'number' || typeof typed === 'boolean' ? typed : text;
}
