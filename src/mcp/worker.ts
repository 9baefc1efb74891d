import { UsageError } from '../lib/errors.ts';
import { set } from '../spec/edit.ts';
import { ofEntry, type Intent } from '../verbs/intent.ts';
import type { Surroundings } from '../verbs/surroundings.ts';
import { assertDocumentSize } from './document-size.ts';
import type { Values } from './tool.ts';
import type { Wish } from './workbench.ts';

/** Names of what a call brings itself: no file and no variable is called so. */
const fileName = 'worker-of-this-call.mjs';
const secretName = (binding: string): string => `MCP_PORTAL_CALL_${binding}`;

export function workerWish(args: Values): Wish {
  const name = String(args['name']);
  const script = String(args['script']);
  assertDocumentSize(script);
  const bindings = Object.entries(Object(args['bindings'])).map(([binding, value]) => [binding, String(value)] as const);
  const inline = bindings.filter(([, value]) => !isNamespace(value) && !isReference(value));
  return {
    title: `deploy Worker ${name}`,
    base: { is: 'nothing' },
    intend: (around) => intentOf(name, { args, bindings, around }),
    code: { [fileName]: script },
    secrets: Object.fromEntries(inline.map(([binding, value]) => [secretName(binding), value])),
    resendSecrets: true,
    ...(inline.length === 0
      ? {}
      : {
          warnings: [
            `the values of ${inline.map(([binding]) => binding).join(', ')} went through this conversation: env:NAME or file:PATH in their place keeps secrets out of it`,
          ],
        }),
  };
}

const isNamespace = (value: string): boolean => /^[0-9a-f]{32}$/i.test(value);
const isReference = (value: string): boolean => /^(env:[A-Za-z_]\w*|file:\S.*)$/.test(value);

type Given = { readonly args: Values; readonly bindings: readonly (readonly [string, string])[]; readonly around: Surroundings };

async function intentOf(name: string, { args, bindings, around }: Given): Promise<Intent> {
  const wrong = bindings.map(([binding]) => binding).find((binding) => !/^[A-Za-z_]\w*$/.test(binding));
  if (wrong !== undefined)
    throw new UsageError(`the binding ${JSON.stringify(wrong)} has no name of a variable`, { code: 'invalid_arguments' });
  const isThere = (await around.live('worker')).some((live) => live.name === name);
  const date = args['compatibility_date'] ?? (isThere ? undefined : firstDate);
  const secrets = bindings.filter(([, value]) => !isNamespace(value));
  const entry = {
    main: fileName,
    ...(date === undefined ? {} : { compatibility_date: date }),
    kv: Object.fromEntries(bindings.filter(([, value]) => isNamespace(value))),
    secrets: Object.fromEntries(
      secrets.map(([binding, value]) => [binding, isReference(value) ? value : `env:${secretName(binding)}`]),
    ),
  };
  return { edits: [set(['workers', name], entry)], named: ofEntry('workers', name), about: [`workers.${name}`], save: [] };
}

/** Of a new Worker whose maker names none. It never moves, so that doing it again changes nothing. */
const firstDate = '2026-11-01';
