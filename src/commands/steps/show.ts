import type { CommandOutput } from '../../terminal/output.ts';
import type { Proposal } from '../../engine/plan.ts';
import { planId } from '../../pipeline.ts';
import { planJson } from '../../render/json.ts';
import { renderPlanMarkdown } from '../../render/markdown.ts';
import { renderPlanText, type PlanMode } from '../../render/text.ts';

/** Prints a plan in the format that was asked for. */
export function showPlan(proposal: Proposal, output: CommandOutput, mode: PlanMode): void {
  const { plan } = proposal;
  if (output.format === 'json') output.json(planJson(plan, { planId: planId(plan) }));
  else if (output.format === 'markdown') output.result(renderPlanMarkdown(plan, { planId: planId(plan) }));
  else output.result(renderPlanText(plan, { style: output.style, mode }));
}
