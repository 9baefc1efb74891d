import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Wish } from '../../mcp/workbench.ts';
import { set, type Edit } from '../../spec/edit.ts';
import type { Planned } from './mcp-draft.ts';
import type { Host } from './mcp-world.ts';

/** Longer documents stand in the call already: whoever reads the result pays for each character. */
const mostInline = 2_000;

/** The command line that does what a wish does, for the person to type. */
export async function commandFor(host: Host, wish: Wish, planned: Planned): Promise<string> {
  const { operation, base, prune, targets = [] } = wish;
  if (operation !== undefined) return `mcp-portal sync-server ${(operation.refs ?? []).map(quoted).join(' ')}`.trim();
  const options = `${prune === true ? ' --prune' : ''}${targets.map((target) => ` --target ${quoted(target)}`).join('')}`;
  if (wish.intend !== undefined) return withEdits(host, wish, planned);
  if (base.is === 'text' && base.text.length > mostInline)
    return `mcp-portal apply -f document.yaml${options}  # document.yaml: the document of this call`;
  if (base.is === 'text') return here(`mcp-portal apply -f -${options} --yes`, base.text);
  const files = base.is === 'file' ? [base.path] : host.global.files;
  return `mcp-portal apply${files.map((file) => ` -f ${quoted(file)}`).join('')}${options}`;
}

/** Edits stand in a document of their own that is laid over the files, limited to what they change. */
async function withEdits(host: Host, { base }: Wish, { proposal, edits = [] }: Planned): Promise<string> {
  const files = base.is === 'nothing' ? [] : await filesHere(host);
  const options = [...files, '-'].map((file) => ` -f ${quoted(file)}`).join('');
  const targets = proposal.plan.changes.map(({ address }) => ` --target ${quoted(address)}`).join('');
  return here(`mcp-portal apply${options}${targets} --yes`, await textOf(edits));
}

async function filesHere({ global, root, world }: Host): Promise<readonly string[]> {
  if (global.files.length > 0) return global.files;
  const usual = ['portal.yaml', 'portal.yml'];
  const there = await Promise.all(usual.map((name) => world.files.exists(resolve(root.folder, name))));
  return usual.filter((_name, at) => there[at]).slice(0, 1);
}

async function textOf(edits: readonly Edit[]): Promise<string> {
  const { documentText } = await import('../../spec/write.ts');
  const root: Record<string, unknown> = {};
  for (const edit of [set(['version'], 1), ...edits]) if (edit.op === 'set') place(root, edit.path, edit.value);
  return documentText(root);
}

function place(root: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    root[key] = value;
    return;
  }
  const inner: Record<string, unknown> = { ...Object(root[key]) };
  root[key] = inner;
  place(inner, rest, value);
}

/** Nobody can know the last line, so no text can end early and go on as commands. */
function here(command: string, text: string): string {
  const end = `END_${randomBytes(6).toString('hex')}`;
  return `${command} <<'${end}'\n${text.trimEnd()}\n${end}`;
}

/** A word as a shell takes it. */
const quoted = (word: string): string => (/^[\w.:/@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);
