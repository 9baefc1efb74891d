import { isPlain, memberOf, type Plain } from '../engine/values.ts';
import { tokenKey, type AccessDocument } from './access-document.ts';
import { judgeApplication, type Verdict } from './application.ts';
import { botsByServer, botSees, linkedServers, portalPolicies, serverPolicies } from './bots.ts';
import { policyJudge, type PolicyJudge } from './policy.ts';
import { toolView, type ToolView } from './tools.ts';
import type { Who } from './who.ts';

/** A server within a portal: both applications have to let somebody in. */
export type ServerAccess = Verdict & { readonly id: string; readonly tools: ToolView; readonly prompts: ToolView };
export type PortalAccess = Verdict & {
  readonly id: string;
  readonly hostname: string;
  /** False where the document leaves a portal's servers as they are: there may be others. */
  readonly servers_declared: boolean;
  readonly servers: readonly ServerAccess[];
};

type Asked = { readonly who: Who; readonly document: AccessDocument; readonly judge: PolicyJudge };

/** What somebody gets to see, judged by the document alone, in its order. Nothing is read or sent. */
export function whoCan(who: Who, document: AccessDocument): readonly PortalAccess[] {
  const asked = { who, document, judge: policyJudge(who, document) };
  const bots = botsByServer(document);
  const known = new Map<string, Verdict>();
  const serverVerdict = (key: string): Verdict => {
    const server = document.servers.get(key) ?? {};
    const policies = serverPolicies(server, bots.get(key) ?? [], document);
    // Most servers of a document have the access of others: each sort is judged once.
    const sort = JSON.stringify([policies, server['access'] === undefined, memberOf(server['access'], 'allowed_idps')]);
    const verdict = known.get(sort) ?? verdictOn(asked, server, { policies, asksApproval: false });
    known.set(sort, verdict);
    return verdict;
  };
  return [...document.portals].map(([id, portal]) => {
    const verdict = verdictOn(asked, portal, { policies: portalPolicies(portal, document), asksApproval: true });
    const servers = linkedServers(portal).map((key) => {
      const link = isPlain(portal['servers']) ? memberOf(portal['servers'], key) : undefined;
      const server = document.servers.get(key) ?? {};
      const seen = both(verdict, serverVerdict(key), hiddenFromBot(who, link, { portal, server }));
      return { id: key, ...seen, tools: toolView('tools', link, server), prompts: toolView('prompts', link, server) };
    });
    return {
      id,
      ...verdict,
      hostname: typeof portal['hostname'] === 'string' ? portal['hostname'] : '',
      servers_declared: portal['servers'] !== undefined,
      servers,
    };
  });
}

type Said = { readonly policies: readonly string[] | undefined; readonly asksApproval: boolean };

function verdictOn({ who, document, judge }: Asked, entry: Plain, { policies, asksApproval }: Said): Verdict {
  const unfit = who.is === 'bot' ? unfitToken(who.token, document) : undefined;
  if (unfit !== undefined) return { access: 'no', why: unfit };
  if (policies === undefined) {
    const what = entry['access'] === undefined ? 'access:' : 'access.policies:';
    return { access: 'unknown', why: `the document has no ${what} it stays as it is, and without any nobody gets in` };
  }
  const access = isPlain(entry['access']) ? entry['access'] : {};
  return judgeApplication({ who, document, judge, access, policies, asksApproval });
}

function unfitToken(token: string, document: AccessDocument): string | undefined {
  const key = tokenKey(token, document);
  if (key === undefined) return 'there is no such service token';
  return document.service_tokens.get(key)?.['enabled'] === false ? 'the service token is turned off (enabled: false)' : undefined;
}

const userLogin = "bots do not see servers that use each person's own login (on_behalf: true";

function hiddenFromBot(who: Who, link: unknown, spot: { readonly portal: Plain; readonly server: Plain }): Verdict | undefined {
  const seen = who.is === 'bot' ? botSees(link, spot) : true;
  if (seen === true) return undefined;
  if (seen === false) return { access: 'no', why: `${userLogin})` };
  return { access: 'unknown', why: `${userLogin}, as in new links): the document does not say on_behalf` };
}

/** The first that refuses is the reason; else everything that is unknown. */
function both(portal: Verdict, server: Verdict, hidden: Verdict | undefined): Verdict {
  if (portal.access === 'no') return { access: 'no', why: 'the portal refuses' };
  const refusal = [hidden, server].find((verdict) => verdict?.access === 'no');
  if (refusal !== undefined) return refusal;
  const open = [...(hidden === undefined ? [] : [hidden]), server].filter(({ access }) => access === 'unknown');
  const why = [
    ...(portal.access === 'unknown' ? ['whether the portal lets in is unknown'] : []),
    ...open.map((verdict) => verdict.why),
  ];
  return why.length === 0 ? server : { access: 'unknown', why: why.join(' | ') };
}
