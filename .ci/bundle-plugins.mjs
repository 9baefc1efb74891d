import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

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

/** What msw brings along for things that the simulator does not have: GraphQL handlers, and cookies by public suffix. */
const unused = {
  graphql: 'export const parse = undefined;',
  tldts: 'export const getDomain = (hostname) => hostname;',
};

export const withoutUnused = {
  name: 'without-unused',
  setup(builder) {
    builder.onResolve({ filter: /^(graphql|tldts)$/ }, ({ path }) => ({ path, namespace: 'unused' }));
    builder.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({ contents: unused[path], loader: 'js' }));
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
