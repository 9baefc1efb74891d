import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import * as z from 'zod';
import type { Proposal } from '../../engine/plan.ts';
import { StalePlanError, UsageError } from '../../lib/errors.ts';
import { planId } from '../../pipeline.ts';
import { planJson } from '../../render/json.ts';
import type { Source } from '../../spec/source.ts';
import type { World } from '../../world.ts';

/** What a plan was made with, beside the document. */
export type Choices = {
  readonly prune: boolean;
  readonly targets: readonly string[];
  readonly resendSecrets: boolean;
  readonly showUnmanaged: boolean;
};

/** A plan as a file: what was shown, and what it takes to make it again and see that nothing moved. */
export type SavedPlan = { readonly planId: string; readonly account: string; readonly sources: readonly Source[]; readonly choices: Choices };

const schema = () =>
  z.object({
    saved_plan: z.literal(1),
    plan_id: z.string().startsWith('sha256:'),
    account: z.string(),
    choices: z.object({ prune: z.boolean(), targets: z.array(z.string()), resendSecrets: z.boolean(), showUnmanaged: z.boolean() }),
    documents: z.array(z.object({ name: z.string(), text: z.string() })),
  });

/** Writes a plan. The documents go in as text: they hold references, and secrets only as references. */
export async function savePlan(world: World, path: string, made: { readonly proposal: Proposal; readonly sources: readonly Source[]; readonly choices: Choices }): Promise<void> {
  const { plan } = made.proposal;
  const id = planId(plan);
  const documents = made.sources.map(({ name, text }) => ({ name, text }));
  const saved = { saved_plan: 1, plan_id: id, account: plan.account, choices: made.choices, documents, plan: planJson(plan, { planId: id }) };
  await world.files.write(resolve(world.cwd, path), `${JSON.stringify(saved, undefined, 2)}\n`, { mode: 0o600 });
}

/** Reads a plan back. Throws a `UsageError` for a file that is none, a `StalePlanError` when a document moved. */
export async function readPlan(world: World, path: string): Promise<SavedPlan> {
  const parsed = schema().safeParse(jsonOf(path, await textOf(world, path)));
  if (!parsed.success) throw new UsageError(`${path} is not a saved plan`, { hint: 'save one with: mcp-portal plan --out FILE' });
  const { plan_id: id, account, choices, documents } = parsed.data;
  for (const { name, text } of documents) {
    if (name === '-' || name === '<stdin>') continue;
    const now = await world.files.read(resolve(world.cwd, name)).catch(() => undefined);
    if (now === undefined || digest(now) !== digest(text)) throw moved(`the document ${name} changed since the plan was saved`);
  }
  return { planId: id, account, sources: documents, choices };
}

/** Throws unless the plan that was made anew is the one that was saved. */
export function assertSame(saved: SavedPlan, proposal: Proposal): void {
  if (saved.account !== proposal.plan.account) throw moved(`the plan is for the account ${saved.account}, this is ${proposal.plan.account}`);
  if (saved.planId !== planId(proposal.plan)) throw moved('the live state changed since the plan was saved');
}

const moved = (message: string): StalePlanError => new StalePlanError(message, { hint: 'plan again, look at it, and apply that plan' });

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

async function textOf(world: World, path: string): Promise<string> {
  try {
    return await world.files.read(resolve(world.cwd, path));
  } catch (cause) {
    throw new UsageError(`cannot read the plan ${path}`, { cause, hint: 'save one with: mcp-portal plan --out FILE' });
  }
}

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${path} is not a saved plan: it is not JSON`, { hint: 'save one with: mcp-portal plan --out FILE' });
  }
}
