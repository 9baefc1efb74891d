import { didYouMean } from '../lib/did-you-mean.ts';
import { Cancelled, UserError } from '../lib/errors.ts';
import type { World } from '../world.ts';
import { fileReason } from './file-reason.ts';
import { homePath } from './home-path.ts';
import { lastLine } from './last-line.ts';
import { Secret } from './secret.ts';

/** Where a secret is read from. */
export type SecretRef =
  | { readonly from: 'env'; readonly name: string }
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'cmd'; readonly command: string }
  | { readonly from: 'input' };
export type ParsedRef = { readonly ok: true; readonly ref: SecretRef } | { readonly ok: false; readonly error: string };

const forms = 'env:NAME, file:PATH, cmd:COMMAND, or - for standard input';
const needed = `a reference to a secret is needed, not the secret itself: ${forms}`;

/**
 * Understands a secret reference. The error never repeats the text: what is no reference is most
 * often the secret itself, pasted or interpolated.
 */
export function parseSecretRef(text: string): ParsedRef {
  if (text === '-') return { ok: true, ref: { from: 'input' } };
  const [, scheme = '', rest = ''] = /^([A-Za-z]+):([^]*)$/.exec(text) ?? [];
  switch (scheme) {
    case 'env':
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(rest))
        return wrong('env: takes the name of an environment variable, such as env:GITHUB_TOKEN');
      return { ok: true, ref: { from: 'env', name: rest } };
    case 'file':
      return rest.trim() === ''
        ? wrong('file: takes a path, such as file:token.txt')
        : { ok: true, ref: { from: 'file', path: rest } };
    case 'cmd':
      return rest.trim() === ''
        ? wrong('cmd: takes a command that prints the secret')
        : { ok: true, ref: { from: 'cmd', command: rest } };
    default:
      return wrong(`${needed}${suggestion(scheme)}`);
  }
}

const wrong = (error: string): ParsedRef => ({ ok: false, error });

function suggestion(scheme: string): string {
  const meant = scheme === '' ? undefined : didYouMean(scheme, ['env', 'file', 'cmd']);
  return meant === undefined ? '' : ` (did you mean ${meant}:?)`;
}

export type ReadSecretOptions = {
  readonly world: Pick<World, 'env' | 'stdin' | 'files' | 'run'>;
  /** The folder that `file:` paths count from: the document's, or the working directory. */
  readonly baseDir: string;
  /** Asks on a terminal without showing what is typed. */
  ask?(message: string): Promise<string>;
  /** What the secret is for, as the question says it: `server:github`. */
  readonly purpose?: string;
  /** The value travels in an HTTP header: line breaks and control characters in it are refused. */
  readonly inHeader?: boolean;
};

/**
 * Reads a secret from where its reference points. `file:` and `cmd:` lose one final newline; a
 * command runs through the shell, in the working directory. Throws a `UserError` that names the
 * reference and never the value.
 */
export async function readSecret(text: string, options: ReadSecretOptions): Promise<Secret> {
  const parsed = parseSecretRef(text);
  if (!parsed.ok) throw new UserError(parsed.error, { code: 'secret_reference', hint: 'write env:NAME rather than ${NAME}' });
  const value = await valueOf(parsed.ref, text, options);
  if (value.trim() === '') throw unreadable(`${text} gives an empty value`, emptyHints[parsed.ref.from]);
  if (options.inHeader === true && /(?!\t)\p{Cc}/u.test(value)) {
    throw unreadable(
      `the value of ${text} has a line break or another control character in it, which no HTTP header can carry`,
      'a token is one line: look for a second line, or for a file that is not the token',
    );
  }
  return Secret.of(text, value);
}

const emptyHints = {
  env: 'set the variable to the secret',
  file: 'write the secret into the file',
  cmd: 'the command must print the secret on its standard output',
  input: 'standard input gives one secret, once: use env:NAME or file:PATH for the others, and where it carries the document',
} as const;

function valueOf(ref: SecretRef, text: string, options: ReadSecretOptions): Promise<string> | string {
  switch (ref.from) {
    case 'env':
      return fromEnv(ref.name, options);
    case 'file':
      return fromFile(ref.path, text, options);
    case 'cmd':
      return fromCommand(ref.command, options);
    case 'input':
      return fromInput(options);
  }
}

function fromEnv(name: string, { world }: ReadSecretOptions): string {
  const value = world.env[name];
  if (value === undefined) throw unreadable(`env:${name} is not set`, `set the environment variable ${name} to the secret`);
  return value;
}

async function fromFile(path: string, text: string, options: ReadSecretOptions): Promise<string> {
  const whole = homePath(path, options);
  try {
    return withoutFinalNewline(await options.world.files.read(whole));
  } catch (cause) {
    throw unreadable(`${text} cannot be read: ${fileReason(cause)}`, `the path stands for ${whole}`);
  }
}

/** A secret manager may wait for a fingerprint. */
const commandTimeoutMs = 120_000;

/** A command may have a secret among its arguments: the messages name what it is for instead. */
async function fromCommand(command: string, { world, purpose }: ReadSecretOptions): Promise<string> {
  const which = `the cmd: reference${purpose === undefined ? '' : ` of ${purpose}`}`;
  const { code, stdout, stderr } = await world
    .run(command, [], { shell: true, timeoutMs: commandTimeoutMs })
    .catch((error: unknown) => {
      if (error instanceof Cancelled) throw error;
      const reason = error instanceof UserError ? error.message.replaceAll(command, 'it') : fileReason(error);
      throw unreadable(`${which} cannot run: ${reason}`, 'cmd: takes what the shell runs');
    });
  if (code === 0) return withoutFinalNewline(stdout);
  const said = lastLine(stderr, [command, ...stdout.split(/\r?\n/)]);
  throw unreadable(
    `${which} failed with exit code ${code}${said === '' ? '' : `: ${said}`}`,
    'run the command by itself to see what it needs',
  );
}

async function fromInput({ world, ask, purpose }: ReadSecretOptions): Promise<string> {
  if (!world.stdin.isTTY) return withoutFinalNewline(await world.stdin.text());
  if (ask === undefined)
    throw unreadable('- reads the secret from standard input, which is a terminal here', 'pipe the secret in, or use env:NAME');
  return ask(purpose === undefined ? 'Secret:' : `Secret for ${purpose}:`);
}

const withoutFinalNewline = (text: string): string => text.replace(/\r?\n$/, '');

const unreadable = (message: string, hint: string): UserError => new UserError(message, { code: 'secret_unreadable', hint });
