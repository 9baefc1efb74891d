export type Limit = {
  /** Requests per second, over time. 0: no limit. */
  readonly rps: number;
  /** Requests that may come at once. */
  readonly burst: number;
};

export type Buckets = {
  /**
   * Takes from the bucket of `name`, and answers 0; or takes nothing, and answers the seconds after which it is worth
   * trying again. No cost is above the bucket's size, so that a batch longer than the burst needs a full bucket and
   * is not refused for ever.
   */
  take(name: string, cost: number): number;
};

type Bucket = { tokens: number; at: number };

/** The most that are kept. Beyond, the one that was used least recently is forgotten, and starts full again. */
const mostBuckets = 10_000;

/** A token bucket for each name. `now` is in milliseconds, and never goes back. */
export function createBuckets({ rps, burst }: Limit, now: () => number): Buckets {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (name: string): Bucket => {
    const bucket = buckets.get(name) ?? { tokens: burst, at: now() };
    // A map keeps the order of insertion: the first is always the least recently used.
    buckets.delete(name);
    buckets.set(name, bucket);
    if (buckets.size > mostBuckets) buckets.delete(buckets.keys().next().value ?? name);
    return bucket;
  };
  return {
    take(name, cost) {
      if (rps === 0 || cost === 0) return 0;
      const bucket = bucketOf(name);
      const wanted = Math.min(cost, burst);
      const at = now();
      bucket.tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1000) * rps);
      bucket.at = at;
      if (bucket.tokens < wanted) return Math.max(1, Math.ceil((wanted - bucket.tokens) / rps));
      bucket.tokens -= wanted;
      return 0;
    },
  };
}
