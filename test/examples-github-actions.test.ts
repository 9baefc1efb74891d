import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { version } from '../src/version.ts';
import { portal, portalWithToken } from './runs/cli.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = readFileSync(join(root, 'examples/github-actions/portal.yml'), 'utf8');

type Env = Readonly<Record<string, string>>;
type Step = { readonly id?: string; readonly if?: string; readonly env?: Env; readonly run?: string; readonly uses?: string };
type Job = { readonly permissions?: Env; readonly env?: Env; readonly steps: readonly Step[]; readonly environment?: string };
const workflow: {
  readonly on: object;
  readonly permissions: object;
  readonly env: Env;
  readonly jobs: Record<string, Job>;
} = parse(text);
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

describe('the workflow', () => {
  it('gives no job more than it needs', () => {
    expect(workflow.permissions).toEqual({});
    expect(Object.fromEntries(Object.entries(workflow.jobs).map(([name, { permissions }]) => [name, permissions]))).toEqual({
      plan: { contents: 'read', 'pull-requests': 'write' },
      preview: { contents: 'read' },
      apply: { contents: 'read' },
      drift: { contents: 'read', issues: 'write' },
    });
  });

  it('keeps secrets away from forks, and the token that can edit to the job that is approved', () => {
    expect(Object.keys(workflow.on)).toEqual(['pull_request', 'push', 'schedule']);
    expect(text).toMatch(/plan:[^]*?if: >-\n.*'pull_request' &&\n.*head\.repo\.full_name == github\.repository &&\n/);
    const writing = Object.values(workflow.jobs).filter((job) => JSON.stringify(job).includes('CLOUDFLARE_WRITE_TOKEN'));
    expect(writing).toEqual([workflow.jobs['apply']]);
    expect(workflow.jobs['apply']?.environment).toBe('production');
  });

  it('pins every action to a commit, with its version, and this program to its own', () => {
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, action = '']) => action);
    expect(uses).toHaveLength(steps.filter((step) => step.uses !== undefined).length);
    expect(uses.filter((action) => !/^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
    expect(workflow.env['MCP_PORTAL']).toBe(`mcp-portal@${version}`);
  });

  it('puts nothing into shell text that somebody else could have written', () => {
    expect(steps.filter(({ run = '' }) => run.includes('${{'))).toEqual([]);
  });
});

/** `gh api` for the comments and issues of one repository, kept in a file. Anything else ends with 1. */
const gh = `
const { readFileSync, writeFileSync } = require('node:fs');
const [, , command, ...args] = process.argv;
const state = JSON.parse(readFileSync(process.env.GH_STATE, 'utf8'));
const [fields, path, options] = [{}, [], {}];
for (let at = 0; at < args.length; at++) {
  const value = args[at + 1];
  if (args[at] === '-f' || args[at] === '-F') {
    const [name, ...rest] = value.split('=');
    const given = rest.join('=');
    fields[name] = args[at] === '-F' && given.startsWith('@') ? readFileSync(given.slice(1), 'utf8') : given;
    at++;
  } else if (args[at] === '--method' || args[at] === '--jq') (options[args[at]] = value), at++;
  else if (args[at].startsWith('--')) options[args[at]] = true;
  else path.push(args[at]);
}
const method = options['--method'] ?? 'GET';
const [where, query] = path[0].split('?');
if (command !== 'api' || path.length !== 1 || process.env.GH_TOKEN !== 'job-token') process.exit(1);
const parts = where.split('/');
if (parts.slice(0, 3).join('/') !== 'repos/owner/name' || parts[3] !== 'issues') process.exit(1);
const rest = parts.slice(4);
const isComment = rest.includes('comments');
const list = isComment ? state.comments : state.issues;
const id = rest.at(-1) === 'comments' ? undefined : Number(rest.at(-1)) || undefined;
state.calls.push(method + ' ' + rest.join('/') + (query === undefined ? '' : '?' + query));
if (method === 'POST') list.push({ id: 900 + list.length, number: 900 + list.length, state: 'open', user: { login: 'github-actions[bot]' }, ...fields });
else if (method === 'PATCH') Object.assign(list.find((each) => each.id === id), fields);
else if (options['--paginate'] && options['--jq']) {
  const [, marker] = /startswith\\("(.*?)"\\)/.exec(options['--jq']);
  const open = list.filter((each) => isComment || each.state === 'open');
  const mine = open.filter((each) => each.user.login === 'github-actions[bot]' && (each.body ?? '').startsWith(marker));
  for (const each of mine) process.stdout.write((isComment ? each.id : each.number) + '\\n');
  state.jq = { expression: options['--jq'], input: open, output: mine.map((each) => (isComment ? each.id : each.number)) };
} else process.exit(1);
writeFileSync(process.env.GH_STATE, JSON.stringify(state));
`;

