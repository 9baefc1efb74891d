import type { Desk } from './desk.ts';
import type { Answer, Call } from './tool.ts';

/** What the account has, and what this server was started for. */
export async function statusAnswer({ bench, settings }: Desk, call: Call): Promise<Answer> {
  const [servers, portals] = await Promise.all([
    bench.command({ name: 'list-servers' }, call.signal),
    bench.command({ name: 'list-portals' }, call.signal),
  ]);
  const failed = [servers, portals].find(({ document }) => document['ok'] !== true);
  const rows = { servers: listIn(servers.document, 'servers'), portals: listIn(portals.document, 'portals') };
  const only = settings.portal;
  const shown = only === undefined ? rows.portals : rows.portals.filter((row) => Object(row).id === only);
  const approval = settings.readOnly
    ? 'read-only'
    : settings.autoApprove
      ? 'auto-approve'
      : settings.approvePlanId
        ? 'plan-id'
        : call.canAsk
          ? 'asks the person'
          : 'none: this client cannot ask the person';
  const value = {
    status: failed === undefined ? 'ok' : 'error',
    account: servers.document['account'],
    servers: rows.servers,
    portals: shown,
    approval,
    allow_destroy: settings.allowDestroy,
    ...(only === undefined ? {} : { only_portal: only }),
  };
  return {
    is: 'result',
    isError: failed !== undefined,
    value: failed === undefined ? value : { ...value, error: failed.document['error'] },
    text: `${rows.servers.length} servers, ${shown.length} portals. Approval: ${approval}.`,
    quoted: JSON.stringify({ servers: rows.servers, portals: shown }, undefined, 1),
  };
}

const listIn = (document: Readonly<Record<string, unknown>>, name: string): readonly unknown[] =>
  Array.isArray(document[name]) ? document[name] : [];
