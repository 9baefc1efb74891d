import type { Finding } from '../../engine/kind.ts';
import { UsageError } from '../../lib/errors.ts';
import { commandLine, type Edit } from '../../spec/edit.ts';
import { pathText } from '../../spec/source.ts';
import { SpecError } from '../../spec/spec-error.ts';
import { slug } from '../../verbs/ids.ts';

/** Mistakes in the values of options, told of the options: nobody can look at the document that they make. */
export function saidOfOptions(error: unknown, edits: readonly Edit[]): unknown {
  if (!(error instanceof SpecError)) return error;
  const errors = error.findings.filter(({ severity }) => severity === 'error');
  if (!errors.every(({ place }) => place?.file === commandLine)) return error;
  const told = errors.map((finding) => toldOf(finding, edits));
  const hints = [...new Set(told.map(({ hint }) => hint).filter((hint) => hint !== undefined))];
  return new UsageError(told.map(({ message }) => message).join('\n'), {
    hint: hints.join('\n') || undefined,
    path: errors[0]?.place?.path,
    cause: error,
  });
}

type Told = { readonly message: string; readonly hint: string | undefined };

function toldOf(finding: Finding, edits: readonly Edit[]): Told {
  const { message, hint } = finding;
  const path = finding.place?.path ?? '';
  const key = edits.map((edit) => edit.path).find((at) => pathText(at.slice(0, 2)) === path)?.[1];
  if (finding.code === 'MCP204' && key !== undefined) return wrongId(key, finding);
  const edit = edits.find((one) => one.op === 'set' && one.from !== undefined && isWithin(path, pathText(one.path)));
  if (edit?.op !== 'set' || edit.from === undefined) return { message, hint };
  return { message: `${edit.from}: ${withoutPath(message, pathText(edit.path))}`, hint };
}

/** A message that begins with a path of the edit, without it. */
function withoutPath(message: string, outer: string): string {
  const end = message.indexOf(': ');
  return end !== -1 && isWithin(message.slice(0, end), outer) ? message.slice(end + 2) : message;
}

const isWithin = (path: string, outer: string): boolean =>
  path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);

/** An id that Cloudflare does not take, with one that it does. */
function wrongId(key: string, { message, hint }: Finding): Told {
  const suggestion = slug(key);
  const hints = [...(suggestion === '' ? [] : [`use ${suggestion}`]), ...(hint === undefined ? [] : [hint])];
  return {
    message: `"${key}" cannot be an id: ${message.slice(message.indexOf('at most'))}`,
    hint: hints.join('; ') || undefined,
  };
}
