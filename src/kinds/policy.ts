import * as z from 'zod/mini';
import type { Entry, Finding, Kind } from '../engine/kind.ts';
import { isNothing, type Plain } from '../engine/values.ts';
import { canonicalDuration } from '../lib/duration.ts';
import { mistake } from './document/findings.ts';
import { described, duration, name } from './document/fragments.ts';
import { isFreezePolicy } from './access/freeze.ts';
import { liveRules, ruleBody, settledRules, statedRules, type RuleLists } from './access/rule-lists.ts';
import { unknownMentions } from './document/mentions.ts';
import { listPolicies } from './access/policy-listing.ts';
import { checkRules, ruleLists } from './access/rule-schema.ts';
import { ruleReferences } from './access/rules.ts';
import { desiredFrom, section, withoutUndefined } from './document/section.ts';

type PolicyState = RuleLists & {
  readonly name?: string;
  readonly decision?: string;
  readonly session_duration?: string | null;
  readonly purpose_justification_required?: boolean;
  readonly purpose_justification_prompt?: string | null;
  readonly approval_required?: boolean;
  readonly isolation_required?: boolean;
};
type Policy = Plain & { readonly id: string; readonly name: string; readonly decision: string };

/** The API's word for what its dashboard and our documents call Service Auth. */
const serviceAuth = { document: 'service_auth', api: 'non_identity' } as const;

const entrySchema = () =>
  z.strictObject({
    name: z.optional(name()),
    decision: described(
      z.optional(z.enum(['allow', 'deny', 'bypass', 'service_auth', 'non_identity'])),
      'service_auth lets service tokens in; non_identity is the API word for it.',
    ),
    session_duration: z.nullish(duration()),
    purpose_justification_required: z.optional(z.boolean()),
    purpose_justification_prompt: z.nullish(z.string()),
    approval_required: z.optional(z.boolean()),
    isolation_required: z.optional(z.boolean()),
    ...ruleLists(),
  });

/** Members that travel as they are. */
const plainMembers = [
  'session_duration',
  'purpose_justification_required',
  'purpose_justification_prompt',
  'approval_required',
  'isolation_required',
] as const;
/** Members that a full replacement carries through, though the document has no words for them. */
const carried = ['approval_groups', 'mfa_config', 'connection_rules'] as const;

/** A reusable Access policy. API: `zeroTrust.access.policies` of the official SDK. */
export const policy: Kind<PolicyState, Policy> = {
  kind: 'policy',
  title: 'Access policy',
  section: section({
    name: 'policies',
    shape: 'map',
    schema: entrySchema,
    expand: (entry) => {
      const { absent: _absent, protect: _protect, include: _i, require: _r, exclude: _e, ...plain } = entry.value;
      return [desiredFrom(entry, { kind: 'policy', state: { ...plain, ...statedRules(entry.value) } })];
    },
    check: (entry, document) => {
      if (entry.value.absent === true) return [];
      return [
        ...(entry.value.decision === undefined ? [lacks(entry, 'decision: allow, deny, bypass or service_auth')] : []),
        ...((entry.value.include ?? []).length === 0 ? [lacks(entry, 'include: with at least one rule')] : []),
        ...checkRules(entry, document),
      ];
    },
  }),
  fields: {
    include: { unordered: true },
    require: { unordered: true },
    exclude: { unordered: true },
    purpose_justification_required: { serverDefault: false },
    approval_required: { serverDefault: false },
    isolation_required: { serverDefault: false },
  },
  refersTo: ['group', 'service_token'],
  references: ({ include, require, exclude }) => ruleReferences(include, require, exclude),
  prunable: true,

  list: async ({ api }) => (await listPolicies<Policy>(api)).filter((live) => !isFreezePolicy(live)),
  namesakes: (api) => listPolicies<Policy>(api),
  identify: (live) => ({ id: live.id, identity: live.name, name: live.name }),
  identities: ({ key, state }) => [state.name ?? key],
  toState: (live, { names }) => {
    const plain = Object.fromEntries(
      plainMembers.filter((member) => !isNothing(live[member])).map((member) => [member, live[member]]),
    );
    return canonical({ name: live.name, decision: live.decision, ...plain, ...liveRules(live, names) });
  },
  initial: (key, state) => ({ name: key, ...state }),
  settle: (state, _live, { names }) => canonical({ ...state, ...settledRules(state, names) }),
  obstacles: ({ key, state }, _bound, peers) =>
    unknownMentions(`policy:${key}`, ruleReferences(state.include, state.require, state.exclude), peers),
  impact: (action) => (action === 'delete' ? 'whoever came in by this policy alone is locked out' : undefined),

  create: async ({ api, key, state, names }) => {
    const body = { ...plainBody(state), name: state.name ?? key, ...ruleBody(state, names) };
    const find = async () => (await listPolicies<Policy>(api)).find((live) => live.name === body.name);
    return { live: await api.post<Policy>(api.path('access', 'policies'), body, { find }) };
  },
  update: async ({ api, live, state, names }) => {
    const kept = Object.fromEntries(carried.filter((member) => !isNothing(live[member])).map((member) => [member, live[member]]));
    const body = { ...kept, ...plainBody(state), name: state.name ?? live.name, ...ruleBody(state, names) };
    return { live: await api.put<Policy>(api.path('access', 'policies', live.id), body) };
  },
  remove: (api, live) => api.remove(api.path('access', 'policies', live.id)),
  toEntry: (key, state) => ({ section: 'policies', key, value: state }),
};

const lacks = ({ key, place }: Pick<Entry, 'key' | 'place'>, what: string): Finding =>
  mistake({ code: 'MCP104', message: `policies.${key} needs ${what}`, place });

function canonical(state: PolicyState): PolicyState {
  const { decision, session_duration: session } = state;
  return withoutUndefined({
    ...state,
    ...(decision === serviceAuth.api ? { decision: serviceAuth.document } : {}),
    ...(typeof session === 'string' ? { session_duration: canonicalDuration(session) } : {}),
  });
}

/** What is empty is left out: "" for a session duration would be given back as absent for ever (Q49). */
function plainBody(state: PolicyState): Plain {
  const filled = plainMembers.filter((member) => !isNothing(state[member])).map((member) => [member, state[member]]);
  return { ...Object.fromEntries(filled), decision: state.decision === serviceAuth.document ? serviceAuth.api : state.decision };
}
