import { resolve } from 'node:path';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { UserError } from '../../lib/errors.ts';
import { rootedFiles, type Root } from '../../mcp/rooted-files.ts';
import type { Base, Wish } from '../../mcp/workbench.ts';
import { plainStyle } from '../../render/style.ts';
import type { CommandOutput } from '../../terminal/output.ts';
import type { World } from '../../world.ts';

/** What the program was started with, as far as calls are concerned. */
export type Host = {
  readonly world: World;
  readonly global: GlobalOptions;
  readonly root: Root;
  /** Variables that documents of a call may read. */
  readonly allowEnv: readonly string[];
  /** Where new secrets go. */
  readonly secretsOut: readonly string[];
};

/** Of the variables of the program, a text that comes from outside reads only what tells nothing. */
const harmless = ['CLOUDFLARE_ACCOUNT_ID'];
/** What the program itself signs in with: nobody may send it elsewhere. */
const ownCredentials = /^(?:CLOUDFLARE_|CF_API|CF_ACCESS_|MCP_PORTAL_)/;

const secretive = /secret|token|passw|key|credential|auth/i;

/** The world of one call: nothing in it reaches the protocol, a terminal, or a file outside of the root. */
export function callWorld(host: Host, base: Base, options: WorldOptions): World {
  const { world, root } = host;
  const files = withCode(rootedFiles(world.files, root), root.folder, options.code ?? {});
  return {
    ...world,
    cwd: root.folder,
    stdin: { isTTY: false, text: async () => textOf(base) },
    stdout: { isTTY: false, write: () => true },
    stderr: { isTTY: false, write: (text) => world.stderr.write(text) },
    files,
    signal: AbortSignal.any([world.signal, options.signal]),
  };
}

export type WorldOptions = { readonly signal: AbortSignal } & Pick<Wish, 'code'>;

/** A text of the call is the standard input of its world; without one there is none. */
function textOf(base: Base): string {
  if (base.is === 'text') return base.text;
  if (base.is === 'nothing') return 'version: 1\n';
  throw new UserError('standard input carries the protocol, and can give neither a document nor a secret', {
    code: 'secret_unreadable',
    hint: 'Use env:NAME or file:PATH.',
  });
}

/** Code that the call brought stands in files that only this call sees. */
function withCode(files: World['files'], folder: string, code: Readonly<Record<string, string>>): World['files'] {
  const texts = new Map(Object.entries(code).map(([name, text]) => [resolve(folder, name), text]));
  return { ...files, read: async (path) => texts.get(resolve(folder, path)) ?? files.read(path) };
}

/** The files of the document. */
export function filesOfBase({ global }: Host, base: Base): readonly string[] {
  if (base.is === 'file') return [base.path];
  return base.is === 'files' ? global.files : ['-'];
}

/** True where what is read or sent was chosen by whoever calls, and not by the person who started the server. */
const isForeign = (wish: Pick<Wish, 'base' | 'intend'>): boolean => wish.base.is !== 'files' || wish.intend !== undefined;

/** The variables that a document may put into values, which plans then show. */
export function shownEnv({ world, allowEnv }: Host, base: Base): World['env'] {
  if (base.is === 'files') return world.env;
  const allowed = new Set([...harmless, ...allowEnv]);
  const isShown = (name: string): boolean =>
    allowed.has(name) || (base.is === 'file' && !ownCredentials.test(name) && !secretive.test(name));
  return Object.fromEntries(Object.entries(world.env).filter(([name]) => isShown(name)));
}

/** The world in which secrets are read and sent: for foreign wishes without our own credentials, and without commands. */
export function sendingWorld(world: World, wish: Pick<Wish, 'base' | 'intend' | 'secrets'>): World {
  if (!isForeign(wish)) return world;
  const env = Object.fromEntries(Object.entries(world.env).filter(([name]) => !ownCredentials.test(name)));
  return { ...world, env: { ...env, ...wish.secrets }, run: refuseToRun };
}

const refuseToRun: World['run'] = async () => {
  throw new UserError('commands are only run for documents that lie in a file', {
    code: 'command_refused',
    hint: 'Use env:NAME or file:PATH for secrets, and file:PATH or dotenv:PATH as their place.',
  });
};

export type Held = { readonly output: CommandOutput; document(): Readonly<Record<string, unknown>>; readonly notices: string[] };

/** An output that keeps what a command says. */
export function heldOutput(): Held {
  let document: object = {};
  const notices: string[] = [];
  const note = (text: string): void => void (text.trim() === '' || notices.push(text.trim()));
  const output: CommandOutput = {
    format: 'json',
    style: plainStyle,
    errorStyle: plainStyle,
    columns: undefined,
    result: note,
    json: (given) => {
      document = given;
      return true;
    },
    notice: note,
    warning: note,
  };
  return { output, document: () => ({ ...document }), notices };
}
