// Bundles the program and every library it uses into dist/, and writes the texts that start-up needs.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { plainHeaders, withoutExecutables, withoutUnused } from './bundle-plugins.mjs';
import { helpTexts } from './help-texts.mjs';
import { licensesOf } from './licenses.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

// esbuild has printed what is wrong by then.
const { outputFiles, metafile } = await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  plugins: [plainHeaders, withoutExecutables, withoutUnused],
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
  // Libraries in CommonJS ask for node's own modules through require.
  banner: { js: "import{createRequire as $createRequire}from'node:module';const require=$createRequire(import.meta.url);" },
}).catch(() => process.exit(1));

const files = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
files.set('dist/texts.json', JSON.stringify(await helpTexts()));
files.set('dist/THIRD_PARTY_LICENSES.txt', await licensesOf(metafile));

// A build that fails leaves the last one in place.
await rm('dist', { recursive: true, force: true });
await mkdir('dist/chunks', { recursive: true });
await Promise.all([...files].map(([path, contents]) => writeFile(path, contents)));
