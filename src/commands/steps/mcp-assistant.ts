import { resolve } from 'node:path';
import type { CommandGroup, Invocation } from '../../cli/command.ts';
import { UsageError } from '../../lib/errors.ts';
import { createDesk, type Desk } from '../../mcp/desk.ts';
import { createJournal, type Journal } from '../../mcp/journal.ts';
import { createPlans } from '../../mcp/plans.ts';
import { createFactory } from '../../mcp/server.ts';
import type { Settings } from '../../mcp/settings.ts';
import { toolsets } from '../../mcp/tool.ts';
import { homePath } from '../../secrets/home-path.ts';
import { parseSink } from '../../secrets/sinks/parse-sink.ts';
import type { mcpOptions } from '../table/mcp.ts';
import { createBench } from './mcp-bench.ts';
import { withSimulator } from './mcp-simulator.ts';
import type { Host } from './mcp-world.ts';

export type Given = Pick<Invocation<typeof mcpOptions>, 'world' | 'global' | 'options' | 'output'>;

/** The server that options ask for, before it is connected to anything. */
export async function assistantFor(
  given: Given,
  commands: readonly CommandGroup[],
): Promise<{ readonly factory: ReturnType<typeof createFactory>; readonly desk: Desk }> {
  const { now } = given.world;
  const host = await withSimulator(await hostOf(given));
  const desk = createDesk({ bench: createBench(host, commands), plans: createPlans(now), settings: settingsOf(given) });
  return { desk, factory: createFactory({ desk, journal: await journalOf(given), now }) };
}

async function hostOf({ world, global, options }: Given): Promise<Host> {
  const folder = resolve(world.cwd, options.root ?? '.');
  const files = global.files.map((file) => resolve(world.cwd, file));
  if (global.files.includes('-'))
    throw new UsageError('-f - reads standard input, which carries the protocol', { hint: 'Name a file.' });
  const secretsOut = options['secrets-out'].length > 0 ? options['secrets-out'] : [defaultPlace];
  assertSinks(secretsOut);
  const also = [...files, ...pathsIn(secretsOut, { world, baseDir: folder })];
  return {
    world,
    global: { ...global, files, quiet: true },
    root: { folder, also },
    allowEnv: options['allow-env'],
    secretsOut,
  };
}

/** One JSON object for each secret; made with mode 0600. */
const defaultPlace = 'file:.mcp-portal-secrets.jsonl';

/** Refuses sinks that cannot be understood, before anybody calls. */
function assertSinks(sinks: readonly string[]): void {
  for (const sink of sinks) {
    const parsed = parseSink(sink);
    if (!parsed.ok) throw new UsageError(parsed.error, { code: 'secret_sink' });
  }
}

const pathsIn = (sinks: readonly string[], place: Parameters<typeof homePath>[1]): readonly string[] =>
  sinks.flatMap((text) => {
    const parsed = parseSink(text);
    return parsed.ok && (parsed.sink.to === 'file' || parsed.sink.to === 'dotenv') ? [homePath(parsed.sink.path, place)] : [];
  });

function settingsOf({ options }: Given): Settings {
  const wanted = options.toolsets?.split(',').map((word) => word.trim()) ?? toolsets;
  const strange = wanted.find((word) => !toolsets.some((one) => one === word));
  if (strange !== undefined)
    throw new UsageError(`--toolsets has no ${JSON.stringify(strange)}`, {
      hint: `It takes ${toolsets.join(', ')}, separated by commas.`,
    });
  return {
    readOnly: options['read-only'],
    autoApprove: options['auto-approve'],
    approvePlanId: options.approve === 'plan-id',
    allowDestroy: options['allow-destroy'],
    portal: options.portal,
    toolsets: toolsets.filter((one) => wanted.includes(one)),
  };
}

/** A journal that cannot be written fails here, not at the first call. */
async function journalOf({ world, options: { journal }, output }: Given): Promise<Journal> {
  const warn = (message: string): void => output.warning(`warning: ${message}`);
  if (journal === 'none') return createJournal({ now: world.now, write: async () => {}, warn });
  if (journal === 'stderr') return createJournal({ now: world.now, write: async (line) => void world.stderr.write(line), warn });
  const path = resolve(world.cwd, journal);
  await world.files.append(path, '', { mode: 0o600 });
  return createJournal({ now: world.now, write: (line) => world.files.append(path, line, { mode: 0o600 }), warn });
}
