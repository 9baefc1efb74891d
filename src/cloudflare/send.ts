import { ApiError, Cancelled, UserError } from '../lib/errors.ts';
import type { Answer, Send } from './connection.ts';
import type { Envelope } from './envelope.ts';
import { errorOf, unknownOutcome } from './errors.ts';
import { neverSent, type Failure } from './failure.ts';
import { secretsIn } from './mask.ts';
import type { ApiRequest } from './request.ts';
import { isLost, maxAttempts, pause, pauseAfter, type Progress, type Waits } from './retry.ts';

/** A connection with its patience. */
export type Sender = {
  readonly send: Send;
  readonly waits: Waits;
  readonly baseUrl: string;
  /** The credentials, to be blanked out in messages. */
  readonly secrets: readonly string[];
};

/** Sends a request until it is answered, or not worth sending again. */
export async function sendRepeatedly(
  sender: Sender,
  request: ApiRequest,
  { attempt, waitedMs }: Progress = { attempt: 1, waitedMs: 0 },
): Promise<Answer> {
  const answer = await sender.send(request);
  if (answer.ok) return answer;
  const wait = pauseAfter(request, answer.failure, { attempt, waitedMs, timeoutMs: sender.waits.timeoutMs });
  if (wait === undefined) return answer;
  await pause(wait, answer.failure, sender.waits);
  return await sendRepeatedly(sender, request, { attempt: attempt + 1, waitedMs: waitedMs + wait });
}

/** What a creation gives: the answer, or the object that `find` saw. */
export type Created<T> = { readonly envelope: Envelope | undefined } | { readonly found: T };

/**
 * Sends a request that creates. Where its answer is lost it looks for the object before it sends again:
 * policies, service tokens and applications may exist twice under one name.
 */
export async function sendCreating<T>(
  sender: Sender,
  request: ApiRequest,
  { find, attempt = 1 }: Creating<T>,
): Promise<Created<T>> {
  const answer = await sendRepeatedly(sender, request);
  if (answer.ok) return { envelope: answer.envelope };
  const { failure } = answer;
  if (find === undefined || !isUncertain(failure)) throw await errorFor(sender, request, failure);
  const found = await lookRepeatedly(() => lookUp(find, () => errorFor(sender, request, failure)), failure, sender.waits);
  if (found !== undefined) return { found };
  if (attempt >= maxAttempts) throw await errorFor(sender, request, failure);
  return await sendCreating(sender, request, { find, attempt: attempt + 1 });
}

type Creating<T> = { readonly find: (() => Promise<T | undefined>) | undefined; readonly attempt?: number };

/** The error for a request that is given up. Changes that may have happened say so. */
export async function errorFor(sender: Sender, request: ApiRequest, failure: Failure): Promise<UserError> {
  const secrets = [...sender.secrets, ...(await secretsIn(request.body))];
  const failed = { request, failure, secrets, timeoutMs: sender.waits.timeoutMs, baseUrl: sender.baseUrl };
  return request.method !== 'GET' && isUncertain(failure) ? unknownOutcome(failed) : errorOf(failed);
}

const isUncertain = (failure: Failure): boolean => isLost(failure) && !neverSent(failure);

/** Listings lag behind creations for some seconds, so one look does not tell that an object is not there. */
const looksAfterMs = [1000, 2000, 4000];

async function lookRepeatedly<T>(look: () => Promise<T | undefined>, failure: Failure, waits: Waits): Promise<T | undefined> {
  let found = await look();
  for (const ms of looksAfterMs) {
    if (found !== undefined) return found;
    await pause(ms, failure, waits);
    found = await look();
  }
  return found;
}

/** When the look-up fails as well, the error tells both; what to do is what the look-up asks for. */
async function lookUp<T>(find: () => Promise<T | undefined>, failed: () => Promise<UserError>): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof Cancelled || !(error instanceof UserError)) throw error;
    const { message, facts } = await failed();
    throw new ApiError(`${message} Looking for it failed too: ${error.message}`, {
      code: 'outcome_unknown',
      hint: error.facts.hint ?? facts.hint,
      request: facts.request,
      cause: error,
    });
  }
}
