import { randomUUID } from 'node:crypto';
import { accessInvalid } from './access.ts';
import { spelled } from './check.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { policyBody } from './policies.ts';
import { invalid, Refusal } from './refusal.ts';
import type { Call } from './route.ts';
import { type Attachment, type PolicyRow, row, type SandboxState } from './state.ts';

/** The policies that an application's body attaches, and its own policies among them. */
type Attached = { readonly attachments: readonly Attachment[]; readonly own: readonly PolicyRow[] };

/**
 * Reads `policies`: ids, `{ id, precedence }`, or whole policies that then belong to the application
 * alone. An application has either shared policies or policies of its own.
 */
export const attachedIn = (call: Call, appId: string, items: readonly Json[]): Attached => {
  const attachments: Attachment[] = [];
  const own: PolicyRow[] = [];
  for (const [index, item] of items.entries()) {
    const precedence = isObject(item) && typeof item['precedence'] === 'number' ? item['precedence'] : index + 1;
    const inline = isObject(item) && item['decision'] !== undefined ? ownPolicy(call, appId, item) : undefined;
    if (inline !== undefined) own.push(inline);
    attachments.push({ id: inline?.id ?? sharedPolicy(call, appId, isObject(item) ? item['id'] : item), precedence });
  }
  if (new Set(attachments.map((each) => each.precedence)).size < attachments.length) {
    throw invalid(accessInvalid, 'access.api.error.invalid_request: precedence must be unique');
  }
  if (own.length > 0 && own.length < attachments.length) {
    throw invalid(accessInvalid, 'access.api.error.invalid_request: reusable and inline policies cannot be mixed');
  }
  return { attachments: attachments.toSorted((a, b) => a.precedence - b.precedence), own };
};

/** A policy that is sent whole. With the id of one that the application already owns it is that one, changed. */
const ownPolicy = ({ state, now }: Call, appId: string, item: JsonObject): PolicyRow | undefined => {
  const before = state.policies.find((each) => each.id === item['id']);
  // A reusable policy as an answer showed it: only its id counts.
  if (before !== undefined && before.app_id === undefined) return undefined;
  const fresh = { ...row(now, before?.id ?? randomUUID(), policyBody(item)), app_id: appId };
  return before === undefined ? fresh : { ...fresh, created_at: before.created_at };
};

const sharedPolicy = ({ state, now, faults }: Call, appId: string, id: Json | undefined): string => {
  const policy = state.policies.find((each) => each.id === id && (each.app_id ?? appId) === appId);
  if (policy === undefined && state.groups.some((each) => each.id === id)) {
    throw new Refusal(500, 10001, 'Internal server error'); // what the real API does with a group's id
  }
  const age = policy === undefined ? -1 : now.getTime() - Date.parse(policy.created_at);
  if (policy === undefined || age < faults.policyDelayMs) {
    throw invalid(accessInvalid, `access.api.error.invalid_request: policy ${spelled(id)} not found`);
  }
  return policy.id;
};

/** Exchanges an application's own policies; those that it no longer has are collected. */
export const keepOwn = (state: SandboxState, appId: string, own: readonly PolicyRow[]): void => {
  state.policies = [...state.policies.filter((each) => each.app_id !== appId), ...own];
};
