import type { Api } from '../engine/api.ts';
import { ApiError } from '../lib/errors.ts';
import type { ListOptions } from '../engine/api.ts';
import { UserError } from '../lib/errors.ts';
import type { Credentials } from './account.ts';
import { connect, type ConnectionOptions, type RequestLine } from './connection.ts';
import { isFields, type Envelope } from './envelope.ts';
import { listAll } from './list-all.ts';
import { checkedItems } from './listed.ts';
import { createMemo, type Memo } from './memo.ts';
import { checkedPath, pathOf, withoutQuery } from './path.ts';
import { httpsProxyOf } from './proxy.ts';
import { createRate } from './rate.ts';
import type { ApiRequest, Method } from './request.ts';
import { createRequester, type Requester } from './requester.ts';
import { createFetch, fetchThrough } from './transport.ts';

const defaultBaseUrl = 'https://api.cloudflare.com/client/v4';
const defaultConcurrency = 8;
const defaultTimeoutMs = 60_000;

export type ApiOptions = {
  readonly credentials: Credentials;
  /** `CLOUDFLARE_BASE_URL`. */
  readonly baseUrl?: string | undefined;
  /** Empty while it is not known yet: then only full paths work, until `forAccount`. */
  readonly account: string;
  readonly concurrency?: number | undefined;
  /** Bounds one request, and one wait that Cloudflare asks for. */
  readonly timeoutMs?: number | undefined;
  readonly userAgent: string;
  /** Read for `HTTPS_PROXY` and `NO_PROXY` alone. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Answers instead of the network. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  readonly onRequest?: ((line: RequestLine) => void) | undefined;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Ends waits, and requests as long as nothing was changed. A change that runs is brought to its end. */
  readonly signal: AbortSignal;
};

export type OpenApi = Api & {
  /** The same connection with nothing remembered: for reading again after changes. */
  fresh(): OpenApi;
  forAccount(account: string): OpenApi;
};

/** Opens the API. Nothing is sent yet. */
export function openApi(options: ApiOptions): OpenApi {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const concurrency = options.concurrency ?? defaultConcurrency;
  const baseUrl = checkedBaseUrl(options.baseUrl?.trim() || defaultBaseUrl);
  const rate = createRate(concurrency);
  const fetch =
    options.fetch === undefined
      ? createFetch({ maxSockets: concurrency, httpsProxy: httpsProxyOf(options.env ?? {}, baseUrl) })
      : fetchThrough(options.fetch);
  const { auth, secrets } = revealed(options.credentials);
  const send = connect({
    auth,
    baseUrl,
    timeoutMs,
    userAgent: options.userAgent,
    fetch,
    rate,
    onRequest: options.onRequest,
  });
  const waits = { sleep: options.sleep, signal: options.signal, timeoutMs, rate };
  const sender = { send, baseUrl, secrets, waits };
  return apiOver(createRequester(sender), options.account);
}

function checkedBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return text.replace(/\/+$/, '');
  throw new UserError('CLOUDFLARE_BASE_URL is not an http or https URL.', {
    hint: `Cloudflare's own is ${defaultBaseUrl}.`,
  });
}

type Revealed = { readonly auth: ConnectionOptions['auth']; readonly secrets: readonly string[] };

function revealed(credentials: Credentials): Revealed {
  if ('token' in credentials) {
    const token = credentials.token.reveal();
    return { auth: { apiToken: token, apiKey: null, apiEmail: null }, secrets: [token] };
  }
  const key = credentials.key.reveal();
  return { auth: { apiToken: null, apiKey: key, apiEmail: credentials.email }, secrets: [key] };
}

function apiOver(requester: Requester, account: string): OpenApi {
  const memo = createMemo();

  /** Also a change that failed may have been carried out. */
  async function forgetting<T>(path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      memo.forget(withoutQuery(path));
    }
  }

  const changeBy =
    (method: Method) =>
    <T>(path: string, body?: unknown): Promise<T> =>
      forgetting(path, async () => resultOf(await requester.change({ method, path: checkedPath(path), body })));

  return {
    account,
    path: (...parts) => pathOf('accounts', account, ...parts),
    list: (path, options) => memo.get({ path, key: keyOf(path, options) }, () => readList(requester, path, options)),
    get: async (path, query) => resultOf(await requester.read({ method: 'GET', path: checkedPath(path), query })),
    post: (path, body, options) => forgetting(path, () => create({ requester, memo, path, body, find: options?.find })),
    put: changeBy('PUT'),
    patch: changeBy('PATCH'),
    remove: changeBy('DELETE'),
    fresh: () => apiOver(requester, account),
    forAccount: (id) => apiOver(requester, id),
  };
}

type Creation<T> = {
  readonly requester: Requester;
  readonly memo: Memo;
  readonly path: string;
  readonly body: unknown;
  readonly find: (() => Promise<T | undefined>) | undefined;
};

async function create<T>({ requester, memo, path, body, find }: Creation<T>): Promise<T> {
  const findAfresh = async (): Promise<T | undefined> => {
    memo.clear(); // what was remembered is from before the creation
    return await find?.();
  };
  const request: ApiRequest = { method: 'POST', path: checkedPath(path), body };
  const created = await requester.create(request, find === undefined ? undefined : findAfresh);
  return 'found' in created ? created.found : resultOf(created.envelope);
}

async function readList<T>(requester: Requester, path: string, options: ListOptions): Promise<readonly T[]> {
  try {
    return await readPages(requester, path, options);
  } catch (error) {
    // An endpoint may refuse a page that large instead of capping it.
    if (options.perPage <= safePerPage || !(error instanceof ApiError) || error.facts.request?.status !== 400) throw error;
    return await readPages(requester, path, { ...options, perPage: safePerPage });
  }
}

const safePerPage = 100;

async function readPages<T>(requester: Requester, path: string, { perPage, query, keep }: ListOptions): Promise<readonly T[]> {
  const fetchPage = async (page: number): Promise<Envelope | undefined> => {
    const pageQuery = { ...query, page: String(page), per_page: String(perPage) };
    const envelope = await requester.read({ method: 'GET', path: checkedPath(path), query: pageQuery });
    if (envelope === undefined || keep === undefined || !Array.isArray(envelope.result)) return envelope;
    return { ...envelope, result: envelope.result.map((item) => (isFields(item) ? keep(item) : item)) };
  };
  const items = await listAll({ path, perPage, fetchPage, filtered: query?.['name'] !== undefined });
  // The API gives untyped JSON; the kind that lists says what it is.
  return checkedItems(path, items) as readonly T[];
}

const keyOf = (path: string, { perPage, query = {} }: ListOptions): string =>
  JSON.stringify([path, perPage, Object.entries(query).toSorted(([a], [b]) => (a < b ? -1 : 1))]);

// The API gives untyped JSON; the kind that asks says what it is.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
const resultOf = <T>(envelope: Envelope | undefined): T => envelope?.result as T;
