import type { Difference, Lock } from '../exposure/lock.ts';
import { plainStyle, type Style } from './style.ts';
import { neutral } from './value.ts';

const marks = { new: ['+', 'green'], gone: ['-', 'red'], changed: ['~', 'yellow'] } as const;
const words = { tools: 'tool', prompts: 'prompt' } as const;

/** More than this of one server is a number: the JSON has all. */
const mostLines = 200;

type Told = {
  readonly differences: readonly Difference[];
  /** Servers whose tools Cloudflare has not read. */
  readonly unread: readonly string[];
  readonly style?: Style;
};

/** What moved since the lock was accepted, by server; the last line is the count. No newline at the end. */
export function renderLock({ differences, unread, style = plainStyle }: Told): string {
  const byServer = new Map<string, Difference[]>();
  for (const one of differences) byServer.set(one.server, [...(byServer.get(one.server) ?? []), one]);
  const blocks = [...byServer].map(([server, some]) => [style.bold(neutral(server)), ...linesOf(some, style)].join('\n'));
  const open = unread.map(
    (id) => `${style.dim('·')} ${neutral(id)}: Cloudflare has not read its tools, so they are not compared`,
  );
  return [...blocks, ...(open.length === 0 ? [] : [open.join('\n')]), summary(differences)].join('\n\n');
}

function linesOf(differences: readonly Difference[], style: Style): readonly string[] {
  const lines = differences.slice(0, mostLines).flatMap((one) => describe(one, style));
  const more = differences.length - mostLines;
  return more > 0 ? [...lines, `  … and ${more} more (--json has all)`] : lines;
}

function describe({ list, name, change, parts, before, after }: Difference, style: Style): readonly string[] {
  const [symbol, paint] = marks[change];
  const what = change === 'changed' ? `changed: ${parts.join(', ')}` : change;
  const head = `  ${style[paint](symbol)} ${words[list]} ${neutral(name)} (${what})`;
  if (change !== 'changed') return [head, ...said(change === 'new' ? after : before)];
  if (!parts.includes('description')) return [head];
  if (before === after) return [head, '      its title, or a later part of its description'];
  return [head, `      - ${neutral(before ?? '')}`, `      + ${neutral(after ?? '')}`];
}

const said = (text: string | undefined): readonly string[] =>
  text === undefined || text === '' ? [] : [`      ${neutral(text)}`];

/** As stable as the summary of a plan. */
function summary(differences: readonly Difference[]): string {
  const count = (change: Difference['change']): number => differences.filter((one) => one.change === change).length;
  if (differences.length === 0) return 'The tools are as the lock file has them.';
  return `Lock: ${count('new')} new, ${count('gone')} gone, ${count('changed')} changed.`;
}

/** The differences as JSON has them. */
export const lockJson = (differences: readonly Difference[]) =>
  differences.map(({ server, list, name, change, parts, before, after }) => ({
    server,
    list,
    name,
    change,
    parts,
    before: before ?? null,
    after: after ?? null,
  }));

/** How much a lock holds, in a sentence's middle. */
export function sizeOf({ servers }: Lock): string {
  const all = [...servers.values()];
  const tools = all.reduce((sum, server) => sum + server.tools.length, 0);
  const prompts = all.reduce((sum, server) => sum + server.prompts.length, 0);
  return `${amount(tools, 'tool')} and ${amount(prompts, 'prompt')} of ${amount(all.length, 'server')}`;
}

const amount = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
