import { Cancelled, UserError } from '../lib/errors.ts';
import type { Answer, Send } from './connection.ts';
import type { Envelope } from './envelope.ts';
import { errorOf, unknownOutcome } from './errors.ts';
import { neverSent, type Failure } from './failure.ts';
import { secretsIn } from './mask.ts';
import type { ApiRequest } from './request.ts';
import { backoff, isLost, maxAttempts, pause, pauseAfter, type Progress, type Waits } from './retry.ts';

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
  await pause(backoff(attempt), failure, sender.waits);
  const found = await lookUp(find, () => errorFor(sender, request, failure));
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

/** When the look-up fails as well, the creation is what went wrong for the user. */
async function lookUp<T>(find: () => Promise<T | undefined>, failed: () => Promise<UserError>): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof Cancelled || !(error instanceof UserError)) throw error;
    throw await failed();
  }
}
