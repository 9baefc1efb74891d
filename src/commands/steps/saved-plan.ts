import { resolve } from 'node:path';
import * as z from 'zod/mini';
import type { Proposal } from '../../engine/plan.ts';
import { StalePlanError, UsageError } from '../../lib/errors.ts';
import { planId } from '../../pipeline.ts';
import { planJson } from '../../render/json.ts';
import { readSources } from '../../spec/read-sources.ts';
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
export type SavedPlan = {
  readonly planId: string;
  readonly account: string;
  readonly sources: readonly Source[];
  readonly choices: Choices;
};

const schema = () =>
  z.object({
    saved_plan: z.literal(1),
    plan_id: z.string().check(z.startsWith('sha256:')),
    account: z.string(),
    folder: z.string(),
    choices: z.object({
      prune: z.boolean(),
      targets: z.array(z.string()),
      resendSecrets: z.boolean(),
      showUnmanaged: z.boolean(),
    }),
    documents: z.array(z.object({ name: z.string(), text: z.string() })).check(z.minLength(1)),
  });

type Made = { readonly proposal: Proposal; readonly sources: readonly Source[]; readonly choices: Choices };

/** Writes a plan. The documents go in as text: they hold references, and secrets only as references. */
export async function savePlan(world: World, path: string, made: Made): Promise<void> {
  const { plan } = made.proposal;
  const id = planId(plan);
  const documents = made.sources.map(({ name, text }) => ({ name, text }));
  const saved = {
    saved_plan: 1,
    plan_id: id,
    account: plan.account,
    folder: world.cwd,
    choices: made.choices,
    documents,
    plan: planJson(plan, { planId: id }),
  };
  await world.files.write(resolve(world.cwd, path), `${JSON.stringify(saved, undefined, 2)}\n`, { mode: 0o600 });
}

/**
 * Reads a plan back, with its documents under the names where they are now. `given` are the files of
 * `-f`: they have to be the plan's documents. Throws a `UsageError` for a file that is no plan, a
 * `StalePlanError` when a document moved.
 */
export async function readPlan(world: World, path: string, given: readonly string[]): Promise<SavedPlan> {
  const parsed = schema().safeParse(jsonOf(path, await textOf(world, path)));
  if (!parsed.success) throw new UsageError(`${path} is not a saved plan`, { hint: 'save one with: mcp-portal plan --out FILE' });
  const { plan_id: id, account, folder, choices, documents } = parsed.data;
  if (given.length > 0) {
    const texts = (await readSources(world, given)).map(({ text }) => text);
    if (texts.join('\0') !== documents.map(({ text }) => text).join('\0'))
      throw moved('the plan was made from another document than -f names');
  }
  const sources = await Promise.all(documents.map((document) => unmoved(world, document, folder)));
  return { planId: id, account, sources, choices };
}

/** The document under the path where it lies: as it was named, from the plan's folder or else from this one. */
async function unmoved(world: World, document: Source, folder: string): Promise<Source> {
  const { name, text } = document;
  if (name === '<stdin>') return document;
  const places = [resolve(folder, name), resolve(world.cwd, name)];
  for (const place of places) {
    const now = await world.files.read(place).catch(() => undefined);
    if (now === text) return { name: place === resolve(world.cwd, name) ? name : place, text };
    if (now !== undefined) throw moved(`the document ${name} changed since the plan was saved`);
  }
  throw moved(`the document ${name} is not there any more`);
}

/** Throws unless the run is about the account that the plan was made for. */
export function assertAccount(saved: SavedPlan, account: string): void {
  if (saved.account !== account) throw moved(`the plan is for the account ${saved.account}, this is ${account}`);
}

/** Throws unless the plan that was made anew is the one that was saved. */
export function assertSame(saved: SavedPlan, proposal: Proposal): void {
  if (saved.planId === planId(proposal.plan)) return;
  throw moved('the plan would be another one now: the live state, or a variable of the document, changed since it was saved');
}

const moved = (message: string): StalePlanError =>
  new StalePlanError(message, { hint: 'plan again, look at it, and apply that plan' });

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
