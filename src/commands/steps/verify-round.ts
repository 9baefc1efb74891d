import type { Invocation } from '../../cli/command.ts';
import type { OpenApi } from '../../cloudflare/client.ts';
import { kinds } from '../../kinds/index.ts';
import { didYouMean } from '../../lib/did-you-mean.ts';
import { UsageError } from '../../lib/errors.ts';
import { nameOf } from '../../exposure/visible.ts';
import { preloadClient } from '../../mcp-client/connect.ts';
import { readAccount } from '../../verify/account.ts';
import type { Check } from '../../verify/check.ts';
import { portalSubjects, serverSubjects, type PortalSubject, type ServerSubject } from '../../verify/subjects.ts';
import type { ToolCall } from '../../verify/tool-call.ts';
import { verify } from '../../verify/verify.ts';
import { openWire, type Resolved } from '../../verify/wire.ts';
import type { verifyOptions } from '../table/verify.ts';
import { originHeaders } from './origin-headers.ts';
import { portalCredentials } from './portal-credentials.ts';
import { connect, prepareIfAny } from './prepare.ts';
import { readResolve } from './read-resolve.ts';
import { simulated } from './simulated.ts';
import { readStoredSecrets } from './stored-secrets.ts';

type VerifyInvocation = Invocation<typeof verifyOptions>;
/** Looks at everything once. What was read of files and secrets stays from look to look. */
export type Round = { look(): Promise<readonly Check[]>; close(): Promise<void> };

const timeoutSeconds = 10;
const lookedAt = ['server_app', 'portal_app', 'policy', 'group', 'service_token', 'tunnel'];

export async function verifyRound(given: VerifyInvocation): Promise<Round> {
  const { options, world, global } = given;
  const resolve = readResolve(options.resolve);
  const credentials = await portalCredentials(given);
  if (options.call !== undefined && credentials === undefined) throw callNeedsToken();
  const prepared = await prepareIfAny(given);
  const { desired } = prepared.spec;
  const stored = await readStoredSecrets({ world, desired });
  const simulation = await simulated(given);
  const api: OpenApi = await connect(simulation.given, { ...prepared, env: simulation.given.world.env });
  const headersFor = originHeaders(world);
  const timeoutMs = (global.timeoutSeconds ?? timeoutSeconds) * 1000;
  return {
    close: () => simulation.close(),
    async look() {
      const reading = readAccount({ api: api.fresh(), kinds, desired, stored: stored.of }, lookedAt);
      preloadClient();
      const account = await reading;
      const portals = chosen(portalSubjects(account), given.args);
      const servers = serverSubjects(account, portals);
      const all = new Map<string, Resolved>([...(await simulation.resolved()), ...resolve]);
      const wire = openWire({
        env: world.env,
        resolve: all,
        timeoutMs,
        signal: world.signal,
      });
      const isResolved = (hostname: string) => all.has(hostname) || wire.isProxied(hostname);
      const call = (portal: PortalSubject) => callIn(portal, servers, options.call);
      try {
        return await verify({
          account,
          portals,
          servers,
          wire,
          timeoutMs,
          now: world.now(),
          isResolved,
          credentials,
          headersFor: (server) => headersFor(server, account),
          call,
        });
      } finally {
        wire.close();
      }
    },
  };
}

const callNeedsToken = (): UsageError =>
  new UsageError('--call needs the credentials of a service token', {
    hint: 'Set CF_ACCESS_CLIENT_ID and CF_ACCESS_CLIENT_SECRET, or give --client-id-from and --client-secret-from.',
  });

/** The portals that are named, or all. Throws a `UsageError` for one that is not there, and where there is none at all. */
function chosen(portals: readonly PortalSubject[], names: readonly string[]): readonly PortalSubject[] {
  const ids = portals.map(({ id }) => id);
  if (ids.length === 0)
    throw new UsageError('there is no portal to verify', {
      hint: 'Make one with mcp-portal create-portal, or with mcp-portal apply.',
    });
  const unknown = names.find((name) => !ids.includes(name));
  if (unknown === undefined) return names.length === 0 ? portals : portals.filter(({ id }) => names.includes(id));
  const guess = didYouMean(unknown, ids);
  throw new UsageError(`there is no portal ${unknown}`, {
    hint: guess === undefined ? `There are: ${ids.join(', ')}.` : `Did you mean ${guess}?`,
  });
}

/** What clients of a portal call the tool. A portal without the server has nothing to call. */
function callIn({ links }: PortalSubject, servers: readonly ServerSubject[], said: string | undefined): ToolCall | undefined {
  const [id = '', tool = ''] = said?.split(/\.([^]*)/) ?? [];
  const link = links.find(({ server }) => server === id);
  const server = servers.find((each) => each.id === id);
  if (said === undefined || link === undefined || server === undefined) return undefined;
  return { said, name: nameOf(tool, 'tools', { server: id, link: link.promised, settings: server.state }) };
}
