import { describe, expect, it } from 'vitest';
import { programRunner } from '../../src/system/programs.ts';

const node = process.execPath;
const runner = (signal = new AbortController().signal) => programRunner(process.cwd(), signal);

describe('a program', () => {
  it('gets its input and arguments, and gives its output and exit code', async () => {
    const script = 'process.stdin.pipe(process.stdout); process.stderr.write(process.argv[1]); process.exitCode = 3;';
    const result = await runner()(node, ['-e', script, '$HOME'], { input: 'hello' });
    expect(result).toEqual({ code: 3, stdout: 'hello', stderr: '$HOME' });
  });

  it('may end without reading its input', async () => {
    expect(await runner()(node, ['-e', '0'], { input: 'x'.repeat(1_000_000) })).toMatchObject({ code: 0 });
  });

  it('runs through a shell only when asked', async () => {
    expect(await runner()('echo a; echo b', [], { shell: true })).toMatchObject({ stdout: 'a\nb\n' });
    await expect(runner()('echo a; echo b', [])).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is killed by its time limit', async () => {
    await expect(runner()(node, ['-e', 'setTimeout(() => {}, 60_000)'], { timeoutMs: 100 })).rejects.toThrow(
      'took longer than 0.1 s',
    );
  });

  it('is killed by Ctrl-C, and none starts after it', async () => {
    const controller = new AbortController();
    const running = runner(controller.signal)(node, ['-e', 'setTimeout(() => {}, 60_000)']);
    controller.abort();
    await expect(running).rejects.toMatchObject({ exitCode: 130 });
    await expect(runner(controller.signal)(node, ['-e', '0'])).rejects.toMatchObject({ exitCode: 130 });
  });
});
