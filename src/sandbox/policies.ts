import { randomUUID } from 'node:crypto';
import { accessInUse, accessInvalid, foundIn, listedByName, stamps } from './access.ts';
import { checkMembers, type Members, text } from './check.ts';
import { ok } from './envelope.ts';
import { goDuration } from './go-duration.ts';
import { type Json, type JsonObject, pick, said } from './json.ts';
import { conflict, invalid } from './refusal.ts';
import { type Answer, type Call, type Route, route } from './route.ts';
import { rulesIn, withEmptySelectors } from './rules.ts';
import { type PolicyRow, replaced, row, type SandboxState, without } from './state.ts';

const base = '/accounts/:account/access/policies';
const members: Members = {
  name: { type: 'string', required: true },
  decision: { type: 'string', required: true, oneOf: ['allow', 'deny', 'non_identity', 'bypass'] },
  include: { type: 'array', required: true },
  session_duration: { type: 'string' },
  approval_required: { type: 'boolean' },
  approval_groups: { type: 'array' },
  purpose_justification_required: { type: 'boolean' },
  purpose_justification_prompt: { type: 'string' },
  isolation_required: { type: 'boolean' },
  mfa_config: { type: 'object' },
  connection_rules: { type: 'object' },
};

/** Reusable policies. Those of one application are not reached here. */
export const policyRoutes: readonly Route[] = [
  route('POST', base, (call) => create(call)),
  route('GET', base, (call) => listedByName(call, reusable(call.state), policyView(call))),
  route('GET', `${base}/:id`, (call) => ok(policyView(call)(found(call)))),
  route('PUT', `${base}/:id`, (call) => update(call)),
  route('DELETE', `${base}/:id`, (call) => remove(call)),
];

const create = (call: Call): Answer => {
  const policy = row(call.now, randomUUID(), policyBody(call.body));
  call.state.policies = [...call.state.policies, policy];
  return ok(policyView(call)(policy), 201);
};

/** Replaces the whole policy: what is left out is gone. */
const update = (call: Call): Answer => {
  const next = { ...found(call), body: policyBody(call.body), updated_at: call.now.toISOString() };
  call.state.policies = replaced(call.state.policies, next);
  return ok(policyView(call)(next));
};

const remove = (call: Call): Answer => {
  const { id } = found(call);
  if (appCount(call.state, id) > 0) {
    throw conflict(accessInUse, 'access.api.error.conflict: policy is still used by an application');
  }
  call.state.policies = without(call.state.policies, id);
  return ok({ id });
};

const reusable = (state: SandboxState): readonly PolicyRow[] => state.policies.filter((each) => each.app_id === undefined);
const found = (call: Call): PolicyRow => foundIn(call, reusable(call.state), 'policy');

/** A policy's members as they are kept: switches that are off and an empty session duration vanish. */
export const policyBody = (sent: JsonObject): JsonObject => {
  checkMembers(sent, members, accessInvalid);
  const body = said(sent);
  const session = text(body['session_duration']);
  if (session !== '' && goDuration(session) === undefined) {
    throw invalid(accessInvalid, 'access.api.error.invalid_request: session_duration is no duration');
  }
  const kept = Object.entries(pick(body, Object.keys(members))).filter(([name, value]) => isKept(name, value));
  return { ...Object.fromEntries(kept), ...rulesIn(body) };
};

const isKept = (name: string, value: Json | undefined): boolean =>
  value !== false && !(name === 'session_duration' && value === '');

/** A policy as the API shows it. `app_count` follows from the applications. */
export const policyView =
  ({ state, faults }: Pick<Call, 'state' | 'faults'>) =>
  (policy: PolicyRow): JsonObject => ({
    id: policy.id,
    ...(faults.emptySelectors ? withEmptySelectors(policy.body) : policy.body),
    ...(policy.app_id === undefined ? { reusable: true, app_count: appCount(state, policy.id) } : { reusable: false }),
    ...stamps(policy),
  });

const appCount = (state: SandboxState, id: string): number =>
  state.applications.filter((app) => app.policies.some((each) => each.id === id)).length;
