import { relative, resolve } from 'node:path';
import { UsageError, UserError } from '../../lib/errors.ts';
import type { Source } from '../../spec/source.ts';
import type { RunResult, World } from '../../world.ts';

/**
 * The same texts as they are in a revision of the repository that holds them. Those that the revision
 * does not have are left out: the document may be new. Throws a `UsageError` for what is no revision.
 */
export async function sourcesAt(world: World, ref: string, names: readonly string[]): Promise<readonly Source[]> {
  await checkRef(world, ref);
  const found = await Promise.all(names.map((name) => sourceAt(world, ref, name)));
  return found.flatMap((source) => source ?? []);
}

async function checkRef(world: World, ref: string): Promise<void> {
  const hint = 'give a branch, a tag or a commit, such as origin/main';
  // What starts with a dash is an option for git, and what follows a colon a path.
  if (!/^[^-\s:][^\s:]*$/.test(ref)) throw new UsageError(`--diff: ${JSON.stringify(ref)} is no revision`, { hint });
  const { code, stderr } = await git(world, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  if (code === 0) return;
  const said = firstLine(stderr);
  throw new UsageError(`--diff: ${said === '' ? `the repository has no revision ${ref}` : `git: ${said}`}`, {
    hint: said === '' ? `${hint}; a shallow clone has to fetch it first` : hint,
  });
}

async function sourceAt(world: World, ref: string, name: string): Promise<Source | undefined> {
  if (name === '-')
    throw new UsageError('--diff compares files: standard input has no earlier version', { hint: 'name the file with -f' });
  const relativePath = relative(world.cwd, resolve(world.cwd, name)).replaceAll('\\', '/');
  const path = relativePath.startsWith('../') ? relativePath : `./${relativePath}`;
  const show = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await git(world, args);
    if (code === 0) return stdout;
    throw new UserError(`git cannot show ${name} of ${ref}: ${firstLine(stderr)}`, { code: 'git_failed', path: name });
  };
  // Asked for first, because what git says of a file that is not there depends on its language.
  if ((await show('ls-tree', '--name-only', ref, '--', path)) === '') return undefined;
  return { name: `${ref}:${name}`, text: await show('show', '--no-textconv', `${ref}:${path}`) };
}

const firstLine = (text: string): string => (text.trim().split('\n')[0] ?? '').replace(/^fatal: /, '');

async function git(world: World, args: readonly string[]): Promise<RunResult> {
  try {
    return await world.run('git', args);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError('--diff needs git, which cannot be started', {
      code: 'git_failed',
      hint: 'install git, or leave --diff out',
      cause,
    });
  }
}
