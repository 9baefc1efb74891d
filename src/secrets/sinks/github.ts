import { UserError } from '../../lib/errors.ts';
import type { RunOptions, RunResult } from '../../world.ts';
import { lastLine } from '../last-line.ts';
import { runIfThere } from './program.ts';
import { unwritable } from './secret-file.ts';
import type { Sink, SinkPlace } from './sink.ts';
import { variablesOf } from './variables.ts';

type Repository = Pick<SinkPlace, 'world'> & { readonly spec: string; readonly repo: string };

/** `github:OWNER/REPO`: Actions secrets through the `gh` program. Values travel on its standard input, never in its arguments. */
export function githubSink({ world, spec, repo }: Repository): Sink {
  const gh = (args: readonly string[], options?: RunOptions) => runIfThere(world, ['gh', ...args], options);
  return {
    spec,
    prove: async () => {
      const signedIn = await gh(['auth', 'status']);
      if (signedIn === undefined)
        throw unwritable(
          spec,
          'the program gh is not installed',
          'install the GitHub CLI (https://cli.github.com), then: gh auth login',
        );
      if (signedIn.code !== 0) throw unwritable(spec, 'gh is not signed in', 'run: gh auth login');
      const seen = await gh(['repo', 'view', repo, '--json', 'viewerPermission']);
      const refusal = seen === undefined ? 'gh does not answer' : refusalOf(seen, repo);
      if (refusal !== undefined) throw unwritable(spec, refusal, 'setting secrets takes write access to the repository');
    },
    write: async (secret) => {
      for (const { name, value } of variablesOf(secret)) {
        const result = await gh(['secret', 'set', name, '--repo', repo], { input: value });
        if (result?.code === 0) continue;
        const said = result === undefined ? 'gh is not installed' : lastLine(result.stderr, Object.values(secret.values));
        throw new UserError(`gh could not set ${name}${said === '' ? '' : `: ${said}`}`, { code: 'sink_failed' });
      }
    },
  };
}

const tooWeak = /"viewerPermission"\s*:\s*"(READ|TRIAGE|NONE)"/;

function refusalOf({ code, stdout, stderr }: RunResult, repo: string): string | undefined {
  const said = lastLine(stderr, []);
  if (code !== 0) return `gh cannot see the repository ${repo}${said === '' ? '' : ` (${said})`}`;
  const permission = tooWeak.exec(stdout)?.[1];
  return permission === undefined ? undefined : `the permission on ${repo} is only ${permission}`;
}
