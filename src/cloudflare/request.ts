export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request in the API's terms: `path` is relative to the base URL. */
export type ApiRequest = {
  readonly method: Method;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
};

/** A worker upload. Told by its tag: naming the global `FormData` would load the whole fetch stack. */
export const isForm = (body: unknown): body is FormData => Object.prototype.toString.call(body) === '[object FormData]';
