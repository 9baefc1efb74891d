import { createHash, randomUUID } from 'node:crypto';
import { isList, isObject, type JsonObject, pick } from './json.ts';
import { text } from './check.ts';
import { invalid } from './refusal.ts';
import type { Call } from './route.ts';
import { row, type WorkerRow } from './state.ts';
import { bindingsFrom, keptBindings, scriptInvalid } from './worker-bindings.ts';

/** A part of a form that is JSON. The parts that a client has flattened (`metadata[main_module]`) are none (Q81, Q82). */
export const jsonPart = async (form: FormData, name: string): Promise<JsonObject | undefined> => {
  const part = form.get(name);
  if (part === null) return undefined;
  const value = parsed(typeof part === 'string' ? part : await part.text());
  return isObject(value) ? value : undefined;
};

const parsed = (content: string): unknown => {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
};

/** The form of a multipart request; undefined for any other body. */
export const formOf = async ({ request }: Call): Promise<FormData | undefined> =>
  /^multipart\/form-data/i.test(request.headers.get('content-type') ?? '') ? await request.formData() : undefined;

/** The members that stay with a script between uploads. */
const members = [
  'compatibility_date',
  'compatibility_flags',
  'observability',
  'placement',
  'limits',
  'logpush',
  'tail_consumers',
  'tags',
  'usage_model',
];
export const settingsIn = (sent: JsonObject): JsonObject => pick(sent, members);

type Before = { readonly live: WorkerRow | undefined; readonly keeps?: readonly string[] };

/** The script that an upload makes: everything that it does not say starts anew. `keeps` are types of bindings that stay unasked. */
export const uploaded = async (call: Call, id: string, { live: before, keeps = [] }: Before): Promise<WorkerRow> => {
  const form = await formOf(call);
  const metadata = form === undefined ? undefined : await jsonPart(form, 'metadata');
  if (form === undefined || metadata === undefined)
    throw invalid(scriptInvalid, 'Uncaught Error: the metadata part of the upload is missing or not JSON.');
  checkDate(metadata);
  const code = await mainModule(form, metadata);
  const bindings = [
    ...bindingsFrom(metadata, before?.bindings ?? [], call.state),
    ...keptBindings(metadata, before?.bindings ?? [], keeps),
  ];
  const fresh = row(call.now, id, settingsIn(metadata));
  return {
    ...fresh,
    created_at: before?.created_at ?? fresh.created_at,
    bindings,
    code,
    etag: createHash('sha256').update(code).digest('hex'),
    version: randomUUID(),
    number: (before?.number ?? 0) + 1,
    subdomain: before?.subdomain ?? { enabled: false, previews_enabled: false },
    tag: before?.tag ?? randomUUID().replaceAll('-', ''),
  };
};

/** A module is known by the name of its file; a part without one is text and no module (Q83). */
const mainModule = async (form: FormData, metadata: JsonObject): Promise<string> => {
  const name = text(metadata['main_module'], text(metadata['body_part']));
  if (name === '') throw invalid(scriptInvalid, 'metadata: main_module or body_part is required.');
  const files = [...form.entries()].flatMap(([part, value]) => (typeof value === 'string' ? [] : [{ part, file: value }]));
  const found = files.find(({ part, file }) => file.name === name || part === name);
  if (found === undefined) throw invalid(scriptInvalid, `No such module "${name}".`);
  return found.file.text();
};

const checkDate = ({ compatibility_date: date, compatibility_flags: flags }: JsonObject): void => {
  if (date !== undefined && !/^\d{4}-\d\d-\d\d$/.test(text(date)))
    throw invalid(scriptInvalid, `Invalid compatibility date: ${text(date)}`);
  if (flags !== undefined && !isList(flags)) throw invalid(scriptInvalid, 'compatibility_flags: a list is expected.');
};
