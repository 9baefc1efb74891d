import { createHash } from 'node:crypto';
import type { Existing, Peers } from '../../engine/kind.ts';
import { isPlain, type Plain } from '../../engine/values.ts';
import { Secret } from '../../secrets/secret.ts';
import { canonicalHostname } from '../document/network.ts';
import { withoutUndefined } from '../document/section.ts';
import { bindingState, isSecret, type Binding } from './bindings.ts';
import { isSourceFile, type SourceFile } from './source-file.ts';

type ByName<T> = { readonly [binding: string]: T };
export type RateLimit = { readonly limit: number; readonly period: number; readonly namespace_id?: string };

/** What a document says about a Worker. Each secret is a field of its own: `secrets.NAME`. */
export type WorkerState = {
  readonly name?: string;
  /** A file, as long as it is the document's; beside a live Worker, the hash of its code. */
  readonly main?: SourceFile | string;
  readonly compatibility_date?: string;
  readonly compatibility_flags?: readonly string[] | null;
  readonly vars?: ByName<unknown>;
  readonly [secret: `secrets.${string}`]: Secret | null;
  readonly kv?: ByName<string | null>;
  readonly rate_limits?: ByName<RateLimit | null>;
  readonly services?: ByName<string | null>;
  readonly observability?: Plain;
  readonly routes?: Routes;
};
export type Routes = {
  readonly workers_dev?: boolean;
  readonly custom_domains?: readonly string[] | null;
  readonly patterns?: readonly string[] | null;
};

export type Domain = { readonly id: string; readonly hostname: string; readonly service: string };
export type Route = { readonly id: string; readonly zone: string; readonly pattern: string; readonly script?: string };
export type Settings = Plain & {
  readonly bindings?: readonly Binding[] | null;
  readonly tags?: readonly string[] | null;
  readonly compatibility_date?: string;
  readonly compatibility_flags?: readonly string[];
  readonly observability?: Plain | null;
};

/** A script with what else the API keeps about it, as far as the run has asked. */
export type Worker = {
  readonly id: string;
  readonly tags?: readonly string[] | null;
  readonly has_assets?: boolean;
  readonly settings?: Settings | null;
  readonly subdomain?: { readonly enabled?: boolean; readonly previews_enabled?: boolean };
  readonly domains: readonly Domain[];
  /** Undefined where no zone was read. */
  readonly routes?: readonly Route[];
};

/** The script's tag that says which code it was made from: the code that Cloudflare gives back is another text (Q88). */
const tagStart = 'mcp-portal-main=';
export const tagsWith = (tags: readonly string[], hash: string): readonly string[] => [
  ...tags.filter((tag) => !tag.startsWith(tagStart)),
  `${tagStart}${hash.replace(':', '-')}`,
];

/** An empty list may come as null. */
export const bindingsIn = ({ settings }: Worker): readonly Binding[] => settings?.bindings ?? [];

export const tagsOf = ({ settings, tags }: Worker): readonly string[] => settings?.tags ?? tags ?? [];

const liveHash = (live: Worker): string | undefined =>
  tagsOf(live)
    .find((tag) => tag.startsWith(tagStart))
    ?.slice(tagStart.length)
    .replace('-', ':');

/** A live Worker in the document's words. */
export function workerState(live: Worker, { names }: Pick<Peers, 'names'>): WorkerState {
  const { settings, subdomain, domains, routes } = live;
  const { compatibility_date, compatibility_flags, observability } = settings ?? {};
  const bindings = bindingsIn(live);
  const held = bindings.filter(isSecret).map(({ name }) => [`secrets.${name}`, Secret.held] as const);
  return withoutUndefined({
    name: live.id,
    main: liveHash(live),
    compatibility_date,
    compatibility_flags,
    ...bindingState(bindings, names),
    ...Object.fromEntries(held),
    observability: observability ?? undefined,
    routes: withoutUndefined({
      workers_dev: subdomain?.enabled,
      custom_domains: domains.map(({ hostname }) => canonicalHostname(hostname)),
      patterns: routes?.map(({ pattern }) => pattern),
    }),
  });
}

/** The declared state in the same words; bindings that the document does not name are those that are there. */
export function settledWorker(state: WorkerState, live: WorkerState | undefined, { names }: Pick<Peers, 'names'>): WorkerState {
  const { main, vars, kv, services, rate_limits: limits, routes } = state;
  const script = state.name ?? live?.name ?? '';
  const canonical = (kind: string, refs: ByName<string | null>): ByName<string | null> =>
    mapped(refs, (ref) => names.canonical(kind, ref));
  return withoutUndefined({
    ...state,
    main: isSourceFile(main) ? main.code?.hash : main,
    vars: vars && merged(live?.vars, vars),
    kv: kv && merged(live?.kv, canonical('kv_namespace', kv)),
    services: services && merged(live?.services, canonical('worker', services)),
    rate_limits: limits && merged(live?.rate_limits, numbered(limits, { script, live: live?.rate_limits ?? {} })),
    routes:
      routes &&
      withoutUndefined({ ...routes, custom_domains: routes.custom_domains?.map(canonicalHostname) ?? routes.custom_domains }),
  });
}

const mapped = <T>(map: ByName<T | null>, change: (value: T, name: string) => T): ByName<T | null> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, value === null ? null : change(value, name)]));

const merged = <T>(live: ByName<T> | undefined, declared: ByName<T>): ByName<T> =>
  Object.fromEntries(Object.entries({ ...live, ...declared }).filter(([, value]) => value !== null));

type Numbering = { readonly script: string; readonly live: ByName<RateLimit | null> };

/** A new limiter counts by itself: its number follows from its names, so that every run finds the same one. */
const numbered = (limits: ByName<RateLimit | null>, { script, live }: Numbering): ByName<RateLimit | null> =>
  mapped(limits, (limit, name) => ({
    ...limit,
    namespace_id: limit.namespace_id ?? live[name]?.namespace_id ?? numberFor(`${script}/${name}`),
  }));

const numberFor = (text: string): string =>
  String(1 + (createHash('sha256').update(text).digest().readUInt32BE(0) % 2_000_000_000));

/** True for a hostname that is a Worker's custom domain: Cloudflare makes its record. */
export const isRecordOfWorker = (hostname: string, { existing }: Pick<Peers, 'existing'>): boolean =>
  domainsOf(existing('worker')).some((domain) => canonicalHostname(domain.hostname) === hostname);

/** The custom domains of live Workers. */
export const domainsOf = (workers: readonly Existing[]): readonly Domain[] =>
  workers.flatMap(({ live }) => (isWorker(live) ? live.domains : []));

const isWorker = (live: unknown): live is Worker => isPlain(live) && Array.isArray(live['domains']);
