import type { YieldedSecret } from '../../engine/kind.ts';
import type { World } from '../../world.ts';
import type { Disk } from './disk.ts';

/** A place that takes a secret which Cloudflare shows once. */
export type Sink = {
  /** As it was written: `dotenv:.env`. */
  readonly spec: string;
  /** Shows that a secret can be written, before there is one; leaves no trace. Throws `UnsafePlanError`. */
  prove(): Promise<void>;
  /** Throws a `UserError` that never holds a value. */
  write(secret: YieldedSecret): Promise<void>;
};

export type SinkPlace = {
  readonly world: Pick<World, 'env' | 'stdout' | 'stderr' | 'files' | 'run'>;
  /** The folder that paths count from: the document's for `out:`, the working directory for an option. */
  readonly baseDir: string;
  readonly disk?: Disk;
};

/** One JSON object in one line: what standard output, files and commands receive. */
export const secretLine = (secret: YieldedSecret): string => `${JSON.stringify({ name: secret.name, ...secret.values })}\n`;