/** Others have written before, with the marker in the wrong place or by the wrong hand. */
const elsewhere = ['plan', 'drift'].flatMap((word) => [
  { body: `> <!-- mcp-portal ${word} -->`, user: { login: 'github-actions[bot]' } },
  { body: `<!-- mcp-portal ${word} --> mine`, user: { login: 'somebody' } },
]);
const others = elsewhere.map((each, at) => ({ id: at + 1, number: at + 1, state: 'open', ...each }));

// `npm run check` has built the program by now; a lone `vitest` in a clean clone has not.
beforeAll(async () => {
  if (!existsSync(join(root, 'dist/main.js'))) await promisify(execFile)(process.execPath, [join(root, '.ci/build.mjs')]);
}, 120_000);

/** A runner: a checkout with a document, the programs of the steps, and an account behind HTTP. */
async function runner(document: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-portal-actions-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  const program = (name: string, lines: readonly string[]): void => {
    writeFileSync(path(`bin/${name}`), ['#!/usr/bin/env bash', ...lines, ''].join('\n'));
    chmodSync(path(`bin/${name}`), 0o755);
  };
  for (const name of ['bin', 'work']) mkdirSync(path(name));
  program('npx', [
    `[[ "$1 $2 $4 $5" == '--yes --package -- mcp-portal' && "$3" == 'mcp-portal@${version}' ]] || exit 99`,
    `exec '${process.execPath}' '${root}bin/mcp-portal.js' "\${@:6}"`,
  ]);
  writeFileSync(path('gh.cjs'), gh);
  program('gh', [`exec '${process.execPath}' '${path('gh.cjs')}' "$@"`]);
  writeFileSync(path('gh.json'), JSON.stringify({ comments: others, issues: others, calls: [] }));
  writeFileSync(path('work/portal.yaml'), document);
  const account = await sandbox();
  const state = () => JSON.parse(readFileSync(path('gh.json'), 'utf8'));
  return {
    account,
    write: (changed: string) => writeFileSync(path('work/portal.yaml'), changed),
    /** The comments, or issues, that were not there before. */
    written: (list: 'comments' | 'issues'): readonly { body: string; title?: string; state: string }[] =>
      state()[list].slice(others.length),
    calls: (): readonly string[] => state().calls,
    jq: () => state().jq,
    /** Runs the shell steps of a job as GitHub does, up to the first that fails; then those that run all the same. */
    job(name: string): { readonly code: number; readonly log: string; readonly outputs: Record<string, string> } {
      let [code, log] = [0, ''];
      const outputs: Record<string, string> = {};
      const job = workflow.jobs[name] ?? { steps: [] };
      for (const step of job.steps) {
        if (step.run === undefined || (code !== 0 && step.if?.includes('!cancelled()') !== true)) continue;
        writeFileSync(path('step.sh'), step.run);
        for (const file of ['output', 'summary']) writeFileSync(path(file), '');
        const env = { ...account.env, ...resolved({ ...workflow.env, ...job.env, ...step.env }, { outputs, account }) };
        const ran = spawnSync('bash', ['-e', path('step.sh')], {
          cwd: path('work'),
          encoding: 'utf8',
          env: {
            ...env,
            PATH: `${path('bin')}:${process.env['PATH']}`,
            GITHUB_REPOSITORY: 'owner/name',
            GITHUB_OUTPUT: path('output'),
            GITHUB_STEP_SUMMARY: path('summary'),
            GH_STATE: path('gh.json'),
          },
        });
        log += ran.stdout + ran.stderr;
        code ||= ran.status ?? 1;
        for (const line of readFileSync(path('output'), 'utf8').split('\n').filter(Boolean)) {
          const [key = '', value = ''] = line.split('=');
          outputs[`steps.${step.id}.outputs.${key}`] = value;
        }
      }
      return { code, log, outputs };
    },
  };
}

// oxlint-disable-next-line typescript/no-explicit-any -- answers have every shape
type Account = { readonly env: Env; readonly id: string; send(method: string, below: string, body?: object): Promise<any> };

