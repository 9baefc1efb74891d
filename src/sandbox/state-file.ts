import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UserError } from '../lib/errors.ts';
import { isObject } from './json.ts';
import { newState, type SandboxState } from './state.ts';

/** A file that keeps an account between runs. It holds the credentials of servers, so only its owner may read it. */
type StateFile = {
  /** The kept state; `undefined` when there is no file yet. Throws a `UserError` for a file that is none of ours. */
  load(): Promise<SandboxState | undefined>;
  /** Writes the state, whole or not at all. Calls that come while one is being written share the next writing. */
  save(state: SandboxState): Promise<void>;
};

export const stateFile = (path: string): StateFile => {
  const file = resolve(path);
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return {
    load: () => loaded(file),
    save: (state) => {
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          running = written(file, `${JSON.stringify(state, undefined, 1)}\n`);
          return running;
        });
      return next;
    },
  };
};

const loaded = async (file: string): Promise<SandboxState | undefined> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UserError(`cannot read the simulator's state ${file}: ${error.message}`, { cause: error });
  });
  if (text === undefined || text.trim() === '') return undefined;
  const value = parsed(file, text);
  if (!isState(value)) {
    throw new UserError(`${file} is not a state of the simulator`, {
      hint: 'Name another file, or remove this one to start with an empty account.',
    });
  }
  // Groups of resources that came later than the file start empty.
  return { ...newState(new Date(0), value.account_id), ...value };
};

const parsed = (file: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${file} is not a state of the simulator: it is not JSON`, { cause });
  }
};

const isState = (value: unknown): value is SandboxState =>
  isObject(value) &&
  value['schema_version'] === 1 &&
  typeof value['account_id'] === 'string' &&
  lists.every((name) => isRows(value[name]));

const lists = [
  'servers',
  'portals',
  'applications',
  'policies',
  'groups',
  'service_tokens',
  'zones',
  'dns_records',
  'kv_namespaces',
  'workers',
  'worker_domains',
  'worker_routes',
  'tunnels',
] as const;

/** A list of objects, or nothing yet. */
const isRows = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.every(isObject));

/** A neighbour first, then renamed over the file: a reader sees the old state or the new one. */
const written = async (file: string, text: string): Promise<void> => {
  const neighbour = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const present = await lstat(file).catch(() => undefined);
    // Renamed over, a device or a link would be gone.
    if (present !== undefined && !present.isFile()) throw new Error('it is no regular file');
    await writeFile(neighbour, text, { mode: 0o600 });
    await rename(neighbour, file);
  } catch (cause) {
    await rm(neighbour, { force: true }).catch(() => undefined);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`cannot write the simulator's state ${file}: ${why}`, { cause });
  }
};
