/** Whom a question is about, with what is known of the request. What is left out is unknown. */
export type Who = (Person | Bot) & {
  readonly ip?: string | undefined;
  /** Two letters, upper case. */
  readonly country?: string | undefined;
};

export type Person = {
  readonly is: 'person';
  /** Undefined: anybody, of whom only the request is known. */
  readonly email: string | undefined;
  /** All groups that the identity provider tells of; undefined where nobody said. */
  readonly groups?: readonly string[] | undefined;
  /** The id of the identity provider. */
  readonly loginMethod?: string | undefined;
};

/** A service token, by its key or name in the document. */
export type Bot = { readonly is: 'bot'; readonly token: string };

export const whoText = (who: Who): string => (who.is === 'bot' ? `token:${who.token}` : (who.email ?? 'anybody'));
