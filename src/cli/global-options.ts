import type { OptionSpecs, OptionValues } from './options.ts';

/** The options that every command takes, before or after its name. */
export const globalSpecs = {
  file: {
    type: 'list',
    short: 'f',
    value: 'PATH',
    summary: 'the document; later files merge over earlier ones, - is standard input (default: portal.yaml, portal.yml)',
  },
  account: { type: 'text', value: 'ID', summary: 'the Cloudflare account' },
  output: {
    type: 'choice',
    short: 'o',
    value: 'FORMAT',
    choices: ['text', 'json', 'markdown'],
    default: 'text',
    summary: 'text, json or markdown',
  },
  json: { type: 'flag', summary: 'the same as -o json' },
  yes: { type: 'flag', short: 'y', summary: 'do not ask before changing something' },
  'dry-run': { type: 'flag', summary: 'show what would change, change nothing' },
  color: {
    type: 'choice',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    default: 'auto',
    summary: 'auto, always or never; NO_COLOR and FORCE_COLOR count too',
  },
  quiet: { type: 'flag', short: 'q', summary: 'no progress and no notices' },
  debug: { type: 'flag', summary: 'log every request on standard error, without secrets' },
  concurrency: { type: 'integer', value: 'N', min: 1, default: 8, summary: 'requests at the same time' },
  sandbox: {
    type: 'state-file',
    value: 'STATE_FILE',
    summary:
      'use the built-in simulator instead of Cloudflare; --sandbox=FILE keeps its state, as does a following word (for apply one that ends in .json)',
  },
  timeout: { type: 'seconds', value: 'SECONDS', summary: 'the limit of one request and of one wait' },
  'env-file': { type: 'text', value: 'PATH', summary: 'read more environment variables from a file; those already set win' },
} as const satisfies OptionSpecs;

/** The global options of one run, under the names that code uses. */
export type GlobalOptions = {
  readonly files: readonly string[];
  readonly account: string | undefined;
  readonly output: OutputFormat;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly quiet: boolean;
  readonly debug: boolean;
  readonly concurrency: number;
  /** Undefined: the real API. */
  readonly sandbox: { readonly stateFile: string | undefined } | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly envFile: string | undefined;
};
export type OutputFormat = 'text' | 'json' | 'markdown';

export function globalOptionsOf(values: OptionValues<typeof globalSpecs>): GlobalOptions {
  const { sandbox } = values;
  return {
    files: values.file,
    account: values.account,
    output: values.json ? 'json' : values.output,
    yes: values.yes,
    dryRun: values['dry-run'],
    color: values.color,
    quiet: values.quiet,
    debug: values.debug,
    concurrency: values.concurrency,
    sandbox: sandbox === undefined ? undefined : { stateFile: sandbox === true ? undefined : sandbox },
    timeoutSeconds: values.timeout,
    envFile: values['env-file'],
  };
}
