import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundle, type Bundled } from '../../src/bundler/bundle.ts';
import { findEsbuild, messagesOf } from '../../src/bundler/esbuild.ts';
import { realFiles } from '../../src/system/files.ts';

/** A real folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-portal-bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const bundled = (folder: string, file: string, cwd = folder): Promise<Bundled> =>
  bundle({ world: { cwd, files: realFiles(cwd) }, folder, file });

async function codeOf(folder: string, file: string): Promise<{ readonly text: string; readonly hash: string }> {
  const made = await bundled(folder, file);
  if ('problems' in made) throw new Error(made.problems[0]?.message);
  return made.bundle;
}

async function problemOf(files: Readonly<Record<string, string>>, file: string) {
  const made = await bundled(folderWith(files), file);
  return 'problems' in made ? made.problems[0] : undefined;
}

const plain = "import { env } from 'cloudflare:workers';\nexport default { fetch: () => new Response(env.A) };\n";

describe('the code of a Worker', () => {
  it('is the file as it is when that is a single module', async () => {
    const made = await codeOf(folderWith({ 'w.js': plain }), 'w.js');
    expect(made.text).toBe(plain);
    expect(made.hash).toBe(`sha256:${createHash('sha256').update(plain).digest('hex').slice(0, 32)}`);
  });

  it('is one module made of TypeScript and what it imports, with what the runtime brings left outside', async () => {
    const folder = folderWith({
      'src/index.ts':
        "import { env } from 'cloudflare:workers';\nimport { greet } from './greet.ts';\nexport default { fetch: (): Response => new Response(greet(env.A)) };",
      'src/greet.ts': 'export const greet = (name: string): string => `hi ${name}`;',
    });
    const { text } = await codeOf(folder, './src/index.ts');
    expect(text).toContain('from "cloudflare:workers"');
    expect(text).toContain('`hi ${name}`');
    expect(text).not.toContain('./greet');
    expect(text).not.toContain(': string');
  });

  it('is another one when an imported file changes, and the same from wherever it is made', async () => {
    const files = { 'index.js': "import { a } from './a.js';\nexport default { a };", 'a.js': 'export const a = 1;' };
    const folder = folderWith(files);
    const first = await codeOf(folder, 'index.js');
    const elsewhere = await bundled(folderWith(files), 'index.js', '/');
    expect(elsewhere).toEqual({ bundle: first });
    writeFileSync(join(folder, 'a.js'), 'export const a = 2;');
    expect((await codeOf(folder, 'index.js')).hash).not.toBe(first.hash);
  });

  it('takes the form that packages have for Workers, and no development code', async () => {
    const folder = folderWith({
      'index.js': "import { where, dev } from 'pkg';\nexport default { where, dev };",
      'node_modules/pkg/package.json': JSON.stringify({
        name: 'pkg',
        exports: { workerd: './workerd.js', default: './other.js' },
      }),
      'node_modules/pkg/workerd.js':
        "export const where = 'workerd form'; export const dev = process.env.NODE_ENV !== 'production';",
      'node_modules/pkg/other.js': "export const where = 'other form'; export const dev = 1;",
    });
    const { text } = await codeOf(folder, 'index.js');
    expect(text).toContain('workerd form');
    expect(text).not.toContain('NODE_ENV');
  });
});

describe('code that cannot be used', () => {
  it('is located in the file that has the mistake, also behind wide characters', async () => {
    const broken = "const ä = '€'; const = 1;\nexport default {};";
    expect(await problemOf({ 'src/w.js': broken }, 'src/w.js')).toEqual({
      message: 'Expected identifier but found "="',
      at: { file: 'src/w.js', line: 1, column: 22 },
    });
    const imported = { 'w.ts': "import './lib/b.ts';\nexport default {};", 'lib/b.ts': '\n\nlet x: = 1;' };
    expect(await problemOf(imported, 'w.ts')).toMatchObject({ at: { file: 'lib/b.ts', line: 3, column: 8 } });
  });

  it('is named by the import that leads nowhere', async () => {
    const problem = await problemOf({ 'w.ts': "import z from 'no-such-package';\nexport default { z };" }, 'w.ts');
    expect(problem).toMatchObject({
      message: expect.stringContaining('no-such-package'),
      at: { file: 'w.ts', line: 1, column: 15 },
    });
  });

  it('is a file that is missing, or a folder', async () => {
    expect(await problemOf({}, 'w.js')).toMatchObject({ message: 'w.js cannot be read: it does not exist' });
    expect(await problemOf({ 'w/x.js': '' }, 'w')).toMatchObject({ message: 'w cannot be read: it is a folder' });
  });

  it('is a script of the old form, before and after bundling', async () => {
    const old = "addEventListener('fetch', () => {});";
    for (const file of ['w.js', 'w.ts'])
      expect(await problemOf({ [file]: old }, file)).toMatchObject({
        message: expect.stringContaining('exports its handlers'),
        at: { file, line: 1 },
      });
  });
});

describe('esbuild', () => {
  it('is taken from the document’s folder first', () => {
    const folder = folderWith({
      'node_modules/esbuild/package.json': '{"name":"esbuild","main":"main.js"}',
      'node_modules/esbuild/main.js': 'exports.build = () => 1; exports.transform = () => 2; exports.own = true;',
    });
    expect(findEsbuild(folder)).toHaveProperty('own', true);
    expect(findEsbuild(tmpdir())).toHaveProperty('version');
  });

  it('that is broken says so', () => {
    const folder = folderWith({
      'node_modules/esbuild/package.json': '{"name":"esbuild","main":"main.js"}',
      'node_modules/esbuild/main.js': "throw new Error('wrong platform\\nand much more')",
    });
    expect(() => findEsbuild(folder)).toThrow('esbuild is installed and cannot be loaded: wrong platform');
  });

  it('errors that are none of its own pass', () => {
    const bug = new Error('bug');
    expect(() => messagesOf(bug)).toThrow(bug);
  });
});
