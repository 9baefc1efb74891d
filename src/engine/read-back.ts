import { readAndBind, type Run } from './context.ts';
import { errorSentence } from './error-sentence.ts';
import type { Api } from './api.ts';
import { addressOf, type Desired, type Kind } from './kind.ts';
import type { Outcome } from './plan-types.ts';
import { kindNamed } from './kind-named.ts';
import { workFor, type Work } from './work.ts';

export type ReadBackOptions = {
  /** The run's own: what it has listed since it wrote there is not listed again. */
  readonly api: Api;
  /** An API whose listings are read anew. */
  fresh(): Api;
  readonly kinds: readonly Kind[];
  readonly outcomes: readonly Outcome[];
  readonly run: Run;
  /** Ctrl-C ends the waiting. */
  readonly signal: AbortSignal;
  sleep(ms: number): Promise<void>;
};

/** Answers may lag behind writes for a moment: a difference counts only when it is still there. */
const patience = [0, 500, 1500, 3000];

/**
 * Reads the touched kinds again and compares, and gives a sentence for each field that the API changed
 * or ignored. Only resources that this run wrote are judged. A reading that fails is such a sentence,
 * too: what was applied has to be reported all the same.
 */
export async function readBack(options: ReadBackOptions): Promise<readonly string[]> {
  const written = new Set(options.outcomes.filter((outcome) => outcome.ok).map((outcome) => outcome.address));
  const desired = options.run.desired.filter((resource) => written.has(addressOf(resource.kind, resource.key)));
  let kept: readonly string[] = [];
  if (desired.length === 0) return kept;
  for (const wait of patience) {
    if (wait > 0) await options.sleep(wait);
    if (options.signal.aborted) return kept;
    kept = await compare(desired, wait === 0 ? options.api : options.fresh(), options);
    if (kept.length === 0) return kept;
  }
  return kept;
}

async function compare(desired: readonly Desired[], api: Api, options: ReadBackOptions): Promise<readonly string[]> {
  const { kinds, run } = options;
  try {
    const context = await readAndBind({ api, kinds, desired, run });
    const works = desired.map((resource) =>
      workFor(resource, kindNamed(kinds, resource.kind), { ...context, kinds, resendSecrets: false }),
    );
    return [...context.obstacles.map(({ message }) => message), ...works.flatMap(keptSentence)];
  } catch (error) {
    return [`what was written could not be read back: ${errorSentence(error)}`];
  }
}

function keptSentence({ action, address, fields }: Work): readonly string[] {
  switch (action) {
    case 'none':
      return [];
    case 'create':
      return [`${address}: Cloudflare accepted it, and does not show it`];
    case 'delete':
      return [`${address}: Cloudflare accepted the deletion, and still shows it`];
    case 'update':
    case 'replace': {
      const said = fields.map(
        ({ path, before, after }) =>
          `${path}: Cloudflare kept ${JSON.stringify(before)}, the document says ${JSON.stringify(after)}`,
      );
      return [`${address}: ${said.join('; ')}`];
    }
  }
}
