/** What the kinds see of the API: one account, envelopes opened, errors typed, pages joined. */
export type Api = {
  readonly account: string;
  /** `/accounts/{account}/…`, each part checked and encoded. */
  path(...parts: readonly string[]): string;
  /** All pages of a listing. The same listing is fetched once per reading. */
  list<T>(path: string, options: ListOptions): Promise<readonly T[]>;
  get<T>(path: string, query?: Readonly<Record<string, string>>): Promise<T>;
  /**
   * A write that creates. It is sent once; when its answer is lost, `find` looks whether it arrived
   * (by identity) before it is sent again.
   */
  post<T>(path: string, body: unknown, options?: { find?(): Promise<T | undefined> }): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  /** Missing already counts as removed. */
  remove(path: string): Promise<void>;
};

/** How a paginated endpoint is listed. */
export type ListOptions = {
  /** The endpoint's maximum page size. */
  readonly perPage: number;
  readonly query?: Readonly<Record<string, string>>;
  /** What of an item is kept: the rest of a large answer is freed page by page. */
  keep?(item: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
};
