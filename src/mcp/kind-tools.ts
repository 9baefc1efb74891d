import type { Kind, Section } from '../engine/kind.ts';
import { kinds } from '../kinds/index.ts';
import { UsageError } from '../lib/errors.ts';
import { set } from '../spec/edit.ts';
import { removeRecord } from '../verbs/dns.ts';
import { ofEntry, type Intent } from '../verbs/intent.ts';
import { removePortal } from '../verbs/portals.ts';
import { removeServer } from '../verbs/servers.ts';
import { gone, type Surroundings } from '../verbs/surroundings.ts';
import { input, text, type InputSchema } from './arguments.ts';
import { change } from './change.ts';
import type { Desk } from './desk.ts';
import { entrySchema } from './entry-schema.ts';
import { changing, destroying, textIn, type Tool, type Values } from './tool.ts';

/** A pair of tools for each kind that the document has a section for. */
export const kindTools = (desk: Desk): readonly Tool[] =>
  kinds.flatMap((kind) => (kind.section === undefined ? [] : pairFor(kind, kind.section, desk)));

function pairFor(kind: Kind, section: Section, desk: Desk): readonly Tool[] {
  const { kind: word, title } = kind;
  const isMap = section.shape === 'map';
  const entry = entrySchema(section);
  return [
    {
      name: `mcpportal_put_${word}`,
      description: `Make or change one ${title}; fields left out stay.`,
      toolset: 'kinds',
      changes: true,
      hints: desk.settings.allowDestroy ? destroying : changing,
      input: input({ ...(isMap ? { key: text() } : {}), entry }, isMap ? ['key', 'entry'] : ['entry']),
      run: (args, call) => {
        const { key, value } = entryIn(args, isMap);
        const intent = putIntent(section, key, value);
        const wish = {
          title: `put ${word} ${key}`,
          base: { is: 'files' },
          intend: async () => intent,
          foreseen: intent.edits,
        } as const;
        return change(wish, { call, desk });
      },
    },
    {
      name: `mcpportal_remove_${word}`,
      description: `Remove one ${title}.`,
      toolset: 'kinds',
      changes: true,
      hints: destroying,
      input: isMap ? input({ key: text() }, ['key']) : recordInput,
      run: (args, call) => {
        const title = `remove ${word} ${String(args['key'] ?? args['name'])}`;
        return change(
          { title, base: { is: 'files' }, intend: (around) => removal(word, section, { args, around }) },
          { call, desk },
        );
      },
    },
  ];
}

const recordInput: InputSchema = input({ name: text(), type: text(), content: text(), zone: text() }, ['name', 'type']);

function entryIn({ key, entry }: Values, isMap: boolean): { readonly key: string; readonly value: Values } {
  const value: Values = Object(entry);
  if (!isMap) return { key: textIn(value, 'name'), value };
  if (typeof key === 'string' && key.trim() !== '') return { key, value };
  throw new UsageError('"key" is empty', { code: 'invalid_arguments', hint: 'The name by which the document calls it.' });
}

function putIntent({ name, shape }: Section, key: string, value: Values): Intent {
  if (shape === 'map')
    return { edits: [set([name, key], value)], named: ofEntry(name, key), about: [`${name}.${key}`], save: [] };
  return { edits: [set([name], [value])], named: ({ place }) => place?.path === `${name}[0]`, about: [`${name}[0]`], save: [] };
}

type Removing = { readonly args: Values; readonly around: Surroundings };

/** Servers and portals leave more behind than an entry: what their commands do, is done here. */
async function removal(word: string, { name, shape }: Section, { args, around }: Removing): Promise<Intent> {
  const key = String(args['key']);
  if (shape === 'list') return removeRecord(Object(args), around);
  if (word === 'server') return removeServer(key, around);
  if (word === 'portal') return removePortal(key, around);
  return { edits: [set([name, key], gone(name, key, around))], named: ofEntry(name, key), about: [`${name}.${key}`], save: [] };
}
