import { answerOf, refusalOf } from '../calls/answer.ts';
import { readCall, type Call } from '../calls/read-call.ts';
import type { Invocation } from '../cli/command.ts';
import { readValues } from '../cli/values.ts';
import { UsageError, UserError, type ExitCode } from '../lib/errors.ts';
import type { callOptions } from './table/call.ts';
import { portalCommands } from './table/portals.ts';
import { serverCommands } from './table/servers.ts';
import { syncServer } from './table/sync.ts';
import { verifyCommand } from './table/verify.ts';

type CallInvocation = Invocation<typeof callOptions>;

/** One JSON in, one JSON out: the request's command runs as from a command line, with the same guards. */
export async function run(invocation: CallInvocation): Promise<ExitCode> {
  const { output } = invocation;
  let name: string | undefined;
  try {
    const call = readCall(await requestText(invocation));
    ({ name } = call);
    return await carryOut(call, invocation);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    output.json(refusalOf(name, error));
    return error.exitCode;
  }
}

async function requestText({ options, world }: CallInvocation): Promise<string> {
  const given = options['input-json'];
  if (given === undefined)
    throw new UsageError('call needs --input-json', { hint: `such as --input-json '{"command":"list_servers"}'` });
  return given === '-' ? await world.stdin.text() : given;
}

async function carryOut(call: Call, { world, global, output }: CallInvocation): Promise<ExitCode> {
  const commands = [...serverCommands.commands, syncServer, ...portalCommands.commands, verifyCommand];
  const command = commands.find((one) => one.name === call.spec.command);
  if (command === undefined) throw new Error(`no command ${call.spec.command}`);
  let document: object = {};
  const captured = {
    ...output,
    format: 'json' as const,
    json: (given: object): boolean => {
      document = given;
      return true;
    },
  };
  const options = readValues(command.options, call.raw);
  const { run: runCommand } = await command.load();
  const code = await runCommand({ world, args: call.args, options, global: { ...global, output: 'json' }, output: captured });
  output.json(answerOf(call, { ...document }));
  return code;
}
