import { parseDocument, type Document, type YAMLError } from 'yaml';
import type { Finding } from '../engine/kind.ts';
import { isSecretiveSpot } from '../lib/secretive.ts';
import { fromYaml } from './from-yaml.ts';
import { failed, type Parsed } from './parsed.ts';
import { problem } from './report.ts';
import { placeOf, type Source } from './source.ts';

/** One YAML 1.2 document by the `yaml` package: all of YAML, and every error with its reason. */
export function parseFully(source: Source): Parsed {
  if (isTooDeep(source.text)) return failed(source, 'the values are nested too deeply', undefined);
  const document = composed(source);
  const wrong = [...document.errors, ...document.warnings];
  if (wrong.length > 0) return { ok: false, findings: syntaxFindings(source, wrong) };
  if (document.contents === null) return failed(source, 'the file is empty', 'start with `version: 1`');
  return fromYaml(source, document.contents);
}

/**
 * The `yaml` package's document. Duplicate keys are looked for later (its own check takes quadratic
 * time), tags beyond the core schema are warnings, and those count as errors here.
 */
const composed = (source: Source): Document.Parsed =>
  parseDocument(source.text, { prettyErrors: false, uniqueKeys: false, stringKeys: true, resolveKnownTags: false });

const deepest = 500;
const deepLine = new RegExp(String.raw`^(?: |[-?:] |[&!]\S* ){${deepest},}`, 'm');

/**
 * The parser recurses with the nesting until the stack is full, and where a regular expression is
 * compiled just then, Node itself ends. So the depth is bounded by what a look at the text can say.
 */
function isTooDeep(text: string): boolean {
  if (deepLine.test(text)) return true;
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > deepest) return true;
  }
  return false;
}

type Wording = { readonly message: string; readonly hint?: string };

const wordings: { readonly [code in YAMLError['code']]?: Wording } = {
  MULTIPLE_DOCS: {
    message: 'the file holds more than one YAML document',
    hint: 'keep one, or give several files with -f',
  },
  TAB_AS_INDENT: { message: 'a tab is used as indentation', hint: 'indent with spaces' },
  NON_STRING_KEY: { message: 'a key must be a string' },
  BAD_ALIAS: {
    message: 'an alias or anchor that cannot be read',
    hint: 'put quotes around a value that starts with * or &',
  },
  BAD_SCALAR_START: { message: 'a value cannot start with this character', hint: 'put quotes around it' },
  RESOURCE_EXHAUSTION: { message: 'the values are nested too deeply' },
};

const most = 20;

/** One fault often makes the parser complain several times: the first of each line says it. */
function syntaxFindings(source: Source, errors: readonly YAMLError[]): readonly Finding[] {
  const byLine = new Map<number | undefined, Finding>();
  for (const error of errors.toSorted((a, b) => a.pos[0] - b.pos[0])) {
    const finding = syntaxFinding(source, error);
    if (!byLine.has(finding.place?.line)) byLine.set(finding.place?.line, finding);
    if (byLine.size === most) break;
  }
  return [...byLine.values()];
}

function syntaxFinding(source: Source, error: YAMLError): Finding {
  const offset = Math.min(error.pos[0], source.text.length);
  const place = placeOf({ source, offset }, []);
  const wording = wordings[error.code] ?? { message: lowerFirst(parserMessage(source, error, place.line)) };
  const code = error.code === 'MULTIPLE_DOCS' || error.code === 'RESOURCE_EXHAUSTION' ? 'MCP108' : 'MCP100';
  return problem(code, wording.message, {
    place,
    hint: wording.hint ?? mistakeHint(source, offset),
  });
}

/** The parser's words, without what they quote of the text where that may be a secret. */
function parserMessage({ text }: Source, { code, message }: YAMLError, line: number): string {
  if (code !== 'UNEXPECTED_TOKEN' && !isSecretiveSpot(text.split('\n'), line - 1)) return message;
  return code === 'BAD_DQ_ESCAPE' ? 'Invalid escape sequence' : message.replace(/:\s[^]*$/, '');
}

/** What people trip over without the parser naming it. */
function mistakeHint({ text }: Source, offset: number): string | undefined {
  if (text[offset] === '\t' || text[offset - 1] === '\t') return 'there is a tab here: indent with spaces';
  return text.startsWith('${', offset - 1) ? 'inside { } and [ ] put quotes around a value with ${…}' : undefined;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
