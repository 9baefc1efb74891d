import type { Api, Desired, Existing, Kind } from './kind.ts';

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
};

/**
 * A failed listing fails the run: a 403 or a 500 is never "there are none". Errors pass through as
 * the API client made them.
 */
export function createReader(options: ReaderOptions): Reader {
  const read = new Map<string, readonly Existing[]>();
  const reading = new Map<string, Promise<void>>();

  async function list(kind: Kind): Promise<void> {
    const desired = options.desired.filter((resource) => resource.kind === kind.kind);
    const lives = await kind.list({ api: options.api, desired, everything: options.everything === true });
    const existing = lives.map((live) => ({ ...kind.identify(live), kind: kind.kind, live }));
    read.set(kind.kind, existing);
  }

  function listOnce(kind: Kind): Promise<void> {
    const started = reading.get(kind.kind) ?? list(kind);
    reading.set(kind.kind, started);
    return started;
  }

  return {
    async ensure(kinds) {
      const wanted = options.kinds.filter((kind) => kinds.includes(kind.kind) && !read.has(kind.kind));
      await Promise.all(wanted.map(listOnce));
    },
    existing: (kind) => read.get(kind) ?? none,
  };
}

const none: readonly Existing[] = [];
