import type { OpenApi } from '../../cloudflare/client.ts';
import type { Proposal } from '../../engine/plan.ts';
import { kinds } from '../../kinds/index.ts';
import { exitCodes, type ExitCode } from '../../lib/errors.ts';
import type { LoadedSpec } from '../../load-spec.ts';
import { propose } from '../../pipeline.ts';
import type { Draft } from '../../wizard/draft.ts';
import { converge } from './converge.ts';
import type { Context } from './init-account.ts';
import { finalText, writeFile, type InitFile } from './init-file.ts';
import { withSourceCode } from './source-code.ts';
import { readStoredSecrets, type StoredSecrets } from './stored-secrets.ts';

/** What the new document would change in the account. */
export type Outlook = {
  readonly api: OpenApi;
  readonly spec: LoadedSpec;
  readonly proposal: Proposal;
  readonly stored: StoredSecrets;
};

/** Plans a document that is not written yet. */
export async function planDraft({ world }: Context, draft: Draft, api: OpenApi): Promise<Outlook> {
  const spec = await withSourceCode(await draft.load(), world);
  const stored = await readStoredSecrets({ world, desired: spec.desired });
  return { api, spec, stored, proposal: await propose({ api, kinds, spec, stored: stored.of }) };
}

export type Ready = {
  readonly file: InitFile;
  readonly draft: Draft;
  /** Undefined: nothing is applied. */
  readonly outlook: Outlook | undefined;
  /** Asks before the changes, which were shown already. */
  readonly ask?: (question: string) => Promise<boolean>;
  /** What goes with the file. */
  readonly alsoWrite?: () => Promise<void>;
};

const maxDeletes = 10;

/** Writes the file, then carries the plan out as `apply` does. */
export async function writeAndApply(context: Context, { file, draft, outlook, ask, alsoWrite }: Ready): Promise<ExitCode> {
  const { output } = context;
  const isNew = finalText(file, draft) !== file.before;
  if (isNew) await writeFile(context, file, draft);
  await alsoWrite?.();
  output.notice(isNew ? `Wrote ${file.name}.` : `${file.name} says all of this already: it was not written.`);
  if (outlook !== undefined)
    return converge({ invocation: context, ...outlook, maxDeletes, ...(ask === undefined ? {} : { ask }) });
  output.notice('Next: mcp-portal plan, then mcp-portal apply.');
  return told(context, file, { written: isNew });
}

/** Says what became of the file where standard output is one document. */
export function told(
  { output }: Context,
  { name }: InitFile,
  facts: { readonly written: boolean; readonly text?: string },
): ExitCode {
  if (output.format === 'json') output.json({ schema_version: 1, ok: true, file: name, ...facts });
  else if (facts.text !== undefined) output.result(facts.text);
  return exitCodes.done;
}
