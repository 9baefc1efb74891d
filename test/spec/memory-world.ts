import type { World } from '../../src/world.ts';

/** A world in /home with nothing but files and standard input. A file named like an error code fails with it. */
export function memoryWorld(files: Readonly<Record<string, string>>, stdin = ''): World {
  const output = { isTTY: false, write: () => true };
  const unused = (): never => {
    throw new Error('not expected here');
  };
  return {
    env: {},
    cwd: '/home',
    stdin: { isTTY: false, text: async () => stdin },
    stdout: output,
    stderr: output,
    files: {
      read: async (path) => {
        const text = files[path];
        const code = /E[A-Z]+$/.exec(path)?.[0] ?? 'ENOENT';
        if (text === undefined) throw Object.assign(new Error(code), { code });
        return text;
      },
      exists: async (path) => path in files,
      write: unused,
      append: unused,
      copy: unused,
    },
    now: unused,
    sleep: unused,
    run: unused,
    signal: new AbortController().signal,
  };
}
