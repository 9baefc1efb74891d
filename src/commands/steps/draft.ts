import { load } from '../../load-spec.ts';
import type { Lock } from '../../exposure/lock.ts';
import { kinds } from '../../kinds/index.ts';
import type { Edit } from '../../spec/edit.ts';
import { editedText } from '../../spec/edit-file.ts';
import type { Env } from '../../spec/interpolate.ts';
import { parseSources } from '../../spec/parse-sources.ts';
import { SpecError } from '../../spec/spec-error.ts';
import { toValue } from '../../spec/to-value.ts';
import type { Draft } from '../../wizard/draft.ts';

type Text = {
  readonly name: string;
  readonly text: string;
  readonly env: Env;
  readonly edits?: readonly Edit[];
  /** The lock file beside it. */
  readonly lock?: Lock | undefined;
};

/** A document that grows by edits of its text. Throws a `SpecError` for a text that is no YAML. */
export async function createDraft({ name, text, env, edits = [], lock }: Text): Promise<Draft> {
  const sources = [{ name, text }];
  const parsed = await parseSources(sources);
  const [only] = parsed;
  if (only?.ok !== true) throw new SpecError(only?.findings ?? [], sources);
  const root = toValue(only.root, [], { env, findings: [], broken: new Set() });
  const said = (...path: readonly string[]): unknown => path.reduce<unknown>(memberOf, root) ?? undefined;
  const draft: Draft = {
    text,
    edits,
    said,
    keys: (section) => Object.keys(Object(said(section) ?? {})),
    with: async (more) =>
      more.length === 0 ? draft : createDraft({ name, text: editedText(text, more), env, edits: [...edits, ...more], lock }),
    load: async () => load(sources, { kinds, env, parsed, lock }),
    findings: async () => {
      try {
        return (await draft.load()).findings;
      } catch (error) {
        if (error instanceof SpecError) return error.findings;
        throw error;
      }
    },
  };
  return draft;
}

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
