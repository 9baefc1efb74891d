/** A rule of an Access policy, in the document's words: `{ email: user@example.com }`. */
export type Rule = Readonly<Record<string, string>>;

export type ServerAnswer = {
  readonly id: string;
  /** Undefined: the document has it already. */
  readonly url?: string | undefined;
  readonly auth?: unknown;
};

export type BotAnswer = {
  /** A key of `service_tokens`. */
  readonly token: string;
  /** Where its secret goes. */
  readonly sink: string;
};

/** What the questions, or the options that stand for them, have brought. */
export type Answers = {
  readonly portal: string;
  readonly hostname?: string | undefined;
  /** False: no DNS record. */
  readonly dns?: boolean | undefined;
  readonly servers: readonly ServerAnswer[];
  /** Who gets in. */
  readonly rules: readonly Rule[];
  /** Policies that are there already, beside them. */
  readonly policies: readonly string[];
  readonly bot?: BotAnswer | undefined;
};

/** What the command line has answered. */
export type Given = { readonly [Question in keyof Answers]?: Answers[Question] | undefined };

export const defaultSink = 'dotenv:.env';

/** What is wrong with an e-mail address: the document's rules take any text for one. */
export const emailProblem = (text: string): string | undefined =>
  /^[^\s@,;<>"]+@[^\s@,;<>".]+(?:\.[^\s@,;<>".]+)+$/.test(text) ? undefined : `"${text}" is no e-mail address`;

export const domainProblem = (text: string): string | undefined =>
  /^@?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z0-9]$/i.test(text)
    ? undefined
    : `"${text}" is no domain, such as example.com`;

/** What is wrong with the hostname of a portal, where the account's zones are known. */
export function zoneProblem(hostname: string, zones: readonly string[]): string | undefined {
  const name = hostname.toLowerCase();
  // Names that Cloudflare gives out lie in no zone of the account.
  const isServed = /\.(?:workers|pages)\.dev$/.test(name) || zones.some((zone) => name === zone || name.endsWith(`.${zone}`));
  return isServed ? undefined : `${hostname} lies in no zone of this account, which has ${zones.join(', ')}`;
}

/** The words of a list that people type with commas or spaces. */
export const listed = (text: string): readonly string[] => text.split(/[\s,;]+/).filter((word) => word !== '');
