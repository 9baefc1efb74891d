import type { Change, FieldChange, Plan } from '../../src/engine/plan-types.ts';
import type { Address } from '../../src/engine/kind.ts';

/** A plan with nothing in it but what a test gives. */
export const planOf = (parts: Partial<Plan> = {}): Plan => ({
  account: 'acc',
  changes: [],
  unchanged: 0,
  left_in_place: [],
  unmanaged: [],
  diagnostics: [],
  ...parts,
});

export function changeOf(address: Address, action: Change['action'], parts: Partial<Change> = {}): Change {
  const [kind = '', key = ''] = address.split(':');
  return { address, kind, key, action, fields: [], after: [], ...parts };
}

export const field = (path: string, before: unknown, after: unknown, parts: Partial<FieldChange> = {}): FieldChange => ({
  path,
  before,
  after,
  sensitive: false,
  forces_replacement: false,
  ...parts,
});

/** One of everything. */
export const fullPlan = planOf({
  changes: [
    changeOf('service_token:ci', 'create', { fields: [field('name', null, 'ci'), field('duration', null, '8760h')] }),
    changeOf('server:github', 'replace', {
      reason: 'url cannot be changed in place',
      impact: 'everybody signs in to it again',
      fields: [field('url', 'https://old.example.com/mcp', 'https://new.example.com/mcp', { forces_replacement: true })],
    }),
    changeOf('server:ledger', 'update', {
      fields: [
        field('auth.bearer', '(secret)', '(secret)', { sensitive: true }),
        field('tools.search.alias', null, 'find'),
        field('access.policies', ['people'], ['people', 'robots']),
      ],
    }),
    changeOf('policy:old', 'delete', { reason: 'the document says absent: true', impact: 'nobody gets in through it' }),
  ],
  unchanged: 4,
  left_in_place: [{ address: 'group:staff', why: 'policy:other uses it' }],
  unmanaged: [{ address: 'server:foreign', id: 'foreign' }],
  diagnostics: [
    {
      severity: 'warning',
      code: 'MCP001',
      message: 'server:x has no access',
      hint: 'add access',
      place: { file: 'portal.yaml', line: 3, column: 5, path: 'servers.x' },
    },
    { severity: 'info', code: 'MCP090', message: 'server:linear: waits for a login', hint: 'open the portal and sign in' },
  ],
});
