import type { Draft } from './draft.ts';
import { adoptEdits } from './edits.ts';
import type { Step } from './step.ts';

/** Takes over what the account has, as it is; undefined where it has nothing. */
export async function adopt({ prompts, look, draft }: Step): Promise<Draft | undefined> {
  const [portals, servers] = (['portal', 'server'] as const).map((kind) =>
    look[`${kind}s`].map(({ id, about }) => ({ value: `${kind}:${id}`, name: `${kind} ${id} (${about})`, checked: true })),
  );
  const choices = [...(portals ?? []), ...(servers ?? [])];
  if (choices.length === 0) {
    prompts.show('There is nothing to take over: no portals and no servers that can be read.');
    return undefined;
  }
  prompts.explain('The document will say just what is there. Servers behind a portal, policies and groups come along.');
  const chosen = await prompts.checkbox({ message: 'What goes into the document?', choices, required: true });
  return draft.with(adoptEdits(look.exported(chosen), draft.said));
}
