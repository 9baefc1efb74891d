import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { withReference } from '../.ci/reference.ts';
import { globalSpecs } from '../src/cli/global-options.ts';
import { permissionFor } from '../src/cloudflare/permissions.ts';
import { commandGroups } from '../src/commands/index.ts';
import { kinds } from '../src/kinds/index.ts';
import { exitCodes } from '../src/lib/errors.ts';
import { run } from '../src/main.ts';
import { openAccount } from '../src/sandbox/account.ts';
import { realFiles } from '../src/system/files.ts';
import { fakeWorld } from './fake-world.ts';
import { transcript } from './wizard/transcript.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'mcp-portal-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Block = { readonly language: string; readonly heading: string; readonly text: string };

/** The fenced blocks, each with the second-level heading that it stands under. */
const blocks: readonly Block[] = readme.split(/^## /m).flatMap((section) => {
  const heading = section.split('\n')[0] ?? '';
  return [...section.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({ language, heading, text }));
});

const prose = readme.replaceAll(/^```[^]*?^```$/gm, '');

const inBlocks = (language: string): readonly Block[] => blocks.filter((block) => block.language === language);

/** The commands of a shell text, one by one, without what would continue, compare or redirect. */
const commandsOf = (text: string): readonly string[] =>
  text
    .replaceAll('\\\n', ' ')
    .split(/\n|&&|\|\|/)
    .map((line) => line.replace(/ > \S+/, '').trim())
    .filter((line) => line !== '');

/** The words after the program's name, where the command is one of ours. */
function wordsOf(command: string): readonly string[] | undefined {
  const [, rest] = /^(?:mcp-portal|node bin\/mcp-portal\.js) (.*)$/.exec(command) ?? [];
  return rest?.split(/\s+/);
}

