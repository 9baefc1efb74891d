import { didYouMean } from '../lib/did-you-mean.ts';
import { UsageError } from '../lib/errors.ts';
import type { Client } from './client.ts';
import { desktopClients } from './desktop.ts';
import { hostedClients } from './hosted.ts';
import { clientNames, type ClientName } from './names.ts';
import { terminalClients } from './terminal.ts';

/** Every client by its name on the command line. */
export const clients: Readonly<Record<ClientName, Client>> = { ...desktopClients, ...terminalClients, ...hostedClients };

/** The client of this name. Throws a `UsageError` with the nearest name. */
export function clientNamed(name: string): Client {
  const known = clientNames.find((each) => each === name.toLowerCase().replaceAll('_', '-'));
  if (known !== undefined) return clients[known];
  const guess = didYouMean(name, clientNames);
  throw new UsageError(`unknown client ${JSON.stringify(name)}`, {
    hint:
      guess === undefined
        ? `The clients are: ${clientNames.join(', ')}.`
        : `Did you mean ${guess}? client-config --list names them all.`,
  });
}

/** A client as `--list` shows it. */
export const clientRow = (name: ClientName) => {
  const client = clients[name];
  return {
    name,
    title: client.title,
    summary: client.summary,
    format: client.format,
    service_token: client.noServiceToken === undefined,
    write: client.is === 'entry' && client.file !== undefined,
  };
};