/** What the expressions of `env:` stand for. One that this does not know fails the test. */
function resolved(env: Env, { outputs, account }: { readonly outputs: Env; readonly account: Account }): Env {
  const known: Env = {
    'vars.CLOUDFLARE_ACCOUNT_ID': account.id,
    'secrets.CLOUDFLARE_READ_TOKEN': 'read-token',
    'secrets.CLOUDFLARE_WRITE_TOKEN': 'write-token',
    'github.token': 'job-token',
    'github.server_url': 'https://github.com',
    'github.repository': 'owner/name',
    'github.run_id': '42',
    'github.event.pull_request.number': '7',
    ...outputs,
  };
  const value = (expression: string): string => {
    const found = known[expression];
    if (found === undefined) throw new Error(`unknown expression: ${expression}`);
    return found;
  };
  const entries = Object.entries(env).map(([name, text]) => [
    name,
    text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => value(expression)),
  ]);
  return Object.fromEntries(entries);
}

/** `mcp-portal sandbox` as a process of its own. */
async function sandbox(): Promise<Account> {
  const child = spawn(process.execPath, [join(root, 'bin/mcp-portal.js'), 'sandbox'], { env: { PATH: process.env['PATH'] } });
  onTestFinished(() => void child.kill());
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      printed += more;
      if (printed.includes('listening\n')) resolve();
    });
    child.on('close', () => reject(new Error(`the sandbox ended: ${printed}`)));
  });
  const [, url = ''] = /^CLOUDFLARE_BASE_URL=(.*)$/m.exec(printed) ?? [];
  const [, id = ''] = /^CLOUDFLARE_ACCOUNT_ID=(.*)$/m.exec(printed) ?? [];
  const headers = { authorization: 'Bearer somebody-else', 'content-type': 'application/json' };
  return {
    id,
    env: { CLOUDFLARE_BASE_URL: url },
    async send(method, below, body) {
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${url}/accounts/${id}${below}`, { method, headers, ...content });
      const { success, result, errors } = Object(await response.json());
      if (success !== true) throw new Error(JSON.stringify(errors));
      return result;
    },
  };
}

const comments = 'GET 7/comments?per_page=100';

describe('on a pull request', () => {
  it('the plan is one comment, that the next push updates', async () => {
    const { job, write, written, calls } = await runner(portal);
    expect(job('plan')).toMatchObject({ code: 0 });
    const [first] = written('comments');
    expect(first?.body).toMatch(/^<!-- mcp-portal plan -->\nPlan: 6 to create, .*\n[^]*```diff\n/);
    expect(first?.body.length).toBeLessThan(65_536);

    write(portal.replace('tools.example.com', 'kit.example.com'));
    expect(job('plan')).toMatchObject({ code: 0 });
    expect(written('comments')).toHaveLength(1);
    expect(written('comments')[0]?.body).toContain('kit.example.com');
    expect(calls()).toEqual([comments, 'POST 7/comments', comments, 'PATCH comments/904']);
  }, 60_000);

  it('a document that is not valid fails the job, and the comment says so', async () => {
    const { job, write, written } = await runner(portal);
    job('plan');
    write(portal.replace('hostname:', 'hostnam:'));
    const { code, log } = job('plan');
    expect({ code, log }).toEqual({ code: 64, log: expect.stringContaining('portal.yaml:7:') });
    expect(written('comments').map(({ body }) => body)).toEqual([
      '<!-- mcp-portal plan -->\nThe plan failed with exit code 64: [log](https://github.com/owner/name/actions/runs/42).\n',
    ]);
  }, 60_000);

  it('a plan of any size fits', async () => {
    const servers = Array.from(
      { length: 300 },
      (_, at) => `  s${at}: { url: "https://s${at}.example.com/${'long/'.repeat(30)}mcp" }`,
    );
    const { job, written } = await runner(['version: 1', 'servers:', ...servers].join('\n'));
    expect(job('plan')).toMatchObject({ code: 0 });
    const [{ body } = { body: '' }] = written('comments');
    expect(body).toContain('Left out because it is too long');
    expect(body.length).toBeLessThan(65_536);
  }, 60_000);

  it('nothing is changed in the account', async () => {
    const { job, account } = await runner(portal);
    job('plan');
    expect(await account.send('GET', '/access/ai-controls/mcp/servers')).toEqual([]);
  }, 60_000);
});

