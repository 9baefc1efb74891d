import type { Given } from './answers.ts';
import type { Draft } from './draft.ts';
import type { Look } from './look.ts';
import type { Prompts } from './prompts.ts';

/** What each step of the wizard has at hand. */
export type Step = {
  readonly prompts: Prompts;
  readonly draft: Draft;
  readonly look: Look;
  /** What the command line has answered already. */
  readonly given: Given;
};
