import type { Plain } from '../engine/values.ts';
import type { AccessDocument } from './access-document.ts';
import { allOf, anyOf, judged, not, type Judgement } from './judgement.ts';
import { judgeRules } from './rule.ts';
import type { Scene } from './scene.ts';
import type { Who } from './who.ts';

type Lists = { readonly include?: unknown; readonly require?: unknown; readonly exclude?: unknown };

/** Any of `include`, all of `require`, none of `exclude`. `why` is the rule that decides, or what is unknown. */
function judgeLists(lists: Lists, scene: Scene): Judgement {
  const include = anyOf(judgeRules(lists.include, scene));
  const require = allOf(judgeRules(lists.require, scene));
  const exclude = anyOf(judgeRules(lists.exclude, scene));
  const judgement = allOf([include, require, not(exclude)]);
  if (judgement.is === 'yes') return include;
  if (judgement.is === 'unknown') return judgement;
  if (include.is === 'no') return judged('no');
  return judged(
    'no',
    ...(exclude.is === 'yes' ? exclude.why.map((rule) => `excluded by ${rule}`) : require.why.map((rule) => `requires ${rule}`)),
  );
}

export type PolicyJudge = (policy: Plain, at: { readonly beforeLogin: boolean; readonly idps: readonly string[] }) => Judgement;

/** Judges the policies of a document for one person or bot. Each policy and group is judged once for each way of being asked. */
export function policyJudge(who: Who, document: AccessDocument): PolicyJudge {
  const known = new Map<string, Judgement>();
  const sceneFor = (at: Pick<Scene, 'beforeLogin' | 'idps'>, within: readonly string[]): Scene => ({
    ...at,
    who,
    document,
    group: (key) => {
      if (within.includes(key)) return judged('unknown', `group ${key}: includes itself`);
      const name = JSON.stringify([at, key]);
      const before = known.get(name);
      if (before !== undefined) return before;
      const { is, why } = judgeLists(document.groups.get(key) ?? {}, sceneFor(at, [...within, key]));
      const judgement = judged(is, ...(why.length === 0 ? [`group ${key}`] : why.map((reason) => `group ${key}: ${reason}`)));
      known.set(name, judgement);
      return judgement;
    },
  });
  const scenes = new Map<string, { readonly scene: Scene; readonly judged: Map<Plain, Judgement> }>();
  return (policy, at) => {
    const name = JSON.stringify(at);
    const asked = scenes.get(name) ?? { scene: sceneFor(at, []), judged: new Map<Plain, Judgement>() };
    scenes.set(name, asked);
    const judgement = asked.judged.get(policy) ?? judgeLists(policy, asked.scene);
    asked.judged.set(policy, judgement);
    return judgement;
  };
}
