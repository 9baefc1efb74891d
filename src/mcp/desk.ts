import { randomBytes } from 'node:crypto';
import { UnsafePlanError } from '../lib/errors.ts';
import type { Plans } from './plans.ts';
import type { Settings } from './settings.ts';
import type { Workbench } from './workbench.ts';

/** A question that a person was asked, and has not answered yet. */
type Asked = { readonly planId: string; readonly tool: string; readonly digest: string };

/** What all calls of one process share. */
export type Desk = {
  readonly bench: Workbench;
  readonly plans: Plans;
  readonly settings: Settings;
  readonly questions: Questions;
  /** Runs what changes the account, alone. Throws an `UnsafePlanError` while another one runs. */
  alone<T>(run: () => Promise<T>): Promise<T>;
  /** Keeps the process until a call that may change something is over, and in the journal. */
  track<T>(call: Promise<T>): Promise<T>;
  /** Resolves when none of those runs. */
  idle(): Promise<void>;
};

export type Questions = {
  /** A handle for the answer: random, good for one answer to this very call. */
  ask(question: Asked): string;
  /** Undefined for a handle that was not given out for such a call, or was answered before. */
  answered(handle: string, call: Omit<Asked, 'planId'>): string | undefined;
};

export function createDesk(parts: Pick<Desk, 'bench' | 'plans' | 'settings'>): Desk {
  let running: Promise<unknown> | undefined;
  const tracked = new Set<Promise<unknown>>();
  return {
    ...parts,
    questions: createQuestions(),
    async alone(run) {
      if (running !== undefined)
        throw new UnsafePlanError('another apply is running; nothing was changed by this call', {
          code: 'busy',
          hint: 'Wait until it has ended. The plan_id stays good.',
        });
      const mine = run();
      running = mine;
      try {
        return await mine;
      } finally {
        running = undefined;
      }
    },
    track(call) {
      tracked.add(call);
      const forget = (): void => void tracked.delete(call);
      call.then(forget, forget);
      return call;
    },
    async idle() {
      while (tracked.size > 0) await Promise.allSettled(tracked);
    },
  };
}

const mostOpen = 100;

function createQuestions(): Questions {
  const open = new Map<string, Asked>();
  return {
    ask(question) {
      const handle = randomBytes(24).toString('base64url');
      open.set(handle, question);
      for (const oldest of [...open.keys()].slice(0, Math.max(0, open.size - mostOpen))) open.delete(oldest);
      return handle;
    },
    answered(handle, { tool, digest }) {
      const asked = open.get(handle);
      open.delete(handle);
      return asked?.tool === tool && asked.digest === digest ? asked.planId : undefined;
    },
  };
}
