import type { Client, JsonObject, Wanted } from './client.ts';
import { tomlTable } from './toml-edit.ts';

/** What a client is to be told, as a value; undefined where there are only steps. */
export function fragmentOf(client: Client, wanted: Wanted): JsonObject | undefined {
  if (client.is === 'steps') return undefined;
  if (client.is === 'request') return client.body(wanted);
  const inputs = client.inputs?.(wanted) ?? [];
  return { ...(inputs.length === 0 ? {} : { inputs }), [client.section]: { [wanted.name]: client.entry(wanted) } };
}

/** The same as the client's text, and nothing beside it: ready to be pasted. Ends with a newline. */
export async function fragmentText(client: Client, wanted: Wanted): Promise<string> {
  if (client.is === 'steps')
    return client
      .steps(wanted)
      .map((step, index) => `${index + 1}. ${step}\n`)
      .join('');
  if (client.is === 'entry' && client.format === 'toml') return tomlTable([client.section, wanted.name], client.entry(wanted));
  const value = fragmentOf(client, wanted);
  if (client.format !== 'yaml') return `${JSON.stringify(value, undefined, 2)}\n`;
  const { yamlText } = await import('../spec/edit-yaml.ts');
  return yamlText(value);
}
