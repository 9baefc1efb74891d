import type { Caller } from './auth.ts';
import type { Discover } from './discover.ts';
import type { Faults } from './faults.ts';
import type { Json, JsonObject } from './json.ts';
import type { SandboxState } from './state.ts';

/** What a route is given: the request, opened, and the account. Reads may get an older state. */
export type Call = {
  readonly state: SandboxState;
  readonly now: Date;
  readonly caller: Caller;
  readonly faults: Faults;
  /** Looks at an MCP server's URL. */
  readonly discover: Discover;
  readonly request: Request;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The JSON body; empty when there is none or when it is not JSON. */
  readonly body: JsonObject;
  /** The JSON body of an endpoint that takes a list. */
  readonly items: readonly Json[];
  /** A part of the path. */
  param(name: string): string;
};

export type ResultInfo = {
  readonly page: number;
  readonly per_page: number;
  readonly count: number;
  readonly total_count: number;
  readonly total_pages: number;
};

/** What goes into the success envelope; a `Response` is passed on as it is. */
export type Answer =
  | { readonly status: number; readonly result: Json; readonly info?: ResultInfo; readonly messages?: readonly Json[] }
  | Response;

export type Route = {
  readonly method: string;
  /** Path without the `/client/v4` prefix; `:name` stands for one segment. */
  readonly path: string;
  readonly pattern: RegExp;
  readonly takesList?: true;
  answer(call: Call): Answer | Promise<Answer>;
};

/** One endpoint. */
export const route = (method: string, path: string, answer: Route['answer']): Route => ({
  method,
  path,
  pattern: new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`),
  answer,
});

/** One endpoint whose body is a list. */
export const listRoute = (method: string, path: string, answer: Route['answer']): Route => ({
  ...route(method, path, answer),
  takesList: true,
});

/** The path of a request as the routes spell it: any origin, with `/client/v4` or without. */
export const pathOf = (request: Request): string => {
  const { pathname } = new URL(request.url);
  return pathname.startsWith('/client/v4/') ? pathname.slice('/client/v4'.length) : pathname;
};

/** The route that a request means, with the decoded parts of its path. */
export const matchRoute = (
  routes: readonly Route[],
  request: Request,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | undefined => {
  const path = pathOf(request);
  for (const each of routes) {
    const match = each.method === request.method ? each.pattern.exec(path) : null;
    if (match !== null) return { route: each, params: decoded(match.groups ?? {}) };
  }
  return undefined;
};

const decoded = (groups: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, safeDecode(value)]));

const safeDecode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
