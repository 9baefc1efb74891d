import type { Kv } from '../env.ts';

/** Workers KV is missing, fails, or does not answer. Nobody is let in then. */
export class StorageError extends Error {
  constructor(binding: string, problem: string, cause?: unknown) {
    super(`The storage ${binding} ${problem}`, { cause });
    this.name = 'StorageError';
  }
}

const PATIENCE_MS = 5_000;

/** The namespace, with every failure and every long wait turned into a `StorageError`. */
export function guardedKv(namespace: Kv | undefined, binding: string): Kv {
  const use = async <Result>(call: (kv: Kv) => Promise<Result>): Promise<Result> => {
    if (namespace === undefined) throw new StorageError(binding, 'is not bound');
    try {
      return await soon(call(namespace), () => new StorageError(binding, 'does not answer'));
    } catch (error) {
      throw error instanceof StorageError ? error : new StorageError(binding, 'failed', error);
    }
  };
  return {
    get: (name, options) => use((kv) => kv.get(name, options)),
    put: (name, value, options) => use((kv) => kv.put(name, value, options)),
    delete: (name) => use((kv) => kv.delete(name)),
    list: (options) => use((kv) => kv.list(options)),
  };
}

async function soon<Result>(work: Promise<Result>, tooLate: () => Error): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooLate()), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
