/** Whether something holds. `unknown` is what the document alone cannot tell. */
export type Answer = 'yes' | 'no' | 'unknown';

/** An answer with its grounds, each a phrase that can stand in a list. */
export type Judgement = { readonly is: Answer; readonly why: readonly string[] };

export const judged = (is: Answer, ...why: readonly string[]): Judgement => ({ is, why });

export const holds = (isTrue: boolean, ...why: readonly string[]): Judgement => judged(isTrue ? 'yes' : 'no', ...why);

/** Yes as soon as one is; what is unknown counts only where nothing else decides (Kleene's logic). */
export function anyOf(judgements: readonly Judgement[]): Judgement {
  return judgements.find(({ is }) => is === 'yes') ?? undecided(judgements, 'no');
}

/** No as soon as one is. */
export function allOf(judgements: readonly Judgement[]): Judgement {
  return judgements.find(({ is }) => is === 'no') ?? undecided(judgements, 'yes');
}

function undecided(judgements: readonly Judgement[], otherwise: Answer): Judgement {
  const open = judgements.filter(({ is }) => is === 'unknown');
  const decisive = open.length === 0 ? judgements : open;
  return judged(open.length === 0 ? otherwise : 'unknown', ...new Set(decisive.flatMap(({ why }) => why)));
}

export const not = ({ is, why }: Judgement): Judgement =>
  judged(is === 'unknown' ? 'unknown' : is === 'yes' ? 'no' : 'yes', ...why);
