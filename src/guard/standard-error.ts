import { write } from 'node:fs';

/** How long a pipe that is full gets before it is tried again. */
const pauseMs = 20;

/** Writes to standard error without blocking: a reader that stands still must not stop the program. Rejects where nobody reads. */
export async function writeToStandardError(text: string): Promise<void> {
  for (let rest = Buffer.from(text); rest.length > 0;) rest = rest.subarray(await writeSome(rest));
}

const writeSome = (bytes: Uint8Array): Promise<number> =>
  new Promise((resolve, reject) => {
    write(2, bytes, (error, written) => {
      if (error === null) resolve(written);
      else if (error.code === 'EAGAIN') setTimeout(resolve, pauseMs, 0);
      else reject(error);
    });
  });
