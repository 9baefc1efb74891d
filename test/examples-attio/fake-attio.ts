import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';

export type Call = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly token: string | undefined;
  // oxlint-disable-next-line typescript/no-explicit-any -- bodies of every shape
  readonly body: any;
};
export type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown };

export type FakeAttio = {
  readonly url: string;
  readonly calls: Call[];
  /** The tokens that Attio takes, each with the workspace that it opens. */
  readonly tokens: Map<string, string>;
  /** Fields that answers of the token endpoint have besides the access token. */
  tokenExtras: Readonly<Record<string, unknown>>;
  /** Whether the person at the browser agrees. */
  agrees: boolean;
  /** Stands in front of everything: what it gives back is the answer. */
  intercept: ((call: Call) => Answer | undefined | Promise<Answer | undefined>) | undefined;
  close(): Promise<void>;
};

export const app = { clientId: 'attio-app', clientSecret: 'attio-app-secret' } as const;

/** Attio as far as the Worker uses it: sign-in, token endpoint, and an API with one workspace per sign-in. */
export async function fakeAttio(): Promise<FakeAttio> {
  const codes = new Map<string, string>();
  const refreshTokens = new Set<string>();
  const objects = new Map<string, Record<string, unknown>>();
  const attio: FakeAttio = { url: '', calls: [], tokens: new Map(), tokenExtras: {}, agrees: true, intercept: undefined, close };

  function issue(): Answer {
    const token = `attio-${randomUUID()}`;
    attio.tokens.set(token, `workspace-${attio.tokens.size + 1}`);
    const extras = attio.tokenExtras;
    const refresh = extras['refresh_token'] === true ? { refresh_token: `refresh-${randomUUID()}` } : {};
    if (refresh.refresh_token !== undefined) refreshTokens.add(refresh.refresh_token);
    return { status: 200, body: { token_type: 'Bearer', ...extras, access_token: token, ...refresh } };
  }

  function signIn({ path, query, body }: Call): Answer | undefined {
    if (path === '/authorize') {
      if (query['client_id'] !== app.clientId || query['response_type'] !== 'code') return { status: 400, body: 'unknown app' };
      const back = new URL(query['redirect_uri'] ?? '');
      const code = randomUUID();
      codes.set(code, back.href);
      if (attio.agrees) back.searchParams.set('code', code);
      else back.searchParams.set('error', 'access_denied');
      back.searchParams.set('state', query['state'] ?? '');
      return { status: 302, headers: { location: back.href }, body: '' };
    }
    if (path !== '/oauth/token') return undefined;
    const isApp = body.client_id === app.clientId && body.client_secret === app.clientSecret;
    const isCode =
      body.grant_type === 'authorization_code' && codes.get(body.code) === body.redirect_uri && codes.delete(body.code);
    const isRefresh = body.grant_type === 'refresh_token' && refreshTokens.delete(body.refresh_token);
    return isApp && (isCode || isRefresh) ? issue() : { status: 400, body: { error: 'invalid_grant' } };
  }

  function api(call: Call): Answer {
    const workspace = attio.tokens.get(call.token ?? '');
    if (workspace === undefined) return failure(401, 'unauthorized', 'The token is not known.');
    const { method, path, query, body } = call;
    const parts = path.split('/').slice(2);
    const idName = { tasks: 'task_id', notes: 'note_id' }[parts[0] ?? ''] ?? 'record_id';
    const kind = parts[0] === 'objects' ? `${workspace}/${parts[1]}` : `${workspace}/${parts[0]}`;
    const all = () => [...objects].filter(([key]) => key.startsWith(`${kind}/`)).map(([, object]) => object);
    if (path === '/v2/workspace_members')
      return data([
        { id: { workspace_member_id: 'm1' }, first_name: workspace, last_name: 'Member', email_address: 'm@example.com' },
      ]);
    if (parts[2] === 'attributes')
      return data([
        { api_slug: 'name', type: 'text', is_required: true },
        { api_slug: 'stage', type: 'status', is_required: false },
      ]);
    if (path.endsWith('/records/query')) return data(all().slice(body.offset, body.offset + body.limit));
    const id = parts[0] === 'objects' ? parts[3] : parts[1];
    if (id === undefined && method === 'GET') return data(all().slice(Number(query['offset'] ?? 0)));
    if (id === undefined) {
      const name = randomUUID();
      const object = { id: { workspace_id: workspace, [idName]: name }, ...body.data };
      objects.set(`${kind}/${name}`, object);
      return data(object);
    }
    const key = `${kind}/${id}`;
    const found = objects.get(key);
    if (found === undefined) return failure(404, 'not_found', `There is nothing with the id ${id}.`);
    if (method === 'DELETE') return objects.delete(key) ? { status: 200, body: {} } : failure(404, 'not_found', '');
    if (method === 'PATCH') {
      const values = { ...asObject(found['values']), ...asObject(body.data.values) };
      objects.set(key, { ...found, ...body.data, ...(body.data.values === undefined ? {} : { values }) });
    }
    return data(objects.get(key));
  }

  const server = createServer(async (request, response) => {
    const call = await callOf(request);
    attio.calls.push(call);
    const answer = (await attio.intercept?.(call)) ?? signIn(call) ?? api(call);
    send(response, answer);
  });
  async function close(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return Object.assign(attio, { url: `http://127.0.0.1:${port}` });
}

const data = (content: unknown): Answer => ({ status: 200, body: { data: content } });

/** An error as Attio words it. */
export const failure = (status: number, code: string, message: string): Answer => ({
  status,
  body: { status_code: status, type: 'invalid_request_error', code, message },
});

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

async function callOf(request: IncomingMessage): Promise<Call> {
  const url = new URL(request.url ?? '/', 'http://attio');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    token: request.headers.authorization?.replace(/^Bearer /, ''),
    body: isForm ? Object.fromEntries(new URLSearchParams(text)) : text === '' ? undefined : JSON.parse(text),
  };
}

function send(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}
