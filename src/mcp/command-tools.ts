import { exitCodes, UsageError } from '../lib/errors.ts';
import { flag, input, text, texts, type InputSchema } from './arguments.ts';
import { change } from './change.ts';
import { cleaned } from './clean.ts';
import type { Desk } from './desk.ts';
import { assertDocumentSize } from './document-size.ts';
import { statusAnswer } from './status.ts';
import { changing, offline, reading, type Answer, type Call, type Hints, type Tool, type Values } from './tool.ts';
import type { Base, CommandCall } from './workbench.ts';

/** A tool that is a command of the program: what it takes, and how that becomes a command line. */
type CommandTool = {
  readonly name: string;
  readonly command: string;
  readonly description: string;
  readonly hints: Hints;
  readonly input: InputSchema;
  call(args: Values, desk: Desk): Omit<CommandCall, 'name'>;
};

const documentInput = { document: text('The YAML text; default: the file here.'), file: text() };

/** Those that only read, each there as soon as the program has its command. */
const table: readonly CommandTool[] = [
  {
    name: 'mcpportal_validate',
    command: 'validate',
    description: 'Check a portal.yaml offline: schema, references, lint.',
    hints: offline,
    input: input(documentInput),
    call: (args) => ({ base: baseFrom(args) }),
  },
  {
    name: 'mcpportal_verify',
    command: 'verify',
    description: 'Test a portal end to end: DNS, tunnel, origin, servers, Access, membership, endpoint.',
    hints: reading,
    input: input({ portal: text() }),
    call: (args, desk) => ({ args: portalOf(args, desk) }),
  },
  {
    name: 'mcpportal_preview',
    command: 'preview',
    description: 'The tools and prompts that clients of a portal will see.',
    hints: reading,
    input: input({ portal: text() }),
    call: (args, desk) => ({ args: portalOf(args, desk) }),
  },
  {
    name: 'mcpportal_client_config',
    command: 'client-config',
    description: 'What an MCP client needs to use a portal; placeholders in the place of secrets.',
    hints: reading,
    input: input({ client: text('Such as claude-code, cursor, vscode.'), portal: text(), service_token: flag('For a bot.') }, [
      'client',
    ]),
    call: (args, desk) => ({
      args: [String(args['client'])],
      options: {
        ...optionOf('portal', portalOf(args, desk)),
        ...(args['service_token'] === true ? { 'service-token': [true] } : {}),
      },
    }),
  },
  {
    name: 'mcpportal_export',
    command: 'export',
    description: 'A portal.yaml for what the account has, without secrets.',
    hints: reading,
    input: input({ portal: text(), all: flag('Everything, not only portals.') }),
    call: (args, desk) => ({
      options: { ...optionOf('portal', portalOf(args, desk)), ...(args['all'] === true ? { all: [true] } : {}) },
    }),
  },
];

export const commandTools = (desk: Desk): readonly Tool[] => [
  {
    name: 'mcpportal_status',
    description: 'Servers and portals of the account, with their state, and what this server may do.',
    toolset: 'core',
    changes: false,
    hints: reading,
    input: input({}),
    run: (_args, call) => statusAnswer(desk, call),
  },
  ...table
    .filter(({ command }) => desk.bench.has(command))
    .map((one): Tool => ({ ...one, toolset: 'core', changes: false, run: (args, call) => run(one, args, { desk, call }) })),
  {
    name: 'mcpportal_sync_server',
    description: 'Have Cloudflare read the tools of servers again.',
    toolset: 'core',
    changes: true,
    hints: changing,
    input: input({ servers: texts('Ids.') }, ['servers']),
    run: async (args, call) => {
      const refs = Array.isArray(args['servers']) ? args['servers'].map(String) : [];
      if (refs.length === 0)
        throw new UsageError('servers is empty', { code: 'invalid_arguments', hint: 'Name at least one server.' });
      const operation = { kind: 'server', operation: 'sync', refs, input: {} };
      return change({ title: `sync ${refs.join(', ')}`, base: { is: 'files' }, operation }, { call, desk });
    },
  },
];

type Given = { readonly desk: Desk; readonly call: Call };

async function run({ name, command, call: words }: CommandTool, args: Values, { desk, call }: Given): Promise<Answer> {
  const { code, document, notices } = await desk.bench.command({ name: command, ...words(args, desk) }, call.signal);
  const { schema_version: _version, ok, ...facts } = document;
  // A check that found something is an answer, and no failure of the call.
  const isError = ok !== true && document['error'] !== undefined;
  const status = isError ? 'error' : code === exitCodes.done ? 'ok' : 'problems';
  return {
    is: 'result',
    isError,
    value: { status, ...facts, ...(notices.length === 0 ? {} : { notices }) },
    text: `${name}: ${status}.`,
    quoted: JSON.stringify(cleaned(facts), undefined, 1),
  };
}

function baseFrom({ document, file }: Values): Base {
  if (document !== undefined && file !== undefined)
    throw new UsageError('document and file exclude each other', { code: 'invalid_arguments', hint: 'Give one of them.' });
  if (typeof file === 'string') return { is: 'file', path: file };
  if (typeof document !== 'string') return { is: 'files' };
  assertDocumentSize(document);
  return { is: 'text', text: document };
}

/** The portal that is meant: with `--portal` only that one. */
function portalOf({ portal }: Values, { settings }: Desk): readonly string[] {
  const wanted = typeof portal === 'string' ? portal : settings.portal;
  if (settings.portal !== undefined && wanted !== settings.portal)
    throw new UsageError(`this server works on the portal ${settings.portal} alone`, { code: 'outside_portal' });
  return wanted === undefined ? [] : [wanted];
}

const optionOf = (name: string, values: readonly string[]): Readonly<Record<string, readonly string[]>> =>
  values.length === 0 ? {} : { [name]: values };
