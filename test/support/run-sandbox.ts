import { openApi, type OpenApi } from '../../src/cloudflare/client.ts';
import { withReadSecrets } from '../../src/commands/steps/secrets.ts';
import { withSourceCode } from '../../src/commands/steps/source-code.ts';
import type { Address, Finding, YieldedSecret } from '../../src/engine/kind.ts';
import { parse } from '../../src/spec/parse.ts';
import { kinds } from '../../src/kinds/index.ts';
import type { Proposal } from '../../src/engine/plan.ts';
import type { Plan } from '../../src/engine/plan-types.ts';
import { load, type LoadedSpec } from '../../src/load-spec.ts';
import { commit, propose, withoutAll, type Report } from '../../src/pipeline.ts';
import { type AccountOptions, openAccount, type SandboxAccount } from '../../src/sandbox/account.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { realFiles } from '../../src/system/files.ts';
import type { World } from '../../src/world.ts';
import { fakeWorld } from '../fake-world.ts';
import { requestTo } from '../sandbox/api.ts';

/** A request that reached the account during one plan or apply. `body` is the JSON that was sent. */
export type SeenRequest = {
  readonly method: string;
  /** Below the account (`~/access/apps`), or below the API's base (`/zones`). */
  readonly path: string;
  readonly query: string;
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of every shape
  readonly body: any;
};

export type RunOptions = {
  readonly prune?: boolean;
  readonly targets?: readonly string[];
  readonly resendSecrets?: boolean;
  readonly showUnmanaged?: boolean;
  /** Plan the removal of everything that the document declares. */
  readonly destroy?: boolean;
  readonly concurrency?: number;
  /** The environment of the document: what `${VAR}` and `env:NAME` read. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files that `file:` references read. */
  readonly files?: Readonly<Record<string, string>>;
  /** Takes a new secret in the place of the recorder; throwing stands for a sink that fails. */
  deliver?(address: Address, secret: YieldedSecret): Promise<void>;
  readonly signal?: AbortSignal;
};

export type Planned = {
  readonly plan: Plan;
  readonly proposal: Proposal;
  readonly findings: readonly Finding[];
  readonly requests: readonly SeenRequest[];
  /** `update server:a name, url` and so on, one line per change. */
  readonly lines: readonly string[];
};

export type Applied = Planned &
  Report & {
    readonly ok: boolean;
    readonly secrets: readonly { readonly address: Address; readonly secret: YieldedSecret }[];
    /** Requests that were not reads. */
    readonly writes: readonly SeenRequest[];
  };

export type RunSandbox = {
  readonly account: SandboxAccount;
  /** Only the reading of the text: findings, or a `SpecError`. */
  load(yaml: string, env?: Readonly<Record<string, string>>): LoadedSpec;
  plan(yaml: string, options?: RunOptions): Promise<Planned>;
  apply(yaml: string, options?: RunOptions): Promise<Applied>;
  /** Speaks to the API as somebody else would. Paths that start with `~` are below the account. Throws when refused. */
  // oxlint-disable-next-line typescript/no-explicit-any -- answers have every shape
  send(method: string, path: string, body?: unknown): Promise<any>;
};

export type RunSandboxOptions = AccountOptions & {
  /** Files beside every document. */
  readonly files?: Readonly<Record<string, string>>;
  /** The real folder that the documents lie in. */
  readonly folder?: string;
  /** Changes what the program sees of an answer, where the simulator cannot show it. */
  rewrite?(request: SeenRequest, result: unknown): unknown;
  /** Stands around each request of the program: to watch, or to let something happen in between. */
  around?(request: SeenRequest, answer: () => Promise<Response>): Promise<Response>;
};

