import type { ApplicationRow, PortalRow, SandboxState } from '../state.ts';
import type { Sessions } from './sessions.ts';
import type { Upstreams } from './upstreams.ts';

/** One request to a portal, with what it takes to answer it. */
export type Visit = {
  readonly state: SandboxState;
  readonly portal: PortalRow;
  /** Undefined: nobody has made the portal's Access application. */
  readonly application: ApplicationRow | undefined;
  readonly request: Request;
  readonly url: URL;
  /** The portal's own address as the caller knows it: `https://HOSTNAME`, or the local port. */
  readonly origin: string;
  /** Where the caller is. */
  readonly address: string;
  readonly now: Date;
  readonly sessions: Sessions;
  readonly upstreams: Upstreams;
};

export const json = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  });

export const html = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(`<!DOCTYPE html><html><body>${body}</body></html>`, {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8', ...headers },
  });
