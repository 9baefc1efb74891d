import type { Desired } from '../engine/kind.ts';
import type { Edit } from '../spec/edit.ts';

/** What a verb wants: edits of a document, and the few resources that its run is about. */
export type Intent = {
  readonly edits: readonly Edit[];
  /** Only these are compared and changed; what they need is made where it is missing. */
  named(resource: Desired): boolean;
  /** The YAML paths whose warnings this run shows: those of other entries are not its business. */
  readonly about: readonly string[];
  /** The same change of the document's file, for `--save`. */
  readonly save: readonly Edit[];
  /** What is worth saying before the diff. */
  readonly notices?: readonly string[];
};

/** The resources that one entry of the document stands for, or only those of some kinds. */
export const ofEntry =
  (section: string, key: string, kinds?: readonly string[]) =>
  ({ kind, place }: Desired): boolean =>
    place?.path === `${section}.${key}` && (kinds === undefined || kinds.includes(kind));

/** One run for several intents. */
export const together = (intents: readonly Intent[]): Intent => ({
  edits: intents.flatMap(({ edits }) => edits),
  named: (resource) => intents.some((intent) => intent.named(resource)),
  about: intents.flatMap(({ about }) => about),
  save: intents.flatMap(({ save }) => save),
  notices: intents.flatMap(({ notices = [] }) => notices),
});
