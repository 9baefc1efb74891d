import { withoutTokens } from '../lib/token-shapes.ts';
import type { Values } from './tool.ts';

/** What a call leaves in the journal. */
export type Entry = {
  readonly tool: string;
  readonly client: string;
  readonly era: string;
  /** The SHA-256 of the arguments: they may hold secrets, and documents of any length. */
  readonly digest: string;
  /** What the call is about, where a short argument says it. */
  readonly subject: string | undefined;
  readonly outcome: string;
  readonly started: number;
  readonly notes: Values;
};

/** One JSON line for each call, written before the call is answered. */
export type Journal = { add(entry: Entry): Promise<void> };

export type JournalOptions = {
  now(): Date;
  write(line: string): Promise<void>;
  /** Told once where lines cannot be written; calls go on. */
  warn(message: string): void;
};

export function createJournal({ now, write, warn }: JournalOptions): Journal {
  let warned = false;
  let before: Promise<void> = Promise.resolve();
  const line = (entry: Entry): string => {
    const { tool, client, era, digest, subject, outcome, started, notes } = entry;
    const ended = now();
    const facts = {
      tool,
      subject,
      client,
      era,
      arguments_sha256: digest,
      outcome,
      duration_ms: ended.getTime() - started,
      ...notes,
    };
    return `${withoutTokens(JSON.stringify({ time: ended.toISOString(), event: 'tool_call', ...facts }))}\n`;
  };
  return {
    add(entry) {
      const text = line(entry);
      before = before
        .then(() => write(text))
        .catch((error: unknown) => {
          if (!warned) warn(`the journal cannot be written: ${error instanceof Error ? error.message : String(error)}`);
          warned = true;
        });
      return before;
    },
  };
}

/** Arguments that name things, and never hold a secret. */
const naming = ['plan_id', 'key', 'name', 'hostname', 'domain', 'file', 'client', 'portal', 'app_id', 'title'] as const;

export function subjectOf(args: Values): string | undefined {
  const said = naming.flatMap((name) => {
    const value = args[name];
    return typeof value === 'string' ? [`${name}=${value.slice(0, 100).replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')}`] : [];
  });
  return said.length === 0 ? undefined : said.join(' ');
}
