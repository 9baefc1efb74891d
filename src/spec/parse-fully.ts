import { parseDocument, type Document, type ParsedNode, type YAMLError } from 'yaml';
import type { Finding } from '../engine/kind.ts';
import { fromYaml } from './from-yaml.ts';
import { failed, type Parsed } from './parsed.ts';
import { problem } from './report.ts';
import { placeOf, type Source } from './source.ts';

/** One YAML 1.2 document by the `yaml` package: all of YAML, and every error with its reason. */
export function parseFully(source: Source): Parsed {
  const document = composed(source);
  if (document === undefined) return failed(source, 'the values are nested too deeply', undefined);
  const wrong = [...document.errors, ...document.warnings];
  if (wrong.length > 0) return { ok: false, findings: wrong.map((error) => syntaxFinding(source, error)) };
  if (document.contents === null) return failed(source, 'the file is empty', 'start with `version: 1`');
  return fromYaml(source, document.contents);
}

/**
 * The `yaml` package's document. Duplicate keys are looked for later (its own check takes quadratic
 * time), tags beyond the core schema are warnings, and those count as errors here.
 */
function composed(source: Source): Document.Parsed<ParsedNode> | undefined {
  try {
    return parseDocument(source.text, { prettyErrors: false, uniqueKeys: false, stringKeys: true, resolveKnownTags: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined; // the parser recursed until the stack was full
    throw error;
  }
}

type Wording = { readonly message: string; readonly hint?: string };

const wordings: { readonly [code in YAMLError['code']]?: Wording } = {
  MULTIPLE_DOCS: { message: 'the file holds more than one YAML document', hint: 'keep one, or give several files with -f' },
  TAB_AS_INDENT: { message: 'a tab is used as indentation', hint: 'indent with spaces' },
  NON_STRING_KEY: { message: 'a key must be a string' },
  BAD_ALIAS: { message: 'an alias or anchor that cannot be read', hint: 'put quotes around a value that starts with * or &' },
  BAD_SCALAR_START: { message: 'a value cannot start with this character', hint: 'put quotes around it' },
  RESOURCE_EXHAUSTION: { message: 'the values are nested too deeply' },
};

function syntaxFinding(source: Source, error: YAMLError): Finding {
  const wording = wordings[error.code] ?? { message: lowerFirst(error.message) };
  const offset = Math.min(error.pos[0], source.text.length);
  const code = error.code === 'MULTIPLE_DOCS' || error.code === 'RESOURCE_EXHAUSTION' ? 'MCP108' : 'MCP100';
  return problem(code, wording.message, { place: placeOf({ source, offset }, []), hint: wording.hint ?? mistakeHint(source, offset) });
}

/** What people trip over without the parser naming it. */
function mistakeHint(source: Source, offset: number): string | undefined {
  if (source.text[offset] === '\t' || source.text[offset - 1] === '\t') return 'there is a tab here: indent with spaces';
  const line = source.text.slice(source.text.lastIndexOf('\n', offset - 1) + 1).split('\n', 1)[0] ?? '';
  return /[[{,:] *[^"'\s]*\$\{/.test(line) && /[[{].*\$\{/.test(line.replace('${', '')) ? variableHint : undefined;
}

const variableHint = 'inside { } and [ ] put quotes around a value with ${…}';

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
