import { describe, expect, it } from 'vitest';
import { hasExports, importsOf, isBuiltIn } from '../../src/bundler/imports.ts';

describe('the imports of a file', () => {
  it.each([
    ["import a from 'a';", ['a']],
    ['import { b, c as d } from "b";import * as e from \'e\'', ['b', 'e']],
    ["import 'polyfill';", ['polyfill']],
    ["export * from './all.js';\nexport { x } from './x.js';", ['./all.js', './x.js']],
    ["const later = await import('./later.js');", ['./later.js']],
    ["const old = require('old');", ['old']],
    ["import {\n  one,\n  two,\n} from 'many';", ['many']],
    ["import { env } from 'cloudflare:workers';\nimport { Buffer } from 'node:buffer';", ['cloudflare:workers', 'node:buffer']],
  ])('are seen in %j', (code, modules) => {
    expect([...importsOf(code)].toSorted()).toEqual(modules.toSorted());
  });

  it.each([
    "// import a from 'a';",
    "/*\nimport a from 'a';\n*/",
    "const text = `\nimport a from 'a';\n`;",
    "const text = 'you can import things from here';",
    'export default { fetch: () => new Response("import a from b") };',
    "const accept = '*/*'; // from 'x'\nexport const a = 1;",
    'const from = "x"; export { from };',
    'const hint = "write: import a from \'a\'"; export { hint };',
  ])('are not found where there are none: %j', (code) => {
    expect(importsOf(code)).toEqual([]);
  });

  it('are told apart: what the runtime brings needs no bundler', () => {
    expect(['cloudflare:workers', 'node:crypto', 'zod', './a.js', 'nodes'].filter(isBuiltIn)).toEqual([
      'cloudflare:workers',
      'node:crypto',
    ]);
  });
});

describe('an ES module', () => {
  it.each(['export default {};', 'const a = 1;\nexport { a as default };', 'export class A {}', 'x();export default y'])(
    'exports something: %j',
    (code) => expect(hasExports(code)).toBe(true),
  );
  it.each(["addEventListener('fetch', () => {});", 'module.exports = {};', 'const exported = 1;'])('is not %j', (code) =>
    expect(hasExports(code)).toBe(false),
  );
});
