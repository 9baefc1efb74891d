import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The official SDK makes `Headers` for every request, and on Node 20 the first use of that global
 * loads all of undici: twice the start-up of a plan. Its files get a small class of the same shape.
 */
export const plainHeaders = {
  name: 'plain-headers',
  setup(builder) {
    const stand = JSON.stringify(resolve('src/cloudflare/plain-headers.ts'));
    builder.onLoad({ filter: /[\\/]cloudflare[\\/]internal[\\/](headers|utils[\\/]log)\.m?js$/ }, async ({ path }) => ({
      contents: `import { PlainHeaders as Headers } from ${stand};\n${await readFile(path, 'utf8')}`,
      loader: 'js',
    }));
  },
};

/**
 * What libraries bring along for things that the program does not do. msw: GraphQL handlers, and a jar of
 * cookies, which the API has none of. The MCP client: signing with a private key. ora: 90 spinners beside those it has by default.
 */
const unused = {
  graphql: 'export const parse = undefined;',
  'tough-cookie': `
    export class Cookie {}
    export class MemoryCookieStore {}
    export class CookieJar { getCookiesSync() { return []; } async setCookie() {} }`,
  jose: 'export {};',
  'cli-spinners': `import { dots, line } from './spinners.json'; export default { dots, line };`,
};

export const withoutUnused = {
  name: 'without-unused',
  setup(builder) {
    builder.onResolve({ filter: /^[\w-]+$/ }, ({ path, namespace, importer }) =>
      namespace !== 'unused' && Object.hasOwn(unused, path) && /[\\/]node_modules[\\/]/.test(importer)
        ? { path, namespace: 'unused' }
        : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({
      contents: unused[path],
      loader: 'js',
      resolveDir: `node_modules/${path}`,
    }));
  },
};

/**
 * The MCP libraries get a zod of their own. In one shared with ours, every command would load the three
 * fourths of it that only they use: a bundler can leave out only what nobody uses.
 */
export const zodForMcp = {
  name: 'zod-for-mcp',
  setup(builder) {
    // The same files under other names; what they import goes the same way.
    const apart = (path) => ({ path, suffix: '?mcp', sideEffects: false });
    builder.onResolve({ filter: /^zod(\/|$)/ }, ({ path, importer }) =>
      /[\\/]@modelcontextprotocol[\\/]/.test(importer) ? apart(fileURLToPath(import.meta.resolve(path))) : undefined,
    );
    builder.onLoad({ filter: /[\\/]zod[\\/]/ }, async ({ path, suffix }) =>
      suffix === '?mcp' ? { contents: await readFile(path, 'utf8'), loader: 'js', pluginData: suffix } : undefined,
    );
    builder.onResolve({ filter: /^\./ }, ({ path, importer, pluginData }) =>
      pluginData === '?mcp' ? apart(join(dirname(importer), path)) : undefined,
    );
  },
};

/**
 * The MCP client and server check values against JSON Schemas with one of two libraries. The one that it takes in Workers
 * is an eighth of the other's size.
 */
export const smallValidator = {
  name: 'small-validator',
  setup(builder) {
    builder.onResolve({ filter: /^@modelcontextprotocol\/(client|server)\/_shims$/ }, ({ importer }) => ({
      path: join(dirname(importer), 'shimsWorkerd.mjs'),
    }));
    // In Workers everything is made at the start; here most runs need little of it.
    builder.onLoad({ filter: /[\\/]shimsWorkerd\.mjs$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/^preloadSchemas\(\);$/m, ''),
      loader: 'js',
    }));
  },
};

/** commander can run subcommands that are programs of their own. Ours never are, and what starts them loads slowly. */
export const withoutExecutables = {
  name: 'without-executables',
  setup(builder) {
    builder.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'child_process', namespace: 'executables' } : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: 'executables' }, () => ({ contents: 'export {};', loader: 'js' }));
  },
};
