import type { Existing } from '../engine/kind.ts';
import { UsageError } from '../lib/errors.ts';
import { set, type Edit } from '../spec/edit.ts';
import { ofEntry, together, type Intent } from '../verbs/intent.ts';
import { policyRefs } from '../verbs/policies.ts';
import { updatePortal } from '../verbs/portals.ts';
import { updateServer } from '../verbs/servers.ts';
import type { Surroundings } from '../verbs/surroundings.ts';
import type { Values } from './tool.ts';

/** A reusable policy of that name, at its place in the application's list. */
export const accessPolicyIntent =
  (args: Values) =>
  async (around: Surroundings): Promise<Intent> => {
    const name = String(args['name']);
    const app = await appNamed(String(args['app_id']), around);
    const isThere = (await around.live('policy')).some((live) => live.name === name);
    const others = policiesOf(around.state(app)).filter((other) => other !== name);
    const refs = await policyRefs(others, around);
    const at = typeof args['precedence'] === 'number' ? Math.max(0, args['precedence'] - 1) : refs.length;
    const list = [...refs.slice(0, at), name, ...refs.slice(at)];
    const policy: Intent = {
      edits: [set(['policies', name], entryFrom(args))],
      named: ofEntry('policies', name),
      about: [`policies.${name}`],
      save: [],
      ...(isThere ? { notices: [`the policy ${name} was there already: it is changed to what is said`] } : {}),
    };
    return together([policy, await listed(app, list, around)]);
  };

const kindsOfApps = ['application', 'portal_app', 'server_app'] as const;

async function appNamed(id: string, around: Surroundings): Promise<Existing> {
  const all = (await Promise.all(kindsOfApps.map((kind) => around.live(kind)))).flat();
  const found = all.find((app) => app.id === id);
  if (found !== undefined) return found;
  const known = all.slice(0, 10).map((app) => `${app.id} (${app.name})`);
  throw new UsageError(`the account has no Access application with the id ${id}`, {
    code: 'not_found',
    hint: known.length === 0 ? 'It has none: cloudflare_create_access_application makes one.' : `It has: ${known.join(', ')}.`,
  });
}

/** The names of an application's policies, in their order. */
function policiesOf(state: Values): readonly string[] {
  const own = state['policies'] ?? Object(state['access']).policies;
  return Array.isArray(own) ? own.map(String) : [];
}

const lists = ['include', 'require', 'exclude'] as const;

/** Rules of the API travel as they are; those with a word of their own are recognised. */
function entryFrom(args: Values): Values {
  const rules = lists.flatMap((list) => {
    const given = args[list];
    return Array.isArray(given) ? [[list, given.map((rule: unknown) => ({ raw: rule }))] as const] : [];
  });
  const session = args['session_duration'] === undefined ? {} : { session_duration: args['session_duration'] };
  return { decision: args['decision'], ...Object.fromEntries(rules), ...session };
}

/** The edit that gives an application its list: where its document entry stands depends on what it belongs to. */
async function listed(app: Existing, policies: readonly string[], around: Surroundings): Promise<Intent> {
  const words = { id: app.identity, servers: [], portals: [], authSecrets: [], policies: [] as readonly string[], noDns: false };
  if (app.kind === 'server_app') return withPolicies(['servers', app.identity], policies, await updateServer(words, around));
  if (app.kind === 'portal_app') {
    const portal = (await around.live('portal')).find((live) => around.state(live)['hostname'] === app.identity);
    const id = portal?.id ?? app.identity;
    return withPolicies(['portals', id], policies, await updatePortal({ ...words, id }, around));
  }
  const { type, domain } = around.state(app);
  const key = app.id;
  const edits: readonly Edit[] = [set(['applications', key], { type, domain, policies })];
  return { edits, named: ofEntry('applications', key), about: [], save: [] };
}

function withPolicies(path: readonly string[], policies: readonly string[], intent: Intent): Intent {
  const [section = '', key = ''] = path;
  const kinds = section === 'servers' ? ['server_app'] : ['portal_app'];
  return {
    ...intent,
    edits: [...intent.edits, set([...path, 'access', 'policies'], policies)],
    named: ofEntry(section, key, kinds),
  };
}
