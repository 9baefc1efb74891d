import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UserError } from '../lib/errors.ts';

/** A message as esbuild gives it: lines count from 1, columns are bytes and count from 0. */
export type Message = {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number; readonly column: number; readonly lineText: string } | null;
};
type Output = { readonly text: string };

/** As much of esbuild as is used here. */
export type Esbuild = {
  build(options: object): Promise<{ readonly outputFiles: readonly Output[] }>;
  transform(code: string, options: object): Promise<unknown>;
};

/**
 * The esbuild that a project has installed, else the one beside this program; undefined where there is
 * none. Throws a `UserError` for one that is there and cannot be loaded.
 */
export function findEsbuild(folder: string): Esbuild | undefined {
  for (const base of [join(folder, 'package.json'), import.meta.url]) {
    const found = loaded(base);
    if (found !== undefined) return found;
  }
  return undefined;
}

function loaded(base: string): Esbuild | undefined {
  const require = createRequire(base);
  try {
    const module: unknown = require('esbuild');
    return isEsbuild(module) ? module : undefined;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'MODULE_NOT_FOUND') return undefined;
    const [why = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new UserError(`esbuild is installed and cannot be loaded: ${why}`, {
      hint: 'install it again: npm install --save-dev esbuild',
      cause,
    });
  }
}

const isEsbuild = (module: unknown): module is Esbuild =>
  typeof module === 'object' && module !== null && 'build' in module && 'transform' in module;

/** The messages of a build that failed. Anything else that was thrown is thrown again. */
export function messagesOf(error: unknown): readonly Message[] {
  if (!(error instanceof Error) || !('errors' in error) || !Array.isArray(error.errors)) throw error;
  return error.errors as readonly Message[]; // esbuild's own type of its failures
}
