import { objects, text } from './check.ts';
import { isObject, type JsonObject, omit } from './json.ts';
import { invalid, type Refusal } from './refusal.ts';
import type { SandboxState } from './state.ts';

export const scriptInvalid = 10021;
const badScript = (message: string): Refusal => invalid(scriptInvalid, message);

/** Bindings by what a request says and what was there: `inherit`, and secrets without text, stay as they were. */
export const bindingsFrom = (sent: JsonObject, before: readonly JsonObject[], state: SandboxState): readonly JsonObject[] => {
  const bindings = objects(sent['bindings']);
  const names = bindings.map((binding) => text(binding['name']));
  const twice = names.find((name, at) => name === '' || names.indexOf(name) !== at);
  if (twice !== undefined)
    throw badScript(twice === '' ? 'A binding has no name.' : `Binding name '${twice}' is used more than once.`);
  return bindings.map((binding) => whole(checked(binding, state), before));
};

const whole = (binding: JsonObject, before: readonly JsonObject[]): JsonObject => {
  const type = text(binding['type']);
  const isHeld = type === 'secret_text' && typeof binding['text'] !== 'string';
  if (type !== 'inherit' && !isHeld) return binding;
  const name = text(binding['old_name'], text(binding['name']));
  const live = before.find((each) => each['name'] === name && (!isHeld || each['type'] === type));
  if (live === undefined) throw badScript(`Binding '${name}' cannot be inherited: the Worker has none of this name.`);
  return { ...live, name: binding['name'] };
};

const checked = (binding: JsonObject, state: SandboxState): JsonObject => {
  const { type, simple } = binding;
  if (typeof type !== 'string' || type === '') throw badScript(`Binding '${text(binding['name'])}' has no type.`);
  if (type === 'plain_text' && typeof binding['text'] !== 'string')
    throw badScript(`Binding '${text(binding['name'])}' needs text.`);
  if (type === 'kv_namespace' && !state.kv_namespaces.some(({ id }) => id === binding['namespace_id'])) {
    throw invalid(10041, `KV namespace '${text(binding['namespace_id'])}' not found.`);
  }
  if (type === 'service' && !state.workers.some(({ id }) => id === binding['service'])) {
    throw invalid(
      10143,
      `Service binding '${text(binding['name'])}' references Worker '${text(binding['service'])}' which was not found.`,
    );
  }
  if (type !== 'ratelimit') return binding;
  const { limit, period } = isObject(simple) ? simple : {};
  if (typeof limit !== 'number' || (period !== 10 && period !== 60))
    throw badScript('ratelimit: period must be 10 or 60 seconds.');
  return binding;
};

/** What an upload keeps: the previous bindings of the types that it says, save those that it names itself. */
export const keptBindings = (
  sent: JsonObject,
  before: readonly JsonObject[],
  initial: readonly string[],
): readonly JsonObject[] => {
  const keep = sent['keep_bindings'];
  const types: readonly unknown[] = Array.isArray(keep) ? keep : initial;
  const named = new Set(objects(sent['bindings']).map((binding) => binding['name']));
  return before.filter((binding) => types.includes(binding['type']) && !named.has(binding['name']));
};

/** Settings never give a secret back, and their order says nothing. */
export const shownBindings = (bindings: readonly JsonObject[]): readonly JsonObject[] =>
  bindings.map((binding) => (text(binding['type']).startsWith('secret_') ? omit(binding, ['text']) : binding)).toReversed();
