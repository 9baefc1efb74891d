import type { Offer } from './visible.ts';

/** How tokens are estimated. Every model counts its own way; between two lists the comparison holds. */
export const method = 'characters / 4 of the definitions as JSON';

/** What the list of a portal costs a client before the first question, in estimated tokens. */
export type Budget = {
  readonly tokens: number;
  /** The heaviest tools first. */
  readonly heaviest: readonly { readonly name: string; readonly tokens: number }[];
  /** What Code Mode saves: its two tools stand in the place of all others, their own definitions not counted. */
  readonly code_mode_saves: number;
  /** What hiding the heaviest would save. */
  readonly curation_saves: number;
  /** What is saved already by what is hidden. */
  readonly hidden_saves: number;
};

const heaviestCount = 5;

/** Prompts are fetched when a person asks for them: only tools stand in the context. */
export function budgetOf(offers: readonly Offer[]): Budget {
  const tools = offers.filter(({ list }) => list === 'tools');
  const visible = tools.filter((tool) => tool.isVisible);
  const tokens = sumOf(visible);
  const heaviest = visible
    .toSorted((a, b) => b.tokens - a.tokens || (a.name < b.name ? -1 : 1))
    .slice(0, heaviestCount)
    .map((tool) => ({ name: tool.name, tokens: tool.tokens }));
  return {
    tokens,
    heaviest,
    code_mode_saves: tokens,
    curation_saves: heaviest.reduce((sum, tool) => sum + tool.tokens, 0),
    hidden_saves: sumOf(tools.filter((tool) => !tool.isVisible)),
  };
}

const sumOf = (tools: readonly Offer[]): number => tools.reduce((sum, tool) => sum + tool.tokens, 0);
