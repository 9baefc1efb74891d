// Bundles the program and every library it uses into dist/, and writes the texts that start-up needs.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { plainHeaders, smallValidator, withoutExecutables, withoutUnused, zodForMcp } from './bundle-plugins.mjs';
import { helpTexts } from './help-texts.mjs';
import { licensesOf } from './licenses.mjs';
import { sharedCore } from './shared-core.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

// esbuild has printed what is wrong by then.
const { outputFiles, metafile } = await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  plugins: [plainHeaders, sharedCore, smallValidator, withoutExecutables, withoutUnused, zodForMcp],
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  // The notices of all bundled libraries stand in THIRD_PARTY_LICENSES.txt.
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'warning',
}).catch(() => process.exit(1));

/** Node starts faster with CommonJS, but esbuild makes chunks of ES modules only: each is turned over at the end. */
async function asCommonJs({ path, text }) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify: true,
    define: { 'import.meta.url': '__filename' },
    supported: { 'dynamic-import': false },
  });
  return [path, code];
}

const files = new Map(await Promise.all(outputFiles.map(asCommonJs)));
files.set('dist/package.json', JSON.stringify({ type: 'commonjs' }));
files.set('dist/texts.json', JSON.stringify(await helpTexts()));
files.set('dist/THIRD_PARTY_LICENSES.txt', await licensesOf(metafile));

// A build that fails leaves the last one in place.
await rm('dist', { recursive: true, force: true });
await mkdir('dist/chunks', { recursive: true });
await Promise.all([...files].map(([path, contents]) => writeFile(path, contents)));
