import { createHash } from 'node:crypto';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileReason } from '../secrets/file-reason.ts';
import type { World } from '../world.ts';
import { findEsbuild, messagesOf, type Esbuild, type Message } from './esbuild.ts';
import { hasExports, importsOf, isBuiltIn } from './imports.ts';

export type BundleOptions = {
  readonly world: Pick<World, 'files' | 'cwd'>;
  /** The folder that `file` counts from: the document's. */
  readonly folder: string;
  readonly file: string;
};

/** One ES module, and the start of its SHA-256. */
export type Bundle = { readonly text: string; readonly hash: string };

/** What is wrong; with a place in a file of code, where it is there. `file` is relative to the working directory. */
export type Problem = {
  readonly message: string;
  readonly hint?: string;
  readonly at?: { readonly file: string; readonly line: number; readonly column: number };
};
export type Bundled = { readonly bundle: Bundle } | { readonly problems: readonly Problem[] };

/**
 * The code of a Worker from its main file. A JavaScript module that imports nothing but what the runtime
 * brings is taken as it is; everything else goes through esbuild, which the user installs.
 */
export async function bundle(options: BundleOptions): Promise<Bundled> {
  const { world, folder, file } = options;
  const path = resolve(folder, file);
  const text = await world.files.read(path).catch((error: unknown) => ({ error }));
  if (typeof text !== 'string')
    return { problems: [{ message: `${file} cannot be read: ${fileReason(text.error)}`, hint: `the path stands for ${path}` }] };
  const esbuild = findEsbuild(dirname(path)) ?? findEsbuild(folder);
  const needs = extensionNeeds(path) ?? importNeeds(text);
  if (needs !== undefined && esbuild === undefined) return { problems: [without(file, needs)] };
  try {
    if (needs === undefined)
      await esbuild?.transform(text, { loader: 'js', format: 'esm', sourcefile: relative(folder, path), logLevel: 'silent' });
    return finished(options, needs === undefined || esbuild === undefined ? text : await built(esbuild, folder, path));
  } catch (error) {
    return { problems: messagesOf(error).map((message) => located(message, options)) };
  }
}

const extensionNeeds = (path: string): string | undefined =>
  ['.js', '.mjs'].includes(extname(path)) ? undefined : 'is not plain JavaScript';

function importNeeds(text: string): string | undefined {
  const first = importsOf(text).find((module) => !isBuiltIn(module));
  return first === undefined ? undefined : `imports ${first}`;
}

const without = (file: string, needs: string): Problem => ({
  message: `${file} ${needs}, and esbuild, which makes one module of it, is not installed`,
  hint: 'run: npm install --save-dev esbuild (beside the document), or name a single JavaScript module',
});

/** What libraries ask; a Worker has no environment of a process. */
const productionFlag = ['process', 'env', 'NODE_ENV'].join('.');

/** Paths count from the document's folder, so that the same sources give the same text everywhere. */
async function built(esbuild: Esbuild, folder: string, path: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: folder,
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['browser', 'module', 'main'],
    define: { [productionFlag]: '"production"' },
    external: ['cloudflare:*', 'node:*'],
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

function finished({ file, folder, world }: BundleOptions, text: string): Bundled {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
  if (hasExports(text)) return { bundle: { text, hash: `sha256:${hash}` } };
  const at = { file: shown(world.cwd, join(folder, file)), line: 1, column: 1 };
  return {
    problems: [
      {
        message: 'a Worker is an ES module that exports its handlers',
        hint: 'write: export default { async fetch(request, env) { … } }',
        at,
      },
    ],
  };
}

/** A file as people name it: relative to where they are, unless that leads far up. */
function shown(cwd: string, path: string): string {
  const short = relative(cwd, path);
  return short.startsWith('../..') ? path : short;
}

function located({ text, location }: Message, { world, folder }: BundleOptions): Problem {
  if (location === null) return { message: text };
  const before = Buffer.from(location.lineText).subarray(0, location.column).toString();
  const file = shown(world.cwd, resolve(folder, location.file));
  return { message: text, at: { file, line: location.line, column: before.length + 1 } };
}
