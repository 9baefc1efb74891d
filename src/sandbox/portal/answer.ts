import { text } from '../check.ts';
import type { PortalRow, SandboxState } from '../state.ts';
import { portalApplication } from './applications.ts';
import { endpointAnswer } from './endpoint.ts';
import { identityOf } from './gate.ts';
import { oauthAnswer } from './oauth.ts';
import { newSessions } from './sessions.ts';
import { openUpstreams } from './upstreams.ts';
import { html, json, type Visit } from './visit.ts';

/** What clients of the portals reach: each portal's home page, its sign-in, and its MCP endpoint. */
export type DataSide = {
  /** Answers a request to a portal. `address` is the caller's. */
  answer(portal: string, request: Request, address: string): Promise<Response>;
  /** The portal that a Host header names. */
  portalAt(host: string): string | undefined;
  close(): Promise<void>;
};

export const openDataSide = (state: SandboxState, now: () => Date = () => new Date()): DataSide => {
  const [sessions, upstreams] = [newSessions(), openUpstreams()];
  const hostnameOf = ({ body }: PortalRow): string => text(body['hostname']);
  return {
    close: () => upstreams.close(),
    portalAt: (host) => state.portals.find((portal) => hostnameOf(portal) === host.toLowerCase().replace(/:\d+$/, ''))?.id,
    async answer(id, request, address) {
      const portal = state.portals.find((each) => each.id === id);
      if (portal === undefined) return json(404, { error: 'this portal is not there any more' });
      const url = new URL(request.url);
      // Called by its hostname it is behind https, as far as the caller knows.
      const origin = url.hostname === hostnameOf(portal) ? `https://${url.hostname}` : url.origin;
      const application = portalApplication(state, portal);
      return answerTo({ state, portal, application, request, url, origin, address, now: now(), sessions, upstreams });
    },
  };
};

const answerTo = async (visit: Visit): Promise<Response> => {
  const { url, portal, request } = visit;
  if (url.pathname === '/' && request.method === 'GET')
    return html(200, `<h1>${escaped(text(portal.body['name'], portal.id))}</h1><p>${escaped(visit.origin)}/mcp</p>`);
  const signIn = await oauthAnswer(visit);
  if (signIn !== undefined) return signIn;
  if (url.pathname !== '/mcp') return json(404, { error: 'Not found' });
  const who = identityOf(visit);
  return who instanceof Response ? who : endpointAnswer(visit, who);
};

const escaped = (said: string): string => said.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