describe('on main', () => {
  it('what was planned is applied, and a second time there is nothing to approve', async () => {
    const { job, account } = await runner(portal);
    expect(job('preview')).toMatchObject({ code: 0, outputs: { 'steps.plan.outputs.changes': 'true' } });
    expect(job('apply')).toMatchObject({ code: 0, log: expect.stringContaining('Applied: 6 created') });
    const servers = await account.send('GET', '/access/ai-controls/mcp/servers');
    expect(servers.map(({ id }: { id: string }) => id)).toEqual(['notes']);
    expect(job('preview')).toMatchObject({ code: 0, outputs: { 'steps.plan.outputs.changes': 'false' } });
  }, 60_000);

  it('a plan is not applied where the account has changed since', async () => {
    const { job, account } = await runner(portal);
    job('preview');
    await account.send('POST', '/access/policies', { name: 'people', decision: 'allow', include: [{ everyone: {} }] });
    expect(job('apply')).toMatchObject({ code: 3 });
    expect(await account.send('GET', '/access/ai-controls/mcp/servers')).toEqual([]);
  }, 60_000);

  it('a document that is not valid is never applied', async () => {
    const { job } = await runner(portal.replace('hostname:', 'hostnam:'));
    expect(job('preview')).toMatchObject({ code: 64, outputs: {} });
  }, 60_000);

  it('a new service token without a place for its secret changes nothing', async () => {
    const { job, account } = await runner(portalWithToken);
    expect(job('preview')).toMatchObject({ code: 0 });
    expect(job('apply')).toMatchObject({ code: 3 });
    expect(await account.send('GET', '/access/service_tokens')).toEqual([]);
  }, 60_000);
});

describe('every night', () => {
  it('drift opens one issue, updates it, and closes it when it is gone', async () => {
    const { job, account, written, calls } = await runner(portal);
    job('preview');
    job('apply');
    expect(job('drift')).toMatchObject({ code: 0 });
    expect(written('issues')).toEqual([]);

    const server = '/access/ai-controls/mcp/servers/notes';
    await account.send('PUT', server, { name: 'Changed by hand', auth_type: 'unauthenticated' });
    const [policy] = await account.send('GET', '/access/policies');
    await account.send('PUT', `/access/policies/${policy.id}`, {
      name: policy.name,
      decision: 'allow',
      include: [{ everyone: {} }],
    });
    expect(job('drift')).toMatchObject({ code: 0 });
    const [issue] = written('issues');
    expect(issue).toMatchObject({ state: 'open', title: 'The MCP portal differs from portal.yaml' });
    expect(issue?.body).toMatch(/^<!-- mcp-portal drift -->\n[^]*policy:people/);
    expect(job('drift')).toMatchObject({ code: 0 });

    job('preview');
    job('apply');
    expect(job('drift')).toMatchObject({ code: 0 });
    expect(written('issues').map(({ state }) => state)).toEqual(['closed']);
    const list = 'GET ?state=open&per_page=100';
    expect(calls()).toEqual([list, list, 'POST ', list, 'PATCH 904', list, 'PATCH 904']);
  }, 120_000);

  it('what keeps it from comparing fails the job', async () => {
    const { job, written } = await runner(portal.replace('hostname:', 'hostnam:'));
    expect(job('drift')).toMatchObject({ code: 64 });
    expect(written('issues')).toEqual([]);
  }, 60_000);
});

const jqProgram: string = 'jq';
const hasJq = spawnSync(jqProgram, ['--version']).status === 0;

describe('the jq expressions (skipped where jq is not installed)', () => {
  it.skipIf(!hasJq).each([
    ['plan', 'comments'],
    ['drift', 'issues'],
  ] as const)(
    'of %s find what the job wrote, and nothing that others did',
    async (name, list) => {
      const { job, jq, written } = await runner(portal);
      job(name);
      job(name);
      expect(written(list)).toHaveLength(1);
      const { expression, input, output } = jq();
      expect(output).toEqual([904]);
      // An issue without a text has no body at all.
      const bare = { id: 77, number: 77, user: { login: 'github-actions[bot]' }, body: name === 'drift' ? null : '' };
      const all = JSON.stringify([...input, bare]);
      expect(execFileSync(jqProgram, [expression], { input: all, encoding: 'utf8' })).toBe('904\n');
    },
    60_000,
  );
});
