export type AuditSink = {
  /** Takes a line, and never waits. */
  add(line: string): void;
  /** Resolves when what was taken has been written, or `ms` have passed. */
  flush(ms: number): Promise<void>;
};

/** Lines that wait for a sink that is slow; beyond this many characters they are dropped, and counted. */
const mostWaiting = 16 * 1024 * 1024;

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

  const told = (message: string): void => {
    if (!warned) warn(message);
    warned = true;
  };
  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      length = 0;
      const gap = lost === 0 ? '' : `${JSON.stringify({ time: new Date().toISOString(), event: 'audit_lost', lines: lost })}\n`;
      try {
        await write(gap + batch.join(''));
        lost = 0;
      } catch (error) {
        lost += batch.length;
        told(
          `the audit log cannot be written, requests go on without it: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    running = undefined;
  };
  return {
    add(line) {
      if (length + line.length > mostWaiting) {
        lost += 1;
        told('the audit log is written too slowly, lines are lost');
        return;
      }
      waiting.push(line);
      length += line.length;
      running ??= writeAll();
    },
    async flush(ms) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms);
      });
      await Promise.race([running, late]);
      clearTimeout(timer);
    },
  };
}
