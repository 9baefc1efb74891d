import type * as Fs from 'node:fs';
import { createRequire } from 'node:module';
import type * as Tty from 'node:tty';

const require = createRequire(import.meta.url);

/**
 * Modules of Node that an ES `import` makes dear: it touches every export of `node:fs`, which loads
 * the streams, and `node:tty` loads the network. Asked for in this way they cost what is used.
 */
export const fs = (): typeof Fs => require('node:fs');
export const tty = (): typeof Tty => require('node:tty');