/** Runs command lines as the README's reader would, in `cwd`, with the API replaced by an account in this process. */
function reader(cwd: string) {
  const account = openAccount({ connect: false, zones: ['example.com'] });
  return async (words: readonly string[]) => {
    const env = { CLOUDFLARE_API_TOKEN: 'token' };
    const { world, stdout, stderr } = fakeWorld({ env, fetch: account.fetch });
    const inTemporary = words.map((word) => word.replace(/^(--sandbox=)(?:node_modules\/)?|node_modules\//, `$1${folder}/`));
    const code = await run(inTemporary, { ...world, cwd, files: realFiles(cwd) });
    return { code, stdout: stdout(), stderr: stderr() };
  };
}

const firstDocument = inBlocks('yaml').find(({ heading }) => heading.startsWith('The first portal'))?.text ?? '';
writeFileSync(join(folder, 'portal.yaml'), firstDocument);

it('has the reference that the code gives (npm run reference makes it anew)', async () => {
  await expect(withReference(readme, await transcript())).toMatchFileSnapshot('../README.md');
});

describe('the quick start', () => {
  const [first, second] = inBlocks('sh').filter(({ heading }) => heading === 'Quick start');

  it('installs, builds, and ends with the URL of a portal; a second time nothing is left to do', async () => {
    const [install, build, ...rest] = commandsOf(first?.text ?? '');
    expect([install, build]).toEqual(['npm ci', 'npm run build']);
    const runOne = reader(root);
    const results = [];
    for (const command of [...rest, ...rest]) results.push(await runOne(wordsOf(command) ?? []));
    expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(results.map(() => ({ code: 0, stderr: '' })));
    expect(results[1]?.stdout).toMatch(/\nApplied: 10 created, .*\nchittymcp: https:\/\/mcp\.chitty\.cc\/mcp\n$/);
    expect(results[3]?.stdout).toContain('No changes.');
    expect(JSON.parse(readFileSync(join(folder, '.quick-start-token.json'), 'utf8'))).toMatchObject({
      name: 'chittymcp-service-token',
    });
  });

  it('then installs, builds and runs all tests', () => {
    expect(commandsOf(second?.text ?? '')).toEqual(['npm ci', 'npm run check']);
    expect(scripts['check']).toContain('npm run build');
    expect(scripts['check']).toMatch(/npm test$/);
  });
});

describe('the commands', () => {
  const headings = [...new Set(inBlocks('sh').map(({ heading }) => heading))].filter((heading) => heading !== 'Quick start');

  it.each(headings)('under "%s" work in their order', async (heading) => {
    const runOne = reader(folder);
    const commands = inBlocks('sh')
      .filter((block) => block.heading === heading)
      .flatMap(({ text }) => commandsOf(text));
    expect(commands.filter((command) => wordsOf(command) === undefined && !command.startsWith('export '))).toEqual([]);
    for (const words of commands.flatMap((command) => [wordsOf(command) ?? []]).filter((line) => line.length > 0)) {
      const { code, stderr } = await runOne(words);
      expect({ words, code, stderr }).toMatchObject({ words, code: 0 });
    }
  });

  it('are listed with every option that the text names', () => {
    const options = commandGroups.flatMap((group) => group.commands).flatMap((command) => Object.keys(command.options));
    const known = new Set([...Object.keys(globalSpecs), ...options]);
    const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span).filter((span) => !/^(?:npm|gh) /.test(span));
    const named = spans.flatMap((span) => [...span.matchAll(/(?:^| )--([a-z-]+)/g)].map(([, name = '']) => name));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('of npm exist', () => {
    const named = [...readme.matchAll(/npm run ([a-z:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

describe('the tables', () => {
  it('have every exit code', () => {
    const section = readme.split('## Exit codes\n')[1]?.split('\n## ')[0] ?? '';
    const codes = [...section.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(exitCodes));
  });

  it('have every permission that an error can name', () => {
    const paths = ['ai-controls/mcp/servers', 'apps', 'policies', 'groups', 'service_tokens'].map(
      (path) => `/accounts/0/access/${path}`,
    );
    for (const path of [...paths, '/zones/0/dns_records']) {
      for (const method of ['GET', 'POST']) expect(readme).toContain(permissionFor({ method, path }) ?? path);
    }
  });
});

describe('the JSON', () => {
  const samples = inBlocks('json').map(({ text }) => JSON.parse(text));

  it('of a plan has the keys that the program prints', async () => {
    const { stdout } = await reader(folder)(['plan', '--json']);
    const printed = JSON.parse(stdout);
    expect(Object.keys(samples[0])).toEqual(Object.keys(printed));
    expect(Object.keys(samples[0].changes[0])).toEqual(Object.keys(printed.changes[0]));
    expect(Object.keys(samples[0].changes[0].fields[0])).toEqual(Object.keys(printed.changes[0].fields[0]));
  });

  it('of an error does too', async () => {
    writeFileSync(join(folder, 'wrong.yaml'), 'version: 1\nservres: {}\n');
    const { stdout } = await reader(folder)(['validate', '-f', 'wrong.yaml', '--json']);
    const { diagnostics: _diagnostics, ...printed } = JSON.parse(stdout);
    const { hint: _hint, ...error } = printed.error;
    expect({ ...printed, error: { ...error, message: '…' } }).toEqual(samples[1]);
  });
});

it('lists as missing only what is missing', () => {
  const list = readme.split('Not there yet:\n\n')[1]?.split('\n\n')[0] ?? '';
  const spans = [...list.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
  const heads = list
    .split('\n')
    .flatMap((line) => [...(line.split(': ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));
  const commands = new Set(commandGroups.flatMap((group) => group.commands).map((command) => command.name.split(' ')[0] ?? ''));
  const sections = new Set(kinds.flatMap((kind) => kind.section ?? []).map((section) => `${section.name}:`));
  expect(heads.length).toBeGreaterThan(0);
  expect(heads.filter((head) => commands.has(head))).toEqual([]);
  expect(spans.filter((span) => sections.has(span))).toEqual([]);
});

describe('the places that it names', () => {
  const targets = [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);

  it('are files of the repository', () => {
    const paths = targets.filter((target) => !/^(https:|#)/.test(target));
    expect(paths.length).toBeGreaterThan(4);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('are headings of the text', () => {
    const slug = (heading: string): string =>
      heading
        .toLowerCase()
        .replaceAll(/[^a-z0-9 _-]/g, '')
        .replaceAll(' ', '-');
    const anchors = new Set([...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => `#${slug(heading)}`));
    expect(targets.filter((target) => target.startsWith('#') && !anchors.has(target))).toEqual([]);
  });

  it('are the folders of the program', () => {
    const layout = inBlocks('text').find(({ heading }) => heading === 'Development')?.text ?? '';
    const folders = [...layout.matchAll(/^( *)(\S+)\//gm)].map(([, indent = '', name = '']) =>
      indent === '' ? name : `src/${name}`,
    );
    expect(folders.length).toBeGreaterThan(10);
    expect(folders.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
