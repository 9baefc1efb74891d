import { parseDocument, stringify } from 'yaml';

/** A value as YAML, as it is: unlike in a document of ours, `${` means nothing. */
export const yamlText = (value: unknown): string => stringify(value, { lineWidth: 0 });

export type ParsedYaml = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly offset: number };

/** What a YAML text says. Never throws for what a text can contain. */
export function parseYaml(text: string): ParsedYaml {
  const document = composed(text);
  const [error] = document.errors;
  if (error !== undefined) return { ok: false, offset: error.pos[0] };
  try {
    return { ok: true, value: document.toJS() };
  } catch {
    return { ok: false, offset: 0 }; // aliases that multiply without end
  }
}

const composed = (text: string) => parseDocument(text, { prettyErrors: false });
