/** Remembers promises by path and key, so that what is asked for twice is fetched once. */
export type Memo = {
  get<T>(entry: { readonly path: string; readonly key: string }, fetch: () => Promise<T>): Promise<T>;
  /** Forgets the listings of a path and of the collection around it. */
  forget(path: string): void;
  clear(): void;
};

export function createMemo(): Memo {
  const entries = new Map<string, { readonly path: string; readonly promise: Promise<unknown> }>();
  return {
    async get<T>({ path, key }: { readonly path: string; readonly key: string }, fetch: () => Promise<T>): Promise<T> {
      const known = entries.get(key);
      // A key stands for one listing, and a listing for one type of item.
      if (known !== undefined) return (await known.promise) as T;
      const promise = fetch();
      entries.set(key, { path, promise });
      promise.catch(() => entries.delete(key));
      return await promise;
    },
    forget(path) {
      for (const [key, entry] of entries) if (isAround(entry.path, path)) entries.delete(key);
    },
    clear: () => entries.clear(),
  };
}

const isAround = (collection: string, path: string): boolean => `${path}/`.startsWith(`${collection}/`);
