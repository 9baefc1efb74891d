import * as z from 'zod';
import { AttioError } from './errors.ts';
import { retryAfterMs } from './retry-after.ts';

/** One person's access to the Attio API. Made for one request, and gone with it. */
export type Attio = {
  /** Calls the API and gives back the `data` of its answer; undefined where it has none. Throws an `AttioError`. */
  send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, parts?: CallParts): Promise<unknown>;
};
export type CallParts = {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
};

export type Access = {
  readonly apiUrl: string;
  readonly accessToken: string;
  /** Learns that Attio no longer takes the token. */
  onRefused(): Promise<void>;
};

const TIMEOUT_MS = 15_000;
const ATTEMPTS = 3;
/** A client waits for a tool only so long, so a later `Retry-After` is passed on to it. */
const LONGEST_PAUSE_MS = 5_000;

export function attioClient(access: Access): Attio {
  return {
    send: async (method, path, parts = {}) => {
      for (let attempt = 1; ; attempt += 1) {
        const response = await call(access, { method, path, parts });
        // A call over the limit was not carried out, so any method may be sent again.
        const pause = response.status === 429 ? retryAfterMs(response.headers.get('Retry-After'), Date.now()) : undefined;
        if (pause === undefined || pause > LONGEST_PAUSE_MS || attempt === ATTEMPTS) return answerOf(response, access);
        await response.body?.cancel();
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    },
  };
}

type Call = { readonly method: string; readonly path: string; readonly parts: CallParts };

async function call({ apiUrl, accessToken }: Access, { method, path, parts: { query = {}, body } }: Call): Promise<Response> {
  const url = new URL(`${apiUrl}${path}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  try {
    return await fetch(url, {
      method,
      headers: { Authorization: `Bearer ${accessToken}`, Accept: 'application/json', ...type },
      ...content,
      // A redirect would carry the token elsewhere.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new AttioError('Attio cannot be reached. Try again in a while.', { cause: error });
  }
}

const dataSchema = z.object({ data: z.unknown().optional() });
const errorSchema = z.object({ code: z.string().optional(), message: z.string() });

async function answerOf(response: Response, { onRefused }: Access): Promise<unknown> {
  const { status } = response;
  const text = await response.text();
  const json = jsonOf(text);
  if (response.ok) {
    if (text === '') return undefined;
    const answer = dataSchema.safeParse(json);
    if (answer.success) return answer.data.data;
    throw new AttioError(`Attio answered ${status} with something that is no answer of its API.`, { status });
  }
  if (status === 401) await onRefused();
  throw new AttioError(refusal(response, errorSchema.safeParse(json).data), { status });
}

/** Attio's own words where it has any: they say which value is wrong. */
function refusal({ status, headers }: Response, said: z.infer<typeof errorSchema> | undefined): string {
  const code = said?.code === undefined ? '' : ` (${said.code})`;
  const words =
    said === undefined ? `Attio answered ${status}.` : `Attio answered ${status}${code}: ${said.message.slice(0, 2000)}`;
  if (status === 401) return `${words} Its access was ended; sign in again.`;
  if (status !== 429) return words;
  const later = headers.get('Retry-After');
  return later === null ? `${words} Try again later.` : `${words} Try again after ${later}.`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
