import { flag, objects, text } from '../check.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Mapping, PortalRow, SandboxState, ServerRow } from '../state.ts';
import { isAdmitted } from './admission.ts';
import { serverApplication } from './applications.ts';
import type { Identity } from './identity.ts';

/** A server that somebody sees in a portal. */
export type ShownServer = { readonly server: ServerRow; readonly mapping: Mapping };

/** A tool or prompt as a portal shows it, and where a call of it goes. */
export type Shown = {
  readonly name: string;
  readonly original: string;
  readonly server: ServerRow;
  readonly definition: JsonObject;
};

/**
 * The servers that somebody sees: those whose own application lets them in. A bot has no login of its own, so it
 * sees none that is used on behalf of people; such a server is missing, without a word.
 */
export const shownServers = (state: SandboxState, portal: PortalRow, who: Identity): readonly ShownServer[] =>
  portal.servers.flatMap((mapping) => {
    const server = state.servers.find(({ id }) => id === mapping.server_id);
    if (server === undefined || (who.is === 'token' && mapping.on_behalf)) return [];
    return isAdmitted(state, serverApplication(state, server.id), who) ? [{ server, mapping }] : [];
  });

const lists = {
  tools: { overrides: 'updated_tools', found: ({ discovery }: ServerRow) => discovery.tools },
  prompts: { overrides: 'updated_prompts', found: ({ discovery }: ServerRow) => discovery.prompts },
} as const;

/** What is shown of a server: `SERVER_NAME`, where the portal's alias wins over the server's. */
export const shownOf = ({ server, mapping }: ShownServer, list: 'tools' | 'prompts'): readonly Shown[] => {
  const { overrides, found } = lists[list];
  const own = byName(server.body[overrides]);
  const linked = byName([...mapping[overrides]]);
  return (found(server) ?? []).filter(isObject).flatMap((definition) => {
    const original = text(definition['name']);
    const rows = [linked.get(original), own.get(original)];
    const said = (member: string): Json | undefined =>
      rows.map((row) => row?.[member]).find((value) => value !== undefined && value !== '');
    if (!flag(said('enabled'), !mapping.default_disabled)) return [];
    const name = `${server.id}_${text(said('alias'), original)}`;
    const description = said('description') ?? definition['description'];
    return [
      { name, original, server, definition: { ...definition, name, ...(description === undefined ? {} : { description }) } },
    ];
  });
};

const byName = (rows: Json | undefined): ReadonlyMap<string, JsonObject> =>
  new Map(objects(rows).map((row) => [text(row['name']), row]));
