import { UserError } from '../lib/errors.ts';
import type { Output } from '../world.ts';
import { fs, tty } from './builtin.ts';

/**
 * A standard stream, written at once: nothing is lost when the process ends, and `process.stdout`,
 * which costs time to set up, is not needed. Once nobody reads any more, the rest is dropped: work
 * that has begun still ends in order.
 */
export function standardStream(fd: 1 | 2): Output {
  let open = true;
  return {
    get isTTY() {
      return isTerminal(fd);
    },
    get columns() {
      return fd === 1 ? process.stdout.columns : process.stderr.columns;
    },
    write(text) {
      if (!open) return false;
      // Closed first: the report of a failed write must not fail in the same way again.
      open = false;
      open = writeAll(fd, Buffer.from(text));
      return open;
    },
  };
}

/** False once the reader is gone. */
function writeAll(fd: 1 | 2, bytes: Uint8Array): boolean {
  let rest = bytes;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs().writeSync(fd, rest));
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EPIPE' || code === 'EOF') return false;
      if (code !== 'EAGAIN') throw refused(fd, error);
      waitBriefly();
    }
  }
  return true;
}

const refused = (fd: 1 | 2, cause: unknown): UserError =>
  new UserError(
    `cannot write to standard ${fd === 1 ? 'output' : 'error'}: ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      code: 'output_failed',
      cause,
    },
  );

/** A pipe that others made non-blocking is full: give its reader a moment. */
const waitBriefly = (): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);

/** Node's word for a failure of the system: `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A terminal is a character device: what is none needs no closer look, and the look is dear. */
export function isTerminal(fd: 0 | 1 | 2): boolean {
  try {
    return fs().fstatSync(fd).isCharacterDevice() && tty().isatty(fd);
  } catch {
    return false; // closed
  }
}
