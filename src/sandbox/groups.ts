import { randomUUID } from 'node:crypto';
import { accessInUse, accessInvalid, foundIn, listedByName, stamps } from './access.ts';
import { checkMembers, flag, type Members } from './check.ts';
import { ok } from './envelope.ts';
import type { JsonObject } from './json.ts';
import { conflict } from './refusal.ts';
import { type Answer, type Call, type Route, route } from './route.ts';
import { mentionedIn, rulesIn, withEmptySelectors } from './rules.ts';
import { replaced, type Row, row, without } from './state.ts';

const base = '/accounts/:account/access/groups';
const members: Members = {
  name: { type: 'string', required: true },
  include: { type: 'array', required: true },
  is_default: { type: 'boolean' },
};

/** Access groups. */
export const groupRoutes: readonly Route[] = [
  route('POST', base, (call) => create(call)),
  route('GET', base, (call) => listedByName(call, call.state.groups, groupView(call))),
  route('GET', `${base}/:id`, (call) => ok(groupView(call)(found(call)))),
  route('PUT', `${base}/:id`, (call) => update(call)),
  route('DELETE', `${base}/:id`, (call) => remove(call)),
];

const create = (call: Call): Answer => {
  const group = row(call.now, randomUUID(), groupBody(call.body));
  call.state.groups = [...call.state.groups, group];
  return ok(groupView(call)(group), 201);
};

const update = (call: Call): Answer => {
  const next = { ...found(call), body: groupBody(call.body), updated_at: call.now.toISOString() };
  call.state.groups = replaced(call.state.groups, next);
  return ok(groupView(call)(next));
};

/** Refused while a policy or another group mentions it, as for service tokens; no source tells of groups. */
const remove = (call: Call): Answer => {
  const { id } = found(call);
  const used = [...call.state.policies, ...call.state.groups].some((each) => mentionedIn(each.body, 'group').has(id));
  if (used) throw conflict(accessInUse, 'access.api.error.conflict: group is still used by a policy or a group');
  call.state.groups = without(call.state.groups, id);
  return ok({ id });
};

const found = (call: Call): Row => foundIn(call, call.state.groups, 'group');

const groupBody = (sent: JsonObject): JsonObject => {
  checkMembers(sent, members, accessInvalid);
  return { name: sent['name'], ...rulesIn(sent), ...(flag(sent['is_default']) ? { is_default: true } : {}) };
};

const groupView =
  ({ faults }: Call) =>
  (group: Row): JsonObject => ({
    id: group.id,
    uid: group.id,
    ...(faults.emptySelectors ? withEmptySelectors(group.body) : group.body),
    ...stamps(group),
  });
