import type { Address, Desired } from '../engine/kind.ts';
import type { Edit } from '../spec/edit.ts';
import { pathText } from '../spec/source.ts';

/** What a verb wants: edits of a document, and the few resources that its run is about. */
export type Intent = {
  readonly edits: readonly Edit[];
  /** Only these are compared and changed; what they need is made where it is missing. */
  named(resource: Desired): boolean;
  /** The YAML paths whose warnings this run shows: those of other entries are not its business. */
  readonly about: readonly string[];
  /** Codes of warnings that the account has shown to be wrong. */
  readonly hushed?: readonly string[];
  /** What `--wait` follows beside what is named. */
  readonly waitsFor?: readonly Address[];
  /** The same change of the document's file, for `--save`. */
  readonly save: readonly Edit[];
  /** Why a file cannot have this change: `--save` refuses it. */
  readonly unsavable?: readonly string[];
  /** What is worth saying before the diff. */
  readonly notices?: readonly string[];
};

/** The resources that one entry of the document stands for, or only those of some kinds. */
export const ofEntry =
  (section: string, key: string, kinds?: readonly string[]) =>
  ({ kind, place }: Desired): boolean =>
    place?.path === pathText([section, key]) && (kinds === undefined || kinds.includes(kind));

/** One run for several intents. */
export const together = (intents: readonly Intent[]): Intent => ({
  edits: intents.flatMap(({ edits }) => edits),
  named: (resource) => intents.some((intent) => intent.named(resource)),
  about: intents.flatMap(({ about }) => about),
  hushed: intents.flatMap(({ hushed = [] }) => hushed),
  waitsFor: intents.flatMap(({ waitsFor = [] }) => waitsFor),
  save: intents.flatMap(({ save }) => save),
  unsavable: intents.flatMap(({ unsavable = [] }) => unsavable),
  notices: intents.flatMap(({ notices = [] }) => notices),
});
