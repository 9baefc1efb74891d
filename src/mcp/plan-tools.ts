import { UsageError } from '../lib/errors.ts';
import type { Edit } from '../spec/edit.ts';
import { ofEntry, type Intent } from '../verbs/intent.ts';
import { flag, input, text, texts } from './arguments.ts';
import { applyShown } from './change.ts';
import type { Desk } from './desk.ts';
import { assertDocumentSize } from './document-size.ts';
import { plannedAnswer } from './plan-answers.ts';
import { changing, destroying, reading, type Answer, type Call, type Tool, type Values } from './tool.ts';
import type { Wish } from './workbench.ts';

const planInput = input({
  document: text('The YAML text of a portal.yaml.'),
  file: text('A file below the root.'),
  edits: {
    type: 'array',
    description: 'Changes of the portal.yaml here, limited to the entries they name.',
    items: {
      type: 'object',
      properties: {
        op: { type: 'string', enum: ['set', 'remove'] },
        path: { ...texts(), description: 'Such as ["servers","github","url"].' },
        value: {},
      },
      required: ['path'],
    },
  },
  prune: flag('Also delete what the portals no longer use.'),
  targets: texts('Only these, as KIND:KEY.'),
});

/** Planning, and applying what was planned. */
export const planTools = (desk: Desk): readonly Tool[] => [
  {
    name: 'mcpportal_plan',
    description:
      'Compare a portal.yaml (document, file, or edits of the one here; by default the one here) with the account. Changes nothing; gives the diff and a plan_id.',
    toolset: 'core',
    changes: false,
    hints: { ...reading, idempotentHint: false },
    input: planInput,
    run: (args, call) => plan(args, { call, desk }),
  },
  {
    name: 'mcpportal_apply',
    description: 'Apply a plan that the person has seen. Works once, within 15 minutes, while nothing moved.',
    toolset: 'core',
    changes: true,
    hints: { ...(desk.settings.allowDestroy ? destroying : changing), idempotentHint: false },
    input: input({ plan_id: text() }, ['plan_id']),
    run: (args, call) => applyShown(String(args['plan_id']), { call, desk }),
  },
];

async function plan(args: Values, { call, desk }: { readonly call: Call; readonly desk: Desk }): Promise<Answer> {
  const wish = wishFrom(args);
  const draft = await desk.bench.draft(wish, call.signal);
  const shown = desk.plans.show({ wish, draft, facts: () => ({}) });
  call.note({ plan_id: shown.id });
  return plannedAnswer(shown, desk.settings);
}

function wishFrom({ document, file, edits, prune, targets }: Values): Wish {
  const given = Object.entries({ document, file, edits }).filter(([, value]) => value !== undefined);
  if (given.length > 1) throw twice(given.map(([name]) => name));
  const options = { prune: prune === true, targets: Array.isArray(targets) ? targets.map(String) : [] };
  if (typeof document === 'string') {
    assertDocumentSize(document);
    return { title: 'apply the document of the call', base: { is: 'text', text: document }, ...options };
  }
  if (typeof file === 'string') return { title: `apply ${file}`, base: { is: 'file', path: file }, ...options };
  if (!Array.isArray(edits)) return { title: 'apply the document', base: { is: 'files' }, ...options };
  const list = edits.map(editFrom);
  return { title: 'apply edits of the document', base: { is: 'files' }, foreseen: list, intend: async () => intentOf(list) };
}

const twice = (names: readonly string[]): UsageError =>
  new UsageError(`${names.join(' and ')} exclude each other`, {
    code: 'invalid_arguments',
    hint: 'Give one of document, file and edits.',
  });

function editFrom(edit: unknown): Edit {
  const { op = 'set', path, value } = Object(edit);
  const parts = Array.isArray(path) ? path.map(String) : [];
  if (parts.length < 2 && !(parts.length === 1 && parts[0] === 'dns'))
    throw new UsageError('the path of an edit begins with a section and a key', {
      code: 'invalid_arguments',
      hint: 'Such as ["servers","github","url"].',
    });
  if (op === 'remove') return { op: 'remove', path: parts };
  if (value === undefined) throw new UsageError(`the edit of ${parts.join('.')} has no value`, { code: 'invalid_arguments' });
  return { op: 'set', path: parts, value };
}

/** The run is about the entries that the edits name. */
function intentOf(edits: readonly Edit[]): Intent {
  const entries = edits.map(({ path: [section = '', key] }) => ({ section, key }));
  return {
    edits,
    named: (resource) =>
      entries.some(({ section, key }) =>
        key === undefined ? resource.place?.path.startsWith(`${section}[`) === true : ofEntry(section, key)(resource),
      ),
    about: entries.map(({ section, key }) => (key === undefined ? section : `${section}.${key}`)),
    save: [],
  };
}
