import { expandedOauth, linkedDomains } from '../application-settings.ts';
import { objects, text } from '../check.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { ApplicationRow, PortalRow, SandboxState } from '../state.ts';

/** The application that guards a portal: the one with its hostname. */
export const portalApplication = (state: SandboxState, portal: PortalRow): ApplicationRow | undefined =>
  state.applications.find(({ body }) => body['type'] === 'mcp_portal' && linkedDomains(body).domain === portal.body['hostname']);

/** The application that decides who sees a server. */
export const serverApplication = (state: SandboxState, id: string): ApplicationRow | undefined =>
  state.applications.find(
    ({ body }) => body['type'] === 'mcp' && objects(body['destinations']).some((each) => text(each['mcp_server_id']) === id),
  );

/** How clients sign people in; a portal does so unless its application says otherwise. Undefined: they are sent to a login page. */
export const managedOauth = (application: ApplicationRow): JsonObject | undefined => {
  const said = application.body['oauth_configuration'];
  const settings = expandedOauth(isObject(said) ? said : {});
  return settings['enabled'] === false ? undefined : settings;
};
