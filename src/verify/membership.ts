import { judge, type Check } from './check.ts';
import type { LinkSubject, PortalSubject } from './subjects.ts';

/** Whether a portal has its servers, and shows something of them. `withBot`: a service token is to see them. */
export function checkMembership(portal: PortalSubject, withBot: boolean): readonly Check[] {
  const of = judge('membership', portal.id);
  if (!portal.isLive) {
    const cause = 'The document has this portal, and the account does not.';
    return [of.failed({ name: 'portal', detail: 'it is not there', cause, fix: 'mcp-portal apply' })];
  }
  if (portal.links.length === 0) {
    const cause = 'A portal without servers has nothing to show.';
    return [of.failed({ name: 'servers', detail: 'it has none', cause, fix: `mcp-portal attach-server ${portal.id} SERVER` })];
  }
  return portal.links.map((link) => checkLink(portal.id, link, withBot));
}

function checkLink(portal: string, { server, isLive, isWanted, promised }: LinkSubject, withBot: boolean): Check {
  const of = judge('membership', portal);
  const name = server;
  if (!isLive) {
    return of.failed({
      name,
      detail: 'not attached',
      cause: 'The document has this server in the portal, and the account does not.',
      fix: `mcp-portal attach-server ${portal} ${server}, or mcp-portal apply`,
    });
  }
  const shows = Object.values(promised.tools ?? {}).some(({ enabled }) => enabled === true);
  if (promised.default === 'disabled' && !shows) {
    return of.failed({
      name,
      detail: 'attached, with everything disabled',
      cause: 'The link hides every tool that is not enabled by name, and none is.',
      fix: `Set portals.${portal}.servers.${server}.default: enabled, or enable tools by name, then: mcp-portal apply`,
    });
  }
  if (withBot && promised.on_behalf !== false) {
    return of.warned({
      name,
      detail: 'attached, on behalf of people: hidden from service tokens',
      cause: 'The link uses the login of each person, and a service token has none.',
      fix: `Set portals.${portal}.servers.${server}.on_behalf: false, then: mcp-portal apply`,
    });
  }
  if (!isWanted)
    return of.warned({
      name,
      detail: 'attached, and not in the document',
      fix: 'mcp-portal apply detaches it; mcp-portal export writes it down',
    });
  return of.passed({ name, detail: 'attached' });
}
