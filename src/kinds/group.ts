import * as z from 'zod/mini';
import type { Api } from '../engine/api.ts';
import type { Kind } from '../engine/kind.ts';
import type { Plain } from '../engine/values.ts';
import { circles } from './access/circles.ts';
import { mistake } from './document/findings.ts';
import { name } from './document/fragments.ts';
import { unknownMentions } from './document/mentions.ts';
import { checkRules, ruleLists } from './access/rule-schema.ts';
import { liveRules, ruleBody, settledRules, statedRules, type RuleLists } from './access/rule-lists.ts';
import { ruleReferences } from './access/rules.ts';
import { desiredFrom, section } from './document/section.ts';

type GroupState = RuleLists & { readonly name?: string };
type Group = Plain & { readonly id: string; readonly name: string };

const entrySchema = () => z.strictObject({ name: z.optional(name()), ...ruleLists() });

/** An Access group: a named set of rules. API: `zeroTrust.access.groups` of the official SDK. */
export const group: Kind<GroupState, Group> = {
  kind: 'group',
  title: 'Access group',
  section: section({
    name: 'groups',
    shape: 'map',
    schema: entrySchema,
    expand: (entry) => [desiredFrom(entry, { kind: 'group', state: { name: entry.value.name, ...statedRules(entry.value) } })],
    check: (entry, document) => {
      const empty = entry.value.absent !== true && (entry.value.include ?? []).length === 0;
      const missing = mistake({
        code: 'MCP104',
        message: `groups.${entry.key} needs include: with at least one rule`,
        place: entry.place,
      });
      return [...(empty ? [missing] : []), ...checkRules(entry, document), ...circles(entry, document)];
    },
  }),
  fields: { include: { unordered: true }, require: { unordered: true }, exclude: { unordered: true } },
  refersTo: ['group', 'service_token'],
  references: ({ include, require, exclude }) => ruleReferences(include, require, exclude),
  prunable: true,

  list: ({ api }) => listGroups(api),
  namesakes: (api) => listGroups(api),
  identify: (live) => ({ id: live.id, identity: live.name, name: live.name }),
  identities: ({ key, state }) => [state.name ?? key],
  toState: (live, { names }) => ({ name: live.name, ...liveRules(live, names) }),
  initial: (key, state) => ({ name: key, ...state }),
  settle: (state, _live, { names }) => ({ ...state, ...settledRules(state, names) }),
  obstacles: ({ key, state }, _bound, peers) =>
    unknownMentions(`group:${key}`, ruleReferences(state.include, state.require, state.exclude), peers),
  impact: (action) => (action === 'delete' ? 'policies that include this group no longer match its members' : undefined),

  create: async ({ api, key, state, names }) => {
    const body = { name: state.name ?? key, ...ruleBody(state, names) };
    const find = async () => (await listGroups(api)).find((live) => live.name === body.name);
    return { live: await api.post<Group>(api.path('access', 'groups'), body, { find }) };
  },
  update: async ({ api, live, state, names }) => {
    // is_default is typed wrongly in the SDK; only a real boolean is carried through.
    const isDefault = typeof live['is_default'] === 'boolean' ? { is_default: live['is_default'] } : {};
    const body = { ...isDefault, name: state.name ?? live.name, ...ruleBody(state, names) };
    return { live: await api.put<Group>(api.path('access', 'groups', live.id), body) };
  },
  remove: (api, live) => api.remove(api.path('access', 'groups', live.id)),
  toEntry: (key, state) => ({ section: 'groups', key, value: state }),
};

const listGroups = (api: Api): Promise<readonly Group[]> => api.list<Group>(api.path('access', 'groups'), { perPage: 1000 });
