import type { CommandGroup } from '../../cli/command.ts';
import { readValues } from '../../cli/values.ts';
import { UserError } from '../../lib/errors.ts';
import type { CommandCall, Ran, Workbench } from '../../mcp/workbench.ts';
import { callWorld, filesOfBase, heldOutput, shownEnv, type Host } from './mcp-world.ts';

/** The program as tools see it. */
export function createBench(host: Host, groups: readonly CommandGroup[]): Workbench {
  const commands = groups.flatMap((group) => group.commands);
  return {
    // Loaded at the first plan: the answer to `initialize` needs none of it.
    draft: async (wish, signal) => (await import('./mcp-draft.ts')).draftOf(host, wish, signal),
    has: (name) => commands.some((command) => command.name === name),
    async command(call, signal) {
      const command = commands.find(({ name }) => name === call.name);
      if (command === undefined) throw new Error(`no command ${call.name}`);
      const options = readValues(command.options, new Map(Object.entries(call.options ?? {})));
      const { run } = await command.load();
      return runHeld(host, call, { signal, run: (invocation) => run({ ...invocation, options }) });
    },
    async documentText() {
      const world = callWorld(host, { is: 'files' }, { signal: new AbortController().signal });
      const { readSourcesIfAny } = await import('../../spec/read-sources.ts');
      const [first] = await readSourcesIfAny(world, host.global.files);
      return first?.text;
    },
  };
}

type Command = Awaited<ReturnType<CommandGroup['commands'][number]['load']>>;
type Invocation = Omit<Parameters<Command['run']>[0], 'options'>;
type Running = { readonly signal: AbortSignal; run(invocation: Invocation): ReturnType<Command['run']> };

/** A command in the world of a call. It only reads: whatever it is, `--yes` is never said. */
async function runHeld(host: Host, { base = { is: 'files' }, args = [] }: CommandCall, { signal, run }: Running): Promise<Ran> {
  const world = { ...callWorld(host, base, { signal }), env: shownEnv(host, base) };
  const held = heldOutput();
  const global = { ...host.global, files: filesOfBase(host, base), output: 'json', yes: false, dryRun: false } as const;
  const code = await run({ world, args, global, output: held.output });
  const document = held.document();
  if (Object.keys(document).length === 0) throw new UserError(held.notices.join('\n') || 'the command gave no result');
  return { code, document, notices: held.notices };
}
