import type { Api, Desired } from './kind.ts';

/** What a kind's listing may depend on. */
export type Reading = {
  readonly api: Api;
  /** Desired resources of the kind that is read. */
  readonly desired: readonly Desired[];
  /** Everything of the kind that the credentials reach, for `export --all` and `--show-unmanaged`. */
  readonly everything: boolean;
};

/** How a paginated endpoint is listed. */
export type ListOptions = {
  /** The endpoint's maximum page size. */
  readonly perPage: number;
  readonly query?: Readonly<Record<string, string>>;
  /** What of an item is kept: the rest of a large answer is freed page by page. */
  keep?(item: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
};
