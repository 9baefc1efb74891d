import type { AccessDocument } from './access-document.ts';
import type { Judgement } from './judgement.ts';
import type { Who } from './who.ts';

/** What a rule is judged in. */
export type Scene = {
  readonly who: Who;
  readonly document: AccessDocument;
  /** Bypass and Service Auth are decided before anybody has logged in: nothing is known of a person then. */
  readonly beforeLogin: boolean;
  /** `allowed_idps` of the application; empty means all. */
  readonly idps: readonly string[];
  group(key: string): Judgement;
};

/** Whether rules about a person can match: not for bots, and not while nobody has logged in. */
export const aboutPerson = ({ who, beforeLogin }: Scene): boolean => who.is === 'person' && !beforeLogin;
