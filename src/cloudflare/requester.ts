import { createCutOff } from './cut-off.ts';
import type { Envelope } from './envelope.ts';
import type { ApiRequest } from './request.ts';
import { errorFor, sendCreating, sendRepeatedly, type Created, type Sender } from './send.ts';

/** Requests whose failures are thrown as errors that a person can read. */
export type Requester = {
  read(request: ApiRequest): Promise<Envelope | undefined>;
  /** Undefined where the answer has no body, or where there was nothing left to delete. */
  change(request: ApiRequest): Promise<Envelope | undefined>;
  create<T>(request: ApiRequest, find: (() => Promise<T | undefined>) | undefined): Promise<Created<T>>;
};

/**
 * Ctrl-C cuts off readings only as long as nothing was changed: from then on, a change that runs needs
 * its readings to come to its end.
 */
export function createRequester(sender: Sender): Requester {
  const cutOff = createCutOff(sender.waits.signal);
  const cuttable: Sender = { ...sender, send: (request) => cutOff((signal) => sender.send(request, signal)) };
  let changing = false;
  return {
    async read(request) {
      const answer = await sendRepeatedly(changing ? sender : cuttable, request);
      if (answer.ok) return answer.envelope;
      throw await errorFor(sender, request, answer.failure);
    },
    async change(request) {
      changing = true;
      const answer = await sendRepeatedly(sender, request);
      if (answer.ok) return answer.envelope;
      if (request.method === 'DELETE' && answer.failure.status === 404) return undefined;
      throw await errorFor(sender, request, answer.failure);
    },
    async create(request, find) {
      changing = true;
      return await sendCreating(sender, request, { find });
    },
  };
}
