import type { OpenApi } from '../../cloudflare/client.ts';
import { attempt } from '../../doctor/check.ts';
import { essentialKinds } from '../../engine/essential-kinds.ts';
import { exportDocument } from '../../engine/export.ts';
import { createReader } from '../../engine/reader.ts';
import { kinds } from '../../kinds/index.ts';
import { allZones } from '../../kinds/dns/zones.ts';
import { neutral } from '../../render/value.ts';
import { noLook, type Look } from '../../wizard/look.ts';
import type { Prompts } from '../../wizard/prompts.ts';

/**
 * Looks at what the account has. DNS records are read only to take portals over: zones may have
 * thousands. What cannot be read is not offered, and said so.
 */
export async function lookAround(
  api: OpenApi,
  { prompts, records }: { readonly prompts: Prompts; readonly records: boolean },
): Promise<Look> {
  const reader = createReader({ api, kinds, desired: [], everything: true });
  const wanted = essentialKinds(kinds)
    .map(({ kind }) => kind)
    .filter((kind) => records || kind !== 'dns_record');
  const [read, zones, providers] = await Promise.all([
    attempt(() => reader.ensure(wanted)),
    attempt(() => allZones(api)),
    attempt(() => api.list<Provider>(api.path('access', 'identity_providers'), { perPage: 50 })),
  ]);
  for (const error of new Set([read, zones, providers].map((each) => each.error?.message)))
    if (error !== undefined) prompts.show(`Not everything could be read, and is not offered: ${neutral(error)}`);
  const exported = (addresses: readonly string[]) =>
    literal(exportDocument({ kinds, reader, isRoot: (address) => addresses.includes(address) }).sections);
  const found = {
    ...noLook,
    zones: names(zones.value),
    providers: (providers.value ?? []).map(({ id, name }) => ({ id, about: neutral(name) })),
  };
  if (read.error !== undefined) return found;
  const { groups } = exportDocument({ kinds, reader, isRoot: (address) => address.startsWith('group:') }).sections;
  return {
    ...found,
    servers: named(reader.existing('server')),
    portals: named(reader.existing('portal')),
    groups: withNames(groups),
    exported,
  };
}

type Provider = { readonly id: string; readonly name: string };
type Sections = ReturnType<Look['exported']>;

const names = (zones: readonly { readonly name: string }[] = []): readonly string[] => zones.map(({ name }) => name);

/** Live values are no text with variables: `${` stands for itself in them. */
const literal = (sections: Sections): Sections => JSON.parse(JSON.stringify(sections).replaceAll('${', () => '$${'));

const named = (objects: readonly { readonly id: string; readonly live: unknown }[]) =>
  objects.map(({ id, live }) => ({ id, about: text(live, 'hostname') ?? text(live, 'name') ?? id }));

const withNames = (entries: unknown) =>
  Object.entries(Object(entries ?? {})).map(([id, entry]) => ({ id, about: text(entry, 'name') ?? id }));

function text(object: unknown, key: string): string | undefined {
  const value: unknown = typeof object === 'object' && object !== null ? Reflect.get(object, key) : undefined;
  return typeof value === 'string' && value !== '' ? neutral(value) : undefined;
}
