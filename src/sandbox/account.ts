import { getResponse, http, type HttpHandler } from 'msw';
import { type Caller, callerOf } from './auth.ts';
import { type Discover, discoverUpstream, emptyCatalogue } from './discover.ts';
import { refusalResponse, successResponse, withRay } from './envelope.ts';
import { afterwards, instead, Throttled } from './failures.ts';
import { type FaultInjector, faultInjector, type Faults, type FaultSettings } from './faults.ts';
import { isList, isObject } from './json.ts';
import { invalid, Refusal, unroutable } from './refusal.ts';
import { type Call, matchRoute, pathOf, type Route } from './route.ts';
import { routeModules } from './routes.ts';
import { newState, type SandboxState, zoneRow } from './state.ts';

export type AccountOptions = {
  readonly accountId?: string;
  /** Zones of a new account, or more zones of a kept one. A new account without this has `example.com`. */
  readonly zones?: readonly string[];
  /** A state that was kept; it is used as it is and changed in place. */
  readonly state?: SandboxState;
  readonly now?: () => Date;
  readonly faults?: Partial<FaultSettings>;
  readonly latencyMs?: number;
  /** Called after each write that succeeded, before its answer goes out. */
  readonly onWrite?: (state: SandboxState) => Promise<void>;
  /** False: a sync does not connect, and finds a server that has nothing. */
  readonly connect?: boolean;
  /** Another way to look at an MCP server's URL. */
  readonly discover?: Discover;
};

/** A request that reached the account. Status 0: the caller got no answer. */
type LoggedRequest = {
  readonly method: string;
  /** Without `/client/v4`. */
  readonly path: string;
  readonly query: string;
  readonly status: number;
};

export type SandboxAccount = {
  readonly accountId: string;
  readonly state: SandboxState;
  /** For msw's `setupServer`, as an alternative to `fetch`. */
  readonly handlers: HttpHandler[];
  readonly requests: LoggedRequest[];
  readonly faults: Faults;
  /** Answers one request as the API would. Rejects as `fetch` does where a fault breaks the connection. */
  fetch(request: Request): Promise<Response>;
  addZone(name: string): void;
};

/** One stateful Cloudflare account that behaves as the real API does. */
export const openAccount = (options: AccountOptions = {}): SandboxAccount => {
  const now = options.now ?? (() => new Date());
  const state = options.state ?? newState(now(), options.accountId);
  const latency = options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs };
  const injector = faultInjector({ ...options.faults, ...latency });
  const account = { options, state, now, injector, requests: [] };
  const addZone = (name: string): void => {
    if (state.zones.some((zone) => zone.name === name)) return;
    state.zones = [...state.zones, zoneRow(state, name, now())];
  };
  for (const name of options.zones ?? (options.state === undefined ? ['example.com'] : [])) addZone(name);
  const handlers = routeModules.map((routes) => handlerOf(account, routes));
  return {
    accountId: state.account_id,
    state,
    handlers,
    requests: account.requests,
    faults: injector.faults,
    addZone,
    fetch: (request) => answerTo(account, handlers, request),
  };
};

const answerTo = async (account: Account, handlers: HttpHandler[], request: Request): Promise<Response> => {
  const response = (await getResponse(handlers, request)) ?? (await answered(account, undefined, request));
  if (response.type !== 'error') return response;
  throw new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
};

type Account = {
  readonly options: AccountOptions;
  readonly state: SandboxState;
  readonly now: () => Date;
  readonly injector: FaultInjector;
  readonly requests: LoggedRequest[];
};
type Match = ReturnType<typeof matchRoute>;

const handlerOf = (account: Account, routes: readonly Route[]): HttpHandler =>
  http.all(
    ({ request }) => matchRoute(routes, request) !== undefined,
    ({ request }) => answered(account, matchRoute(routes, request), request),
  );

/** Logs the request, and lets the faults have their way with it. */
const answered = async (account: Account, match: Match, request: Request): Promise<Response> => {
  const url = new URL(request.url);
  const index = account.requests.length;
  const entry = { method: request.method, path: pathOf(request), query: url.search.slice(1), status: 0 };
  account.requests.push(entry);
  const response = await faulty(account, match, request);
  account.requests[index] = { ...entry, status: response.status };
  return response;
};

const faulty = async (account: Account, match: Match, request: Request): Promise<Response> => {
  const failure = account.injector.due(request);
  let headers: Readonly<Record<string, string>> = {};
  try {
    headers = await account.injector.admit(request, account.now());
    const early = failure === undefined ? undefined : await instead(failure, request);
    const response = early ?? (await afterwards(failure, await worked(account, match, request)));
    return withRay(response, headers);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return withRay(refusalResponse(error), error instanceof Throttled ? error.headers : headers);
  }
};

/** Does the work: who is calling, what is asked, keep what changed. */
const worked = async (account: Account, match: Match, request: Request): Promise<Response> => {
  const caller = callerOf(request.headers);
  const path = pathOf(request);
  if (match === undefined) throw unroutable(`/client/v4${path}`);
  const { params, route } = match;
  const call = await callOf(account, { params, caller, path, request, takesList: route.takesList === true });
  if (request.method !== 'GET') account.injector.remember(account.state, call.now);
  const answer = await route.answer(call);
  if (request.method !== 'GET') await kept(account);
  return successResponse(answer);
};

/** A state that could not be kept is a failed request, so that nobody takes the write for done. */
const kept = async ({ options, state }: Account): Promise<void> => {
  try {
    await options.onWrite?.(state);
  } catch (error) {
    throw new Refusal(500, 10001, error instanceof Error ? error.message : String(error));
  }
};

type Opened = {
  readonly params: Readonly<Record<string, string>>;
  readonly caller: Caller;
  readonly path: string;
  readonly request: Request;
  readonly takesList: boolean;
};

const callOf = async (account: Account, { params, caller, path, request, takesList }: Opened): Promise<Call> => {
  checkAccount(account.state, params['account'], path);
  const now = account.now();
  const { options, injector } = account;
  const value = await bodyOf(request);
  if (!isObject(value) && !takesList)
    throw invalid(7001, `Expected object, received ${Array.isArray(value) ? 'array' : typeof value}`);
  return {
    state: request.method === 'GET' ? injector.seen(account.state, now) : account.state,
    now,
    caller,
    faults: injector.faults,
    discover: options.discover ?? (options.connect === false ? emptyCatalogue : discoverUpstream),
    request,
    path,
    query: new URL(request.url).searchParams,
    body: isObject(value) ? value : {},
    items: isList(value) ? value : [],
    param: (name) => params[name] ?? '',
  };
};

/** The credentials reach one account: another id is forbidden, and what is no id leads nowhere. */
const checkAccount = (state: SandboxState, asked: string | undefined, path: string): void => {
  if (asked === undefined || asked === state.account_id) return;
  if (!/^[0-9a-f]{32}$/.test(asked)) throw unroutable(`/client/v4${path}`);
  throw new Refusal(403, 9109, 'Unauthorized to access requested resource');
};

const bodyOf = async (request: Request): Promise<unknown> => {
  const type = request.headers.get('content-type') ?? '';
  // Uploads of other types are read by the route that expects them.
  if (request.body === null || !/json|text\/plain/.test(type)) return {};
  const text = await request.text();
  return text === '' ? {} : parsed(text);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(6007, 'Malformed JSON in request body');
  }
};
