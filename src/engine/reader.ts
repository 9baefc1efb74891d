import type { Api } from './api.ts';
import type { Desired, Existing, Kind } from './kind.ts';

/** The live objects of an account, one listing per kind, each read at most once. */
export type Reader = {
  /** Lists the kinds that were not read yet, all at once. */
  ensure(kinds: readonly string[]): Promise<void>;
  /** The same list for each call, and an empty one for a kind that was not read. */
  existing(kind: string): readonly Existing[];
};

export type ReaderOptions = {
  readonly api: Api;
  readonly kinds: readonly Kind[];
  readonly desired: readonly Desired[];
  readonly everything?: boolean;
  /** Answers for the kinds that are not read again. */
  readonly before?: Reader | undefined;
};

/**
 * A failed listing fails the run: a 403 or a 500 is never "there are none". Errors pass through as
 * the API client made them.
 */
export function createReader(options: ReaderOptions): Reader {
  const read = new Map<string, readonly Existing[]>();

  async function list(kind: Kind): Promise<void> {
    const desired = options.desired.filter((resource) => resource.kind === kind.kind);
    const lives = await kind.list({ api: options.api, desired, everything: options.everything === true });
    const existing = lives.map((live) => ({ ...kind.identify(live), kind: kind.kind, live }));
    read.set(kind.kind, existing);
  }

  return {
    async ensure(kinds) {
      const wanted = options.kinds.filter((kind) => kinds.includes(kind.kind) && !read.has(kind.kind));
      await Promise.all(wanted.map(list));
    },
    existing: (kind) => read.get(kind) ?? options.before?.existing(kind) ?? none,
  };
}

const none: readonly Existing[] = [];
