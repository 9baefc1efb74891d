import type { Desired, Entry, Finding, Sections } from '../../engine/kind.ts';
import { isPlain, memberOf } from '../../engine/values.ts';
import { looksLikeId } from '../../engine/names.ts';
import { Secret } from '../../secrets/secret.ts';
import { suggestion } from '../access/rule-schema.ts';
import { mistake } from '../document/findings.ts';
import { desiredFrom, section, type EntryOf } from '../document/section.ts';
import { marksOf } from '../document/section-marks.ts';
import { hostnameClashes } from './hostname-clashes.ts';
import type { SourceFile } from './source-file.ts';
import { workerSchema } from './worker-schema.ts';

type WorkerEntry = EntryOf<ReturnType<typeof workerSchema>>;

export const workersSection = section({
  name: 'workers',
  shape: 'map',
  schema: workerSchema,
  expand: (entry) => [workerFrom(entry)],
  check: (entry, document) =>
    marksOf(entry.value).absent === true
      ? checkName(entry)
      : [...checkName(entry), ...checkBindings(entry, document), ...hostnameClashes(entry, document)],
});

function workerFrom(entry: WorkerEntry): Desired {
  const { absent: _absent, protect: _protect, name, main, secrets = {}, observability, ...state } = entry.value;
  const file: SourceFile | undefined = main === undefined ? undefined : { sourceFile: main, place: entry.at('main') };
  const references = Object.entries(secrets).map(
    ([name, ref]) => [`secrets.${name}`, ref === null ? null : Secret.unread(ref, { multiline: true })] as const,
  );
  const watched = typeof observability === 'boolean' ? { enabled: observability } : observability;
  const said = { name, main: file, ...state, ...Object.fromEntries(references), observability: watched };
  return desiredFrom(entry, { kind: 'worker', state: said });
}

function checkName(entry: WorkerEntry): readonly Finding[] {
  const script = entry.value.name ?? entry.key;
  if (/^[a-z0-9_][a-z0-9_-]{0,62}$/.test(script)) return [];
  const place = entry.value.name === undefined ? entry.place : entry.at('name');
  const message = `workers.${entry.key}: the name of a Worker has at most 63 characters: a-z, 0-9, - and _`;
  return [mistake({ code: 'MCP204', message, place })];
}

const maps = ['vars', 'secrets', 'kv', 'rate_limits', 'services'] as const;

function checkBindings(entry: WorkerEntry, document: Sections): readonly Finding[] {
  return [
    ...sharedNames(entry),
    ...unknownMentions(entry, 'kv', { document, of: 'kv_namespaces' }),
    ...unknownMentions(entry, 'services', { document, of: 'workers' }),
  ];
}

/** A Worker's code sees all its bindings side by side. */
function sharedNames(entry: WorkerEntry): readonly Finding[] {
  const seen = new Map<string, string>();
  return maps.flatMap((map) =>
    Object.entries(entry.value[map] ?? {}).flatMap(([name, value]) => {
      if (value === null) return [];
      const other = seen.get(name);
      seen.set(name, map);
      if (other === undefined) return [];
      const message = `workers.${entry.key}: the binding ${name} is in ${other} and in ${map}`;
      return [mistake({ code: 'MCP209', message, place: entry.at(map, name), hint: 'give one of them another name' })];
    }),
  );
}

type Mentioned = { readonly document: Sections; readonly of: 'kv_namespaces' | 'workers' };

/** A KV namespace is mentioned by its key or its id; a Worker that only the account has, by its name. */
function unknownMentions(entry: Entry | WorkerEntry, map: 'kv' | 'services', { document, of }: Mentioned): readonly Finding[] {
  const refs = memberOf(entry.value, map);
  return Object.entries(isPlain(refs) ? refs : {}).flatMap(([name, ref]) => {
    if (typeof ref !== 'string') return [];
    const place = entry.at(map, name);
    const other = document.entry(of, ref);
    if (other !== undefined) {
      if (marksOf(other.value).absent !== true) return [];
      return [mistake({ code: 'MCP202', message: `${of}.${ref} is absent: true and cannot be used here`, place })];
    }
    if (of === 'workers' || looksLikeId(ref)) return [];
    const known = document.entries(of).map(({ key }) => key);
    return [mistake({ code: 'MCP201', message: `there is no KV namespace "${ref}"`, hint: suggestion(ref, known, of), place })];
  });
}
