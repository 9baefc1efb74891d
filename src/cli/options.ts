/** One option as data. `value` is the word that the help shows for what follows it. */
export type OptionSpec = {
  readonly summary: string;
  readonly short?: string;
  /** What its value names, for completion: a kind of the document's resources (`server`), or `address`. */
  readonly names?: string;
} & (
  | { readonly type: 'flag' }
  | { readonly type: 'text'; readonly value: string; readonly default?: string }
  | { readonly type: 'list'; readonly value: string }
  | { readonly type: 'integer'; readonly value: string; readonly min: number; readonly max?: number; readonly default?: number }
  /** A number above zero. With `bare`, the option may stand alone; a value then follows `=` only. */
  | { readonly type: 'seconds'; readonly value: string; readonly bare?: true }
  /** A file that may be left out; it follows `=`, or is the next word when that ends in `.json`. */
  | { readonly type: 'state-file'; readonly value: string }
  | { readonly type: 'choice'; readonly value: string; readonly choices: readonly string[]; readonly default: string }
);

/** Options by their long name, without the dashes. */
export type OptionSpecs = { readonly [name: string]: OptionSpec };

type Given<Spec, Value> = Spec extends { readonly default: Value } ? Value : Value | undefined;
type ValueOf<Spec> = Spec extends { readonly type: 'flag' }
  ? boolean
  : Spec extends { readonly type: 'list' }
    ? readonly string[]
    : Spec extends { readonly type: 'choice'; readonly choices: readonly (infer Choice)[] }
      ? Choice
      : Spec extends { readonly type: 'integer' }
        ? Given<Spec, number>
        : Spec extends { readonly type: 'seconds'; readonly bare: true }
          ? number | true | undefined
          : Spec extends { readonly type: 'seconds' }
            ? number | undefined
            : Spec extends { readonly type: 'state-file' }
              ? string | true | undefined
              : Given<Spec, string>;

/** What a command reads: `options['max-deletes']` is a number where its spec says `integer`. */
export type OptionValues<Specs extends OptionSpecs> = { readonly [Name in keyof Specs]: ValueOf<Specs[Name]> };

/** True for an option that may stand without its value. */
export const standsAlone = (spec: OptionSpec): boolean =>
  spec.type === 'state-file' || (spec.type === 'seconds' && spec.bare === true);
