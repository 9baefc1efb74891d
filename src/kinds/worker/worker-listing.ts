import type { Api } from '../../engine/api.ts';
import { isPlain, memberOf } from '../../engine/values.ts';
import type { Desired } from '../../engine/kind.ts';
import type { Reading } from '../../engine/reading.ts';
import { canonicalHostname } from '../document/network.ts';
import { assertFree, listDomains, listRoutes } from './routing.ts';
import { scriptPath, scriptsPath } from './upload.ts';
import type { Domain, Route, Settings, Worker } from './worker-state.ts';

type Script = Pick<Worker, 'id' | 'tags' | 'has_assets'>;

export const listScripts = (api: Api): Promise<readonly Script[]> =>
  api.list<Script>(scriptsPath(api), { perPage: 100, keep: ({ id, tags, has_assets }) => ({ id, tags, has_assets }) });

export const settingsOf = (api: Api, id: string): Promise<Settings> => api.get<Settings>(scriptPath(api, id, 'settings'));

/** What the entries of a document ask about their scripts. */
type Asked = { readonly settings: boolean; readonly subdomain: boolean };

/**
 * Every script by name, and of those that the document has, what it speaks of: one listing of scripts and
 * one of custom domains for the account, then one request per declared script for its settings, one
 * where workers.dev is declared, and one per zone of a route.
 */
export async function listWorkers({ api, desired, everything }: Reading): Promise<readonly Worker[]> {
  const isWhole = everything || desired.length === 0;
  const present = desired.filter(({ absent }) => !absent);
  const [scripts, domains, routes] = await Promise.all([
    listScripts(api),
    listDomains(api),
    everything ? listRoutes(api, 'all') : routesFor(api, desired),
  ]);
  await Promise.all(present.map((worker) => assertDomainsFree(api, worker, domains)));
  const asked = new Map(desired.map((worker) => [scriptName(worker), routingOf(worker)['workers_dev'] !== undefined]));
  return Promise.all(
    scripts.map((script) => {
      const own = domains.filter(({ service }) => service === script.id);
      const part = {
        domains: own,
        ...(routes === undefined ? {} : { routes: routes.filter((route) => route.script === script.id) }),
      };
      const ask = { settings: isWhole || asked.has(script.id), subdomain: everything || asked.get(script.id) === true };
      return detailed(api, { ...script, ...part }, ask);
    }),
  );
}

async function detailed(api: Api, worker: Worker, asked: Asked): Promise<Worker> {
  const [settings, subdomain] = await Promise.all([
    asked.settings ? settingsOf(api, worker.id) : undefined,
    asked.subdomain ? api.get<NonNullable<Worker['subdomain']>>(scriptPath(api, worker.id, 'subdomain')) : undefined,
  ]);
  return { ...worker, ...(settings === undefined ? {} : { settings }), ...(subdomain === undefined ? {} : { subdomain }) };
}

const scriptName = ({ key, state }: Pick<Desired, 'key' | 'state'>): string =>
  typeof state['name'] === 'string' ? state['name'] : key;

const routingOf = ({ state }: Desired): Readonly<Record<string, unknown>> => (isPlain(state['routes']) ? state['routes'] : {});

export const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

/** Undefined where no entry speaks of routes: no zone is looked at then. */
async function routesFor(api: Api, desired: readonly Desired[]): Promise<readonly Route[] | undefined> {
  const said = desired.map((worker) => memberOf(routingOf(worker), 'patterns')).filter((patterns) => patterns !== undefined);
  if (said.length === 0) return undefined;
  const clears = said.some((patterns) => textsIn(patterns).length === 0);
  return listRoutes(api, clears ? 'all' : said.flatMap(textsIn));
}

/** New custom domains are looked at before anything is planned: a record in their way is a conflict. */
async function assertDomainsFree(api: Api, worker: Desired, domains: readonly Domain[]): Promise<void> {
  const taken = new Set(domains.map(({ hostname }) => canonicalHostname(hostname)));
  const added = textsIn(routingOf(worker)['custom_domains']).map(canonicalHostname);
  await Promise.all(added.filter((hostname) => !taken.has(hostname)).map((hostname) => assertFree(api, worker.key, hostname)));
}
