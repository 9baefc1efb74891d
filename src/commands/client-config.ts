import type { Invocation } from '../cli/command.ts';
import { clientNamed, clientRow } from '../clients/clients.ts';
import type { Client, Wanted } from '../clients/client.ts';
import { configPath, shownPath } from '../clients/config-path.ts';
import { fragmentOf, fragmentText } from '../clients/fragment.ts';
import { clientNames } from '../clients/names.ts';
import { exitCodes, UnsafePlanError, UsageError, type ExitCode } from '../lib/errors.ts';
import { tableText } from '../render/table.ts';
import { findPortal } from './steps/find-portal.ts';
import { writeClient, type WrittenClient } from './steps/write-client.ts';
import type { clientConfigOptions } from './table/clients.ts';

type Options = Invocation<typeof clientConfigOptions>['options'];

/** Prints what a client needs to use a portal, or writes it into the client's file. */
export async function run(invocation: Invocation<typeof clientConfigOptions>): Promise<ExitCode> {
  const { args, options, output, world } = invocation;
  if (options.list) return list(invocation);
  const [word] = args;
  if (word === undefined) throw new UsageError('the client is missing', { hint: `One of ${clientNames.join(', ')}.` });
  const { client, wanted, tokenHints } = options['for-assistant']
    ? await ourselves(word, invocation)
    : await aPortal(word, invocation);
  const machine = { platform: process.platform, env: world.env, cwd: world.cwd };
  const scope = options.scope === 'project' ? 'project' : 'user';
  const path = client.is === 'entry' && client.file !== undefined ? configPath(client.file, scope, machine) : undefined;
  const shown = path === undefined ? undefined : shownPath(path, machine);
  const written = options.write ? await writeClient(invocation, { client, wanted, path, shown: shown ?? '', scope }) : undefined;
  const where = shown === undefined || written !== undefined ? [] : [`It belongs into ${shown}; --write puts it there.`];
  const hints = [...where, ...client.hints(wanted), ...(wanted.serviceToken ? tokenHints : [])];
  if (output.format === 'json') output.json(await jsonOf({ client, word, wanted, path, written, hints }));
  else {
    for (const hint of hints) output.notice(`hint: ${hint}`);
    output.result(await fragmentText(client, wanted));
  }
  return exitCodes.done;
}

type Told = { readonly client: Client; readonly wanted: Wanted; readonly tokenHints: readonly string[] };

async function aPortal(word: string, invocation: Invocation<typeof clientConfigOptions>): Promise<Told> {
  const { options } = invocation;
  const client = clientNamed(word);
  assertPossible(client, options);
  const { id, hostname, tokenHints } = await findPortal(invocation, options);
  const wanted: Wanted = { name: options.name ?? id, url: `https://${hostname}/mcp`, serviceToken: options['service-token'] };
  return { client, wanted, tokenHints };
}

/** This program in the place of a portal. */
async function ourselves(word: string, { options, global }: Invocation<typeof clientConfigOptions>): Promise<Told> {
  // Few ask for it.
  const { assistantOf } = await import('../clients/assistant.ts');
  const meant = clientNames.find((name) => clientNamed(name) === clientNamed(word)) ?? 'mcp-remote';
  const client = assistantOf(meant, clientNamed(word), global.account);
  assertPossible(client, { ...options, 'service-token': false });
  return { client, wanted: { name: options.name ?? 'mcp-portal', url: '', serviceToken: false }, tokenHints: [] };
}

/** What cannot work is refused before anything is read. */
function assertPossible(client: Client, options: Options): void {
  const { name, scope, write } = options;
  if (name !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(name))
    throw new UsageError(`--name ${JSON.stringify(name)} does not suit every client`, {
      hint: 'Use letters, digits, - and _, at most 64.',
    });
  if (options['service-token'] && client.noServiceToken !== undefined) {
    const { reason, instead } = client.noServiceToken;
    throw new UnsafePlanError(`${client.title} cannot use a service token: ${reason}`, {
      code: 'service_token_unsupported',
      hint: `Instead: ${instead}.`,
    });
  }
  const file = client.is === 'entry' ? client.file : undefined;
  if (write && file === undefined) {
    const why = client.noFile ?? 'it has no file';
    throw new UnsafePlanError(`--write cannot write for ${client.title}: ${why}`, {
      code: 'no_client_file',
      hint: 'Leave --write out and use the printed text.',
    });
  }
  if (scope === 'project' && file?.project === undefined)
    throw new UsageError(`${client.title} has no file per project`, { hint: 'Leave --scope out.' });
}

type Facts = {
  readonly client: Client;
  readonly word: string;
  readonly wanted: Wanted;
  readonly path: string | undefined;
  readonly written: WrittenClient | undefined;
  readonly hints: readonly string[];
};

async function jsonOf({ client, word, wanted, path, written, hints }: Facts): Promise<object> {
  const text = await fragmentText(client, wanted);
  return {
    schema_version: 1,
    ok: true,
    client: clientNames.find((name) => clientNamed(word) === clientNamed(name)) ?? word,
    name: wanted.name,
    ...(wanted.url === '' ? {} : { url: wanted.url }),
    format: client.format,
    ...(path === undefined ? {} : { path }),
    config: client.format === 'json' ? fragmentOf(client, wanted) : text,
    ...(client.is === 'steps' ? { steps: client.steps(wanted) } : {}),
    hints,
    ...written,
  };
}

function list({ output }: Invocation<typeof clientConfigOptions>): ExitCode {
  const rows = clientNames.map(clientRow);
  if (output.format === 'json') output.json({ schema_version: 1, ok: true, clients: rows });
  else
    output.result(
      tableText(
        ['client', 'where', 'format', 'service token', '--write'],
        rows.map((row) => [
          row.name,
          `${row.title}: ${row.summary}`,
          row.format,
          row.service_token ? 'yes' : 'no',
          row.write ? 'yes' : 'no',
        ]),
        { width: output.columns },
      ),
    );
  return exitCodes.done;
}
