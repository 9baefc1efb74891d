import type { Plan } from '../engine/plan-types.ts';
import type { ApplyFacts } from './json.ts';
import { renderAppliedSummary, renderBlocks, renderSummary, renderUndone, wantsPerson, type Outputs } from './text.ts';
import { neutral } from './value.ts';

/** GitHub refuses comments of more than 65,536 characters; the rest is room for a wrapper's own words. */
const longest = 65_000;
const longestLine = 2_000;

/**
 * A plan as a pull request comment. Outside the fence stand only our own words, numbers and code
 * spans, so nothing in a name can become markup or a mention.
 */
export function renderPlanMarkdown(plan: Plan, { planId }: { readonly planId: string }): string {
  return comment([renderSummary(plan), ...notes(plan)], renderBlocks(plan), planId);
}

/** What an apply did, in the same form: what failed first, then what was planned. */
export function renderAppliedMarkdown(plan: Plan, { planId, outcomes, outputs = {}, kept = [] }: ApplyFacts): string {
  const undone = [...renderUndone(outcomes), ...kept.map((sentence) => neutral(sentence))];
  const failed = undone.length === 0 ? [] : [`Not as planned: ${undone.length}.`];
  const blocks = [...(undone.length === 0 ? [] : [undone.join('\n')]), ...renderBlocks(plan)];
  return comment([renderAppliedSummary(outcomes), ...failed, ...urls(outputs), ...notes(plan)], blocks, planId);
}

function comment(head: readonly string[], blocks: readonly string[], planId: string): string {
  const lines = blocks.flatMap((block) => [...block.split('\n').map((line) => shortened(line, longestLine)), '']).slice(0, -1);
  const fence = fenceFor(lines);
  const id = `Plan id: ${code(planId)}`;
  if (lines.length === 0) return `${[...head, id].join('\n\n')}\n`;
  const kept = fitting(lines, longest - head.join('\n\n').length - id.length - 2 * fence.length - frameSize);
  const details = ['<details><summary>Changes</summary>', '', `${fence}diff`, ...lines.slice(0, kept), fence, '', '</details>'];
  return `${[...head, ...leftOut(lines, kept), details.join('\n'), id].join('\n\n')}\n`;
}

/** Room for the fixed words around the lines, and for the sentence about what was left out. */
const frameSize = 400;

function notes(plan: Plan): readonly string[] {
  const people = plan.diagnostics.filter(wantsPerson).length;
  const warnings = plan.diagnostics.filter((finding) => finding.severity === 'warning').length;
  return [...(people === 0 ? [] : [`A person must act: ${people}.`]), ...(warnings === 0 ? [] : [`Warnings: ${warnings}.`])];
}

const mostUrls = 50;

function urls(outputs: Outputs): readonly string[] {
  const all = Object.values(outputs).flatMap((section) => Object.entries(section));
  return all.slice(0, mostUrls).map(([key, { url }]) => `${code(key)}: ${code(url)}`);
}

/** A code span that its text cannot leave. */
const code = (text: string): string => `\`${shortened(neutral(text), 300).replaceAll('`', "'")}\``;

/** A fence that no run of backticks inside can close. */
function fenceFor(lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length);
  return '`'.repeat(runs.reduce((most, run) => Math.max(most, run + 1), 3));
}

const shortened = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

/** How many lines fit. */
function fitting(lines: readonly string[], room: number): number {
  let used = 0;
  const over = lines.findIndex((line) => {
    used += line.length + 1;
    return used > room;
  });
  return over === -1 ? lines.length : over;
}

function leftOut(lines: readonly string[], kept: number): readonly string[] {
  if (kept === lines.length) return [];
  const heads = (part: readonly string[]): number => part.filter((line) => /^[+~\u00B1\u00B7-] /.test(line)).length;
  const objects = `${heads(lines.slice(kept))} of ${heads(lines)} objects`;
  return [`Left out because it is too long for a comment: ${lines.length - kept} lines, with ${objects}.`];
}
