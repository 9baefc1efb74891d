import { cli, type Cli, type RunOptions } from '../runs/cli.ts';

/** A refusal in the place of an answer: its status, its code, and Cloudflare's words. */
export class Refused {
  readonly status: number;
  readonly code: number;
  readonly message: string;

  constructor(status: number, code: number, message = 'Authentication error') {
    this.status = status;
    this.code = code;
    this.message = message;
  }
}

/** What an endpoint answers instead: a result made of the real one, or a refusal. By the end of its path. */
// oxlint-disable-next-line typescript/no-explicit-any -- answers have every shape
export type Answers = Readonly<Record<string, (result: any) => unknown>>;

export type Check = {
  readonly name: string;
  readonly ok: boolean;
  readonly status: string;
  readonly detail: string;
  readonly fix?: string;
};

export type Seen = {
  readonly code: number;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- documents of every shape
  readonly json: any;
  readonly checks: readonly Check[];
  /** The check of this name; a bare status and detail where that is all that counts. */
  check(name: string): Check;
  /** Requests, as `/access/apps` below the account. */
  readonly requests: readonly string[];
};

/** Runs `doctor` over the simulator, with some answers exchanged. */
export async function examine(document: string | undefined, answers: Answers = {}, options: Examination = {}): Promise<Seen> {
  const program = options.program ?? cli();
  if (document !== undefined) program.write('portal.yaml', document);
  const from = program.account.requests.length;
  const fetch = exchanging(program, answers);
  const line = `doctor --json ${options.line ?? ''}`;
  const ran = await program.run(line, { ...options, fetch });
  const checks: readonly Check[] = ran.json.checks ?? [];
  return {
    code: ran.code,
    text: `${ran.stdout}${ran.stderr}`,
    json: ran.json,
    checks,
    check(name) {
      const found = checks.find((each) => each.name === name);
      if (found === undefined) throw new Error(`no check ${name} among ${checks.map((each) => each.name).join(', ')}`);
      return found;
    },
    requests: program.account.requests
      .slice(from)
      .map(({ path, query }) => `${path.replace(`/accounts/${program.account.accountId}`, '~')} ${query}`.trim()),
  };
}

export type Examination = Pick<RunOptions, 'env'> & { readonly program?: Cli; readonly line?: string };

export function exchanging({ account }: Cli, answers: Answers): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname } = new URL(request.url);
    const response = await account.fetch(request);
    const [, change] = Object.entries(answers).find(([end]) => pathname.endsWith(end)) ?? [];
    if (change === undefined) return response;
    const answer = JSON.parse(await response.text());
    const result = change(answer.result);
    if (result instanceof Refused) {
      const { status, code, message } = result;
      return Response.json({ success: false, errors: [{ code, message }], messages: [], result: null }, { status });
    }
    const count = Array.isArray(result) ? { result_info: { page: 1, total_count: result.length, per_page: 1000 } } : {};
    return Response.json({ success: true, errors: [], messages: [], result, ...count });
  };
}

/** One portal, one server, one bot. */
export const document = `version: 1
service_tokens:
  ci: {}
policies:
  people: { decision: allow, include: [{ email: user@example.com }] }
servers:
  notes: { url: https://notes.example.com/mcp, access: { policies: [people] } }
portals:
  tools:
    hostname: tools.example.com
    servers: [notes]
    service_tokens: [ci]
    access: { policies: [people] }
`;
