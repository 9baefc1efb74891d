import { parseCommandLine } from '../../src/cli/parse.ts';
import { reportError } from '../../src/cli/report-error.ts';
import { runWith } from '../../src/commands/init.ts';
import { commandGroups } from '../../src/commands/index.ts';
import type { initOptions } from '../../src/commands/table/init.ts';
import type { OptionValues } from '../../src/cli/options.ts';
import { createOutput } from '../../src/terminal/output.ts';
import type { World } from '../../src/world.ts';
import { fakeWorld, type FakeWorldOptions } from '../fake-world.ts';
import { scripted, type Line } from './scripted.ts';

export type Inited = {
  readonly code: number;
  /** All that a person saw, answers included, in its order. */
  readonly screen: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly refusals: readonly string[];
  /** Answers that were not asked for. */
  readonly left: readonly Line[];
  file(name: string): string | undefined;
};

export type InitSetup = FakeWorldOptions & {
  /** Runs before the answer to a question with this text is given. */
  readonly meanwhile?: { readonly question: string; work(world: World): Promise<void> };
};

/** One run of `init` at a terminal, with the answers of `lines`. */
export async function runInit(line: string, lines: readonly Line[], setup: InitSetup = {}): Promise<Inited> {
  let screen = '';
  const show = (text: string): void => void (screen += text);
  const { world, stdout, stderr, files } = fakeWorld({ isTTY: true, ...setup, env: { NO_COLOR: '1', ...setup.env } });
  const watched: World = { ...world, stdout: watching(world.stdout, show), stderr: watching(world.stderr, show) };
  const script = scripted(lines, show);
  const code = await perform(`init ${line}`.trim().split(' '), watched, async (invocation) => {
    const { prompts } = script;
    const confirm: typeof prompts.confirm = async (question) => {
      if (question.message === setup.meanwhile?.question) await setup.meanwhile.work(world);
      return prompts.confirm(question);
    };
    return runWith(invocation, { ...prompts, confirm });
  });
  const file = (name: string): string | undefined => files.get(`/work/${name}`)?.text;
  return { code, screen, stdout: stdout(), stderr: stderr(), refusals: script.refusals, left: script.left(), file };
}

type Run = (invocation: Parameters<typeof runWith>[0]) => ReturnType<typeof runWith>;

/** As the program does around a command: output before, errors told after. */
async function perform(words: readonly string[], world: World, work: Run): Promise<number> {
  const call = parseCommandLine(words, commandGroups, '0.0.0');
  if (call.is !== 'command') throw new Error(call.text);
  const output = await createOutput(world, call.global);
  // The table's entry for `init` is what was parsed.
  const options = call.options as OptionValues<typeof initOptions>;
  try {
    return await work({ world, args: call.args, options, global: call.global, output });
  } catch (error) {
    return reportError(error, world, { json: call.global.output === 'json', debug: true });
  }
}

function watching(stream: World['stdout'], show: (text: string) => void): World['stdout'] {
  return {
    isTTY: stream.isTTY,
    columns: stream.columns,
    write: (text) => {
      show(text);
      return stream.write(text);
    },
  };
}
