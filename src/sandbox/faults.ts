import { setTimeout as sleep } from 'node:timers/promises';
import { type Failure, Throttled } from './failures.ts';
import { pathOf } from './route.ts';
import type { SandboxState } from './state.ts';

/** A window limit: one request too many blocks everything until the window ends. */
type RateLimit = { readonly requests: number; readonly windowMs: number };

/** Switches that may be set at any time. */
export type FaultSettings = {
  latencyMs: number;
  rateLimit: RateLimit | undefined;
  /** Reads see the state of so many milliseconds ago. */
  staleReadsMs: number;
  /** An application cannot be given a policy that is younger. */
  policyDelayMs: number;
  /** Policies and groups come back with empty selectors that nobody sent. */
  emptySelectors: boolean;
};
export type Faults = FaultSettings & {
  fail(failure: Failure): void;
  /** Everything off. */
  clear(): void;
};

/** The faults of an account, and what its request handling asks of them. */
export type FaultInjector = {
  readonly faults: Faults;
  /** The failure that is due for this request. Counts the request. */
  due(request: Request): Failure | undefined;
  /** Waits for the latency; throws a 429 when the window is used up. Returns the headers to add. */
  admit(request: Request, now: Date): Promise<Readonly<Record<string, string>>>;
  /** Keeps the state for stale reads. To be called before each write. */
  remember(state: SandboxState, now: Date): void;
  /** The state that a read sees. */
  seen(state: SandboxState, now: Date): SandboxState;
};

const off = (): FaultSettings => ({
  latencyMs: 0,
  rateLimit: undefined,
  staleReadsMs: 0,
  policyDelayMs: 0,
  emptySelectors: false,
});

export const faultInjector = (initial: Partial<FaultSettings> = {}): FaultInjector => {
  let planned: Planned[] = [];
  let past: Past[] = [];
  const settings: FaultSettings = { ...off(), ...initial };
  const faults: Faults = Object.assign(settings, {
    fail: (failure: Failure) => void planned.push({ failure, seen: 0 }),
    clear: () => {
      planned = [];
      past = [];
      Object.assign(settings, off());
    },
  });
  const window = rateWindow();
  return {
    faults,
    due: (request) => nextDue(planned, request),
    admit: async (request, now) => {
      if (faults.latencyMs > 0) await sleep(faults.latencyMs, undefined, { signal: request.signal });
      return faults.rateLimit === undefined ? {} : window(faults.rateLimit, now);
    },
    remember: (state, now) => {
      if (faults.staleReadsMs > 0) past = [...past, { state: { ...state }, until: now.getTime() + faults.staleReadsMs }];
    },
    seen: (state, now) => {
      past = past.filter((each) => each.until > now.getTime());
      return past[0]?.state ?? state;
    },
  };
};

type Planned = { readonly failure: Failure; seen: number };
/** What the state was before a write, and until when reads see it. */
type Past = { readonly state: SandboxState; readonly until: number };

const nextDue = (planned: readonly Planned[], request: Request): Failure | undefined => {
  const hits = planned.filter((each) => concerns(each.failure, request));
  for (const each of hits) each.seen += 1;
  return hits.find(({ failure, seen }) => isDue(failure, seen))?.failure;
};

const concerns = (failure: Failure, request: Request): boolean => {
  if (failure.method !== undefined && failure.method !== request.method) return false;
  if (failure.path === undefined) return true;
  const path = pathOf(request);
  return typeof failure.path === 'string' ? failure.path === path : failure.path.test(path);
};

const isDue = ({ nth = 1, times = 1 }: Failure, seen: number): boolean => seen >= nth && seen < nth + times;

/** Counts requests in fixed windows, as the account-wide limit does. */
const rateWindow = (): ((limit: RateLimit, now: Date) => Record<string, string>) => {
  let start = Number.NEGATIVE_INFINITY;
  let used = 0;
  return (limit, now) => {
    if (now.getTime() - start >= limit.windowMs) {
      start = now.getTime();
      used = 0;
    }
    used += 1;
    const seconds = Math.ceil((start + limit.windowMs - now.getTime()) / 1000);
    if (used > limit.requests) throw new Throttled(seconds);
    return rateHeaders(limit, limit.requests - used, seconds);
  };
};

const rateHeaders = (limit: RateLimit, remaining: number, seconds: number): Record<string, string> => ({
  ratelimit: `"default";r=${remaining};t=${seconds}`,
  'ratelimit-policy': `"default";q=${limit.requests};w=${Math.ceil(limit.windowMs / 1000)}`,
});
