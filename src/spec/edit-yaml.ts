import { isDeepStrictEqual } from 'node:util';
import { isCollection, parseDocument, stringify, type Document } from 'yaml';

/** A change of any YAML file: the value at `path`, or none. Maps above it that are missing are made. */
export type YamlEdit = { readonly path: readonly string[]; readonly value: unknown };

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

/**
 * A valid YAML text with edits: comments and order stay, and so does the style as far as it is even. Undefined where
 * the text cannot be changed like that, because values in it are shared through anchors.
 */
export function editedYaml(text: string, edits: readonly YamlEdit[]): string | undefined {
  const document = composed(text);
  const style = styleOf(document, text);
  const wanted = edits.reduce<unknown>((value, { path, value: next }) => plainEdited(value, path, next), document.toJS());
  for (const { path, value } of edits) {
    if (value === undefined) document.deleteIn(path);
    else setAt(document, path, value);
  }
  const edited = document.toString(style);
  const result = parseYaml(edited);
  if (!result.ok || !isDeepStrictEqual(result.value, wanted)) return undefined;
  return text.includes('\r\n') ? edited.replace(/\r?\n/g, '\r\n') : edited;
}

/** The same edit of a plain value. */
function plainEdited(value: unknown, [key, ...rest]: readonly string[], next: unknown): unknown {
  if (key === undefined) return next;
  const map: { [key: string]: unknown } = { ...Object(value) };
  if (rest.length > 0 || next !== undefined) map[key] = plainEdited(map[key], rest, next);
  else delete map[key];
  return map;
}

const composed = (text: string) => parseDocument(text, { prettyErrors: false });

function setAt(document: Document, path: readonly string[], value: unknown): void {
  const above = path.slice(0, -1).map((_, index) => path.slice(0, index + 1));
  // A key that nobody has filled in yet stands in the way of what goes below it.
  for (const at of above)
    if (document.hasIn(at) && isUnfilled(document.getIn(at, true))) document.setIn(at, document.createNode({}));
  document.setIn(path, document.createNode(value));
}

const isUnfilled = (node: unknown): boolean => !isCollection(node) || node.items.length === 0;

/** The style that writes the text as it is, or with the fewest new lines. */
function styleOf(document: Document, text: string) {
  const lines = new Set(text.split(/\r?\n/));
  const styles = [2, 4].flatMap((indent) =>
    [true, false].flatMap((indentSeq) =>
      [true, false].map((flowCollectionPadding) => ({ lineWidth: 0, indent, indentSeq, flowCollectionPadding })),
    ),
  );
  const newLines = (style: object): number =>
    document
      .toString(style)
      .split('\n')
      .filter((line) => !lines.has(line)).length;
  return styles.map((style) => ({ style, count: newLines(style) })).reduce((best, one) => (one.count < best.count ? one : best))
    .style;
}