/** An account of its own, and the program's own pipeline over it. Nothing takes time. */
export function runSandbox(options: RunSandboxOptions = {}): RunSandbox {
  const account = openAccount({ connect: false, zones: ['example.com'], ...options });
  const seen: SeenRequest[] = [];

  async function fetch(request: Request): Promise<Response> {
    const text = request.body === null ? '' : await request.clone().text();
    const url = new URL(request.url);
    const entry = { method: request.method, path: shortPath(url, account), query: url.search.slice(1), body: jsonOf(text) };
    const index = seen.push({ ...entry, status: 0 }) - 1;
    const answer = () => account.fetch(request);
    const response = await (options.around === undefined ? answer() : options.around({ ...entry, status: 0 }, answer));
    const line = { ...entry, status: response.status };
    seen[index] = line;
    return options.rewrite === undefined ? response : rewritten(response, (result) => options.rewrite?.(line, result));
  }

  const open = (signal: AbortSignal): OpenApi =>
    openApi({
      credentials: { token: Secret.of('test', 'test-token') },
      account: account.accountId,
      userAgent: 'mcp-portal/test',
      fetch,
      sleep: async () => {},
      signal,
    });

  const worldOf = (run: RunOptions): World => {
    const { world } = fakeWorld({ env: run.env ?? {}, files: { ...options.files, ...run.files } });
    return options.folder === undefined ? world : { ...world, cwd: options.folder, files: realFiles(options.folder) };
  };

  async function prepare(yaml: string, run: RunOptions) {
    const loaded = loadText(yaml, run.env ?? {});
    const spec = run.destroy === true ? loaded : await withSourceCode(loaded, worldOf(run));
    const desired = run.destroy === true ? withoutAll(spec.desired) : spec.desired;
    const api = open(run.signal ?? new AbortController().signal);
    const from = seen.length;
    const proposal = await propose({ ...run, api, kinds, spec: { ...spec, desired } });
    const planned = (): Planned => ({
      plan: proposal.plan,
      proposal,
      findings: spec.findings,
      requests: seen.slice(from),
      lines: proposal.plan.changes.map(lineOf),
    });
    return { api, desired, proposal, planned };
  }

  return {
    account,
    load: (yaml, env = {}) => loadText(yaml, env),
    plan: async (yaml, run = {}) => (await prepare(yaml, run)).planned(),
    async apply(yaml, run = {}) {
      const { api, desired, proposal, planned } = await prepare(yaml, run);
      const secrets: { address: Address; secret: YieldedSecret }[] = [];
      const world = worldOf(run);
      const report = await commit({
        api,
        fresh: () => api.fresh(),
        kinds,
        desired,
        proposal: await withReadSecrets(proposal, world),
        concurrency: run.concurrency ?? 8,
        signal: run.signal ?? new AbortController().signal,
        sleep: async () => {},
        deliver: run.deliver ?? (async (address, secret) => void secrets.push({ address, secret })),
      });
      const done = planned();
      const ok = report.outcomes.every((outcome) => outcome.ok) && report.kept.length === 0;
      return { ...done, ...report, ok, secrets, writes: done.requests.filter((request) => request.method !== 'GET') };
    },
    async send(method, path, body) {
      const response = await account.fetch(requestTo(account, [method, path], body));
      const answer = JSON.parse(await response.text());
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer.errors)}`);
      return answer.result;
    },
  };
}

const lineOf = (change: Plan['changes'][number]): string =>
  `${change.action} ${change.address} ${change.action === 'create' ? '' : change.fields.map((field) => field.path).join(', ')}`.trim();

const shortPath = (url: URL, account: SandboxAccount): string =>
  url.pathname.replace('/client/v4', '').replace(`/accounts/${account.accountId}`, '~');

const jsonOf = (text: string): unknown => (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : undefined);

async function rewritten(response: Response, rewrite: (result: unknown) => unknown): Promise<Response> {
  const { status, headers } = response;
  const answer = JSON.parse(await response.text());
  if (answer.success !== true) return new Response(JSON.stringify(answer), { status, headers });
  return new Response(JSON.stringify({ ...answer, result: rewrite(answer.result) }), { status, headers });
}

/** Text to resources, at once: the program loads its YAML library only where it is needed. */
function loadText(text: string, env: Readonly<Record<string, string | undefined>> = {}): LoadedSpec {
  const sources = [{ name: 'portal.yaml', text }];
  return load(sources, { kinds, env, parsed: sources.map(parse) });
}
