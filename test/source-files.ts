import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** An import as its text says it. `layer` is the target's layer; packages have none. */
type Import = { readonly from: string; readonly typeOnly: boolean; readonly layer: string | undefined };
export type SourceFile = {
  /** Relative to `src`. */
  readonly path: string;
  /** The folder under `src`, or the file itself where it lies directly there. */
  readonly layer: string;
  readonly text: string;
  readonly imports: readonly Import[];
};

export function sourceFiles(): readonly SourceFile[] {
  const paths = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => path.endsWith('.ts')).map(sourceFile);
}

function sourceFile(path: string): SourceFile {
  const text = readFileSync(join(root, 'src', path), 'utf8');
  return { path, layer: layerOf(path), text, imports: importsOf(path, text) };
}

const layerOf = (path: string): string => path.split('/')[0] ?? path;

const statement = /^(?:import|export)\s([^'"`;]*?)\sfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(path: string, text: string): readonly Import[] {
  return [...text.matchAll(statement)].map(([, clause = '', named, bare, dynamic]) => {
    const from = named ?? bare ?? dynamic ?? '';
    const target = from.startsWith('.') ? relative('src', join('src', dirname(path), from)) : undefined;
    return { from, typeOnly: isTypeOnly(clause), layer: target === undefined ? undefined : layerOf(target) };
  });
}

/** `import type …`, or braces in which every name carries `type`. */
function isTypeOnly(clause: string): boolean {
  if (clause.startsWith('type ')) return true;
  const names =
    /^\{(.*)\}$/s
      .exec(clause.trim())?.[1]
      ?.split(',')
      .map((name) => name.trim()) ?? [];
  return names.length > 0 && names.every((name) => name === '' || name.startsWith('type '));
}
