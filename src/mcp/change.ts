import { UnsafePlanError, UserError } from '../lib/errors.ts';
import type { Desk } from './desk.ts';
import type { Facts, Shown } from './plans.ts';
import { appliedAnswer, declinedAnswer, plannedAnswer, refusedAnswer } from './plan-answers.ts';
import { questionOf } from './question.ts';
import type { Answer, Call } from './tool.ts';
import type { Draft, Wish } from './workbench.ts';

const nothing: Facts = () => ({});

/**
 * The way of every tool that changes something: a plan, then consent, then the same plan made again and carried out.
 * What a call says is never consent: only the person's answer, or what the server was started with.
 */
export async function change(wish: Wish, { call, desk, facts = nothing }: Changing): Promise<Answer> {
  const { reply } = call;
  if (reply !== undefined) {
    const planId = desk.questions.answered(reply.state, call);
    if (planId !== undefined) return answered(planId, reply.accepted, { call, desk });
  }
  const draft = await desk.bench.draft(wish, call.signal);
  assertWithin(draft, desk);
  const shown = desk.plans.show({ wish, draft, facts });
  call.note({ plan_id: shown.id });
  if (draft.plan.changes.length === 0) return appliedAnswer(desk.plans.take(shown.id), draft, await draft.carryOut(() => {}));
  return settle(shown, { call, desk });
}

export type Changing = { readonly call: Call; readonly desk: Desk; readonly facts?: Facts };
type Given = Pick<Changing, 'call' | 'desk'>;

/** Applies a plan that was shown, where there is consent or a person to ask for it. */
export async function applyShown(planId: string, { call, desk }: Given): Promise<Answer> {
  const { reply } = call;
  if (reply !== undefined) {
    const asked = desk.questions.answered(reply.state, call);
    if (asked === planId) return answered(planId, reply.accepted, { call, desk });
  }
  const shown = desk.plans.find(planId);
  assertWithin(shown.draft, desk);
  call.note({ plan_id: planId });
  if (desk.settings.approvePlanId && mayDestroy(shown.draft, desk)) return apply(planId, { call, desk });
  return settle(shown, { call, desk });
}

/** Consent, a question, or a refusal that holds the plan and the command. */
async function settle(shown: Shown, { call, desk }: Given): Promise<Answer> {
  const { settings, questions } = desk;
  if (!mayDestroy(shown.draft, desk)) return refusedAnswer(shown, notAllowed);
  if (settings.autoApprove) return apply(shown.id, { call, desk });
  if (call.canAsk) {
    const state = questions.ask({ planId: shown.id, tool: call.tool, digest: call.digest });
    return { is: 'question', message: questionOf(shown), state };
  }
  return settings.approvePlanId ? plannedAnswer(shown, settings) : refusedAnswer(shown, nobodyToAsk);
}

const notAllowed = {
  code: 'destroy_not_allowed',
  message: 'the plan deletes or replaces something, which this server was not started for; nothing was changed',
  hint: 'Only the person can allow it: by running the command, or by starting the server with --allow-destroy.',
};
const nobodyToAsk = {
  code: 'confirmation_needed',
  message:
    'nothing was changed: this client cannot ask the person, and the server was not started with --approve plan-id or --auto-approve',
  hint: 'Show the plan to the person, who can apply it with the command.',
};

async function answered(planId: string, accepted: boolean, { call, desk }: Given): Promise<Answer> {
  call.note({ plan_id: planId, accepted });
  return accepted ? apply(planId, { call, desk }) : declinedAnswer(desk.plans.take(planId));
}

/** Plans again, and carries out only what is still the same plan. */
async function apply(planId: string, { call, desk }: Given): Promise<Answer> {
  desk.plans.find(planId);
  return desk.alone(async () => {
    const shown = desk.plans.take(planId);
    const fresh = await desk.bench.draft(shown.wish, call.signal);
    desk.plans.assertSame(shown, fresh);
    assertWithin(fresh, desk);
    if (!mayDestroy(fresh, desk)) throw new UnsafePlanError(notAllowed.message, notAllowed);
    const total = fresh.plan.changes.length;
    let over = 0;
    const done = await fresh.carryOut((outcome) => call.progress(outcome, ++over, total));
    call.note({ applied: done.document['applied'] });
    return appliedAnswer(shown, fresh, done);
  });
}

const losing = ({ plan }: Draft): boolean => plan.changes.some(({ action }) => action === 'delete' || action === 'replace');

const mayDestroy = (draft: Draft, { settings }: Desk): boolean => settings.allowDestroy || !losing(draft);

/** With `--portal`, what belongs to others is not touched. */
function assertWithin(draft: Draft, { settings: { portal } }: Desk): void {
  const outside = portal === undefined ? [] : draft.outside(portal);
  if (outside.length === 0) return;
  throw new UserError(`this server works on the portal ${portal} alone, and the plan also changes ${outside.join(', ')}`, {
    code: 'outside_portal',
    hint: 'Leave that to the person, who can run the program without --portal.',
  });
}
