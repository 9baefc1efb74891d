import { expect, it } from 'vitest';
import type { Kind, Section } from '../src/engine/kind.ts';
import { load } from '../src/load-spec.ts';
import { parseSources } from '../src/spec/parse-sources.ts';
import { kinds } from '../src/kinds/index.ts';

it('does not take a bug of ours for a mistake of the document', async () => {
  const [first] = kinds.flatMap((kind) => (kind.section === undefined ? [] : [{ kind, section: kind.section }]));
  if (first === undefined) throw new Error('no kind has a section');
  const section: Section = {
    ...first.section,
    check: () => {
      throw new TypeError('a bug');
    },
  };
  const kind: Kind = { ...first.kind, section };
  const sources = [{ name: 'portal.yaml', text: `version: 1\n${section.name}: { ci: {} }\n` }];
  const parsed = await parseSources(sources);
  expect(() => load(sources, { kinds: [kind], env: {}, parsed })).toThrow(TypeError);
});
