import { brokenAt, unfit, type FileText } from './broken-file.ts';
import type { Change } from './change.ts';
import type { EntryClient, Json, Wanted } from './client.ts';
import { editedJson } from './json-edit.ts';
import { parseJson, valueOf } from './json-parse.ts';
import { changesFor, isMap, type Addition, type PlainMap } from './merge.ts';
import { editedToml, readTomlTable } from './toml-edit.ts';

/** A client's file with the portal in it, and what that changes: nothing where it is there already. */
export type EditedFile = { readonly text: string; readonly changes: readonly Change[] };

/** Lays the portal into a client's file. Throws a `UsageError` for a file that cannot be understood. */
export async function withPortal(file: FileText, client: EntryClient, wanted: Wanted): Promise<EditedFile> {
  if (/[\0\uFFFD]/.test(file.text)) throw unfit(file.name, 'the file is not UTF-8');
  const { section } = client;
  const addition = {
    section,
    name: wanted.name,
    entry: client.entry(wanted),
    inputs: client.inputs?.(wanted) ?? [],
    file: file.name,
  };
  if (client.format === 'toml') return inToml(file, addition);
  if (client.format === 'yaml') return inYaml(file, addition);
  const changes = changesFor(file.text.trim() === '' ? {} : valueOf(parseJson(file)), addition);
  return { text: changes.length === 0 ? file.text : editedJson(file, changes), changes };
}

async function inYaml(file: FileText, addition: Addition): Promise<EditedFile> {
  const { editedYaml, parseYaml } = await import('../spec/edit-yaml.ts');
  const parsed = parseYaml(file.text);
  if (!parsed.ok) throw brokenAt(file, parsed.offset, 'this is no valid YAML');
  const changes = changesFor(parsed.value, addition);
  if (changes.length === 0) return { text: file.text, changes };
  const text = editedYaml(file.text, changes.map(asEdit));
  if (text === undefined) throw unfit(file.name, 'anchors in it share values, so that one cannot be changed alone');
  return { text, changes };
}

function asEdit(change: Change) {
  if (change.op === 'append') throw new Error('no list of a YAML file is added to');
  return { path: change.path, value: change.op === 'set' ? change.value : undefined };
}

function inToml(file: FileText, addition: Addition): EditedFile {
  const path = [addition.section, addition.name];
  const table = readTomlTable(file, path);
  const root = { [addition.section]: { [addition.name]: table } };
  const changes = wholeMaps(changesFor(root, addition), isMap(table) ? table : {});
  return { text: editedToml(file, path, changes), changes };
}

/** A map below a TOML table is one line: a change in it is a change of all of it. */
function wholeMaps(changes: readonly Change[], table: PlainMap): readonly Change[] {
  const inner = changes.filter(({ path }) => path.length > 3);
  const keys = [...new Set(inner.map(({ path }) => path[2] ?? ''))];
  const whole = keys.map((key): Change => {
    const map = isMap(table[key]) ? table[key] : {};
    const own = inner.filter(({ path }) => path[2] === key);
    const kept = Object.entries(map).filter(([name]) => !own.some(({ path }) => path[3] === name));
    const sets = own.flatMap((change) => (change.op === 'set' ? [[change.path[3] ?? '', change.value] as const] : []));
    // What is kept was read as texts.
    const value = Object.fromEntries([...kept, ...sets]) as { [name: string]: Json };
    return { op: 'set', path: [...(own[0]?.path.slice(0, 2) ?? []), key], value, replaces: true };
  });
  return [...changes.filter(({ path }) => path.length <= 3), ...whole];
}
