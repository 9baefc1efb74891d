export type AuditSink = {
  /** Takes a line, and never waits. */
  add(line: string): void;
  /** Resolves when what was taken has been written, or `ms` have passed. */
  flush(ms: number): Promise<void>;
};

/** Lines that wait for a sink that is slow; beyond this many characters they are dropped, and counted. */
const mostWaiting = 16 * 1024 * 1024;

/** The pause after a batch: under load the next one holds many lines, and writing them costs next to nothing. */
const pauseMs = 50;

/**
 * Writes lines one batch after the other: what comes while a batch is written is the next one. A sink that fails is
 * told once, and tried again with the next batch; requests never wait for it.
 */
export function auditSink(write: (text: string) => Promise<void>, warn: (message: string) => void): AuditSink {
  let waiting: string[] = [];
  let length = 0;
  let lost = 0;
  let warned = false;
  let running: Promise<void> | undefined;
  const pause = interruptiblePause();

  const lose = (lines: number, why: string): void => {
    lost += lines;
    if (!warned) warn(why);
    warned = true;
  };
  const writeBatch = async (): Promise<void> => {
    const [batch, gap] = [waiting, lost];
    const text = lostLine(gap) + batch.join('');
    waiting = [];
    length = 0;
    try {
      await write(text);
      lost -= gap;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      lose(batch.length, `the audit log cannot be written, requests go on without it: ${why}`);
    }
  };
  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      await writeBatch();
      await pause.wait(pauseMs);
    }
    running = undefined;
  };
  return {
    add(line) {
      if (length + line.length > mostWaiting) return lose(1, 'the audit log is written too slowly, lines are lost');
      waiting.push(line);
      length += line.length;
      running ??= writeAll();
    },
    async flush(ms) {
      pause.end();
      const limit = interruptiblePause();
      await Promise.race([running, limit.wait(ms)]);
      limit.end();
    },
  };
}

/** A log with a gap says so. */
const lostLine = (lines: number): string =>
  lines === 0 ? '' : `${JSON.stringify({ time: new Date().toISOString(), event: 'audit_lost', lines })}\n`;

/** Waits, until `end` makes an end of all waiting. */
function interruptiblePause(): { wait(ms: number): Promise<void>; end(): void } {
  let isOver = false;
  let wake = (): void => {};
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        if (isOver) return resolve();
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    end() {
      isOver = true;
      wake();
    },
  };
}
