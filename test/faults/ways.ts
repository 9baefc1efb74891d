import type { Cli } from '../runs/cli.ts';

/** One way in which a request goes wrong. `answer` sends it to the account, once. */
export type Way = (request: Request, answer: () => Promise<Response>) => Promise<Response>;

/** What `fetch` throws where the connection breaks. */
const reset = (): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });

const refused = (status: number, code: number, message: string): Response =>
  Response.json({ success: false, errors: [{ code, message }], messages: [], result: null }, { status });

const page = (status: number, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response('<!DOCTYPE html><html><body>Bad gateway</body></html>', {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8', ...headers },
  });

const untilAborted = ({ signal }: Request): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** Half of the answer, and then the connection breaks. The work is done. */
async function halved(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) return controller.error(new TypeError('terminated'));
      sent = true;
      controller.enqueue(bytes.slice(0, Math.floor(bytes.length / 2)));
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}

/** Every way of the sweeps. What `hangs` keeps the program waiting in real time. */
export const ways = {
  'a 429 with Retry-After': async () => {
    const response = refused(429, 971, 'Please wait and consider throttling your request speed');
    response.headers.set('retry-after', '2');
    return response;
  },
  'a 500': async () => refused(500, 10001, 'Internal server error'),
  'a 500 after the work was done': async (_request, answer) => {
    await answer();
    return refused(500, 10001, 'Internal server error');
  },
  'an HTML 502': async () => page(502),
  'an HTML 502 after the work was done': async (_request, answer) => {
    await answer();
    return page(502);
  },
  'a reset before the work': async () => {
    throw reset();
  },
  'a reset after the work': async (_request, answer) => {
    await answer();
    throw reset();
  },
  'a truncated answer': async (_request, answer) => halved(await answer()),
  'a 403 challenge page': async () => page(403, { 'cf-mitigated': 'challenge' }),
  'a 403 that throttles': async () => refused(403, 10000, 'Rate limited. Please wait.'),
  'a slow answer': async (_request, answer) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const response = await answer();
    await new Promise((resolve) => setTimeout(resolve, 5));
    return response;
  },
  'no answer': (request) => untilAborted(request),
  'no answer after the work was done': async (request, answer) => {
    await answer();
    return untilAborted(request);
  },
} as const satisfies Readonly<Record<string, Way>>;

export type WayName = keyof typeof ways;
export const wayNames = Object.keys(ways) as readonly WayName[];
export const hangs = (name: WayName): boolean => name.startsWith('no answer');

/** A network in which some requests, counted from 1, go one way. `seen` says how many there were. */
export function faultyNetwork(one: Cli, way: Way, isDue: (index: number) => boolean) {
  let count = 0;
  return {
    seen: () => count,
    fetch: (request: Request): Promise<Response> => {
      count += 1;
      const answer = (): Promise<Response> => one.account.fetch(request);
      return isDue(count) ? way(request, answer) : answer();
    },
  };
}
