import { type AccountOptions, openAccount, type SandboxAccount } from '../../src/sandbox/account.ts';

/** What an API answer looks like in a test. The members are as untyped as JSON is. */
export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  readonly result: any;
  readonly errors: readonly { readonly code: number; readonly message: string }[];
  readonly info: { readonly page: number; readonly count: number; readonly total_count: number; readonly total_pages: number };
};

export type Api = {
  readonly account: SandboxAccount;
  get(path: string): Promise<Reply>;
  post(path: string, body?: unknown): Promise<Reply>;
  put(path: string, body?: unknown): Promise<Reply>;
  patch(path: string, body?: unknown): Promise<Reply>;
  delete(path: string): Promise<Reply>;
};

export const headers = { authorization: 'Bearer test', 'content-type': 'application/json' };

/** A request to the API. Paths that start with `~` are below the account, the others below the base. */
export const requestTo = (account: SandboxAccount, [method, path]: readonly [string, string], body?: unknown): Request =>
  new Request(`https://api.cloudflare.com/client/v4${path.replace(/^~/, `/accounts/${account.accountId}`)}`, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
  });

/** A new account, and short ways to speak to it. */
export const newApi = (options: AccountOptions = {}): Api => {
  const account = openAccount(options);
  const send =
    (method: string) =>
    async (path: string, body?: unknown): Promise<Reply> => {
      const response = await account.fetch(requestTo(account, [method, path], body));
      const { result, errors, result_info: info } = JSON.parse(await response.text());
      return { status: response.status, headers: response.headers, result, errors, info };
    };
  return {
    account,
    get: send('GET'),
    post: send('POST'),
    put: send('PUT'),
    patch: send('PATCH'),
    delete: send('DELETE'),
  };
};

export const servers = '~/access/ai-controls/mcp/servers';
export const portals = '~/access/ai-controls/mcp/portals';
export const apps = '~/access/apps';
export const policies = '~/access/policies';
export const groups = '~/access/groups';
export const tokens = '~/access/service_tokens';

/** The body of a server that needs no credentials. */
export const server = (id: string, more: object = {}): object => ({
  id,
  name: id.toUpperCase(),
  hostname: `https://${id}.example.com/mcp`,
  auth_type: 'unauthenticated',
  ...more,
});

/** The body of a policy for everyone. */
export const policy = (name: string, more: object = {}): object => ({
  name,
  decision: 'allow',
  include: [{ everyone: {} }],
  ...more,
});

export const records = (api: Api): string => `/zones/${api.account.state.zones[0]?.id}/dns_records`;

/** Sends one request after the other: what the API stores keeps their order. */
export const inTurn = async <T>(items: readonly T[], send: (item: T) => Promise<unknown>): Promise<void> => {
  for (const each of items) await send(each);
};
