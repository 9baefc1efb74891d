import type { Agent, request } from 'node:http';
import { httpsProxyOf, tunnelThrough } from '../cloudflare/proxy.ts';

/** Connections that live from request to request, so that a chain of checks needs one. */
export type Agents = {
  to(isPlain: boolean, url: URL): Promise<{ readonly request: typeof request; readonly agent: Agent }>;
  close(): void;
};

export function agents(env: Readonly<Record<string, string | undefined>>): Agents {
  const open = new Map<string, Promise<Agent>>();
  const make = async (isPlain: boolean, proxy: URL | undefined): Promise<Agent> => {
    const { Agent: Made } = isPlain ? await import('node:http') : await import('node:https');
    const agent = new Made({ keepAlive: true });
    if (proxy !== undefined) await tunnelThrough(proxy, agent);
    return agent;
  };
  return {
    async to(isPlain, url) {
      const proxy = isPlain ? undefined : httpsProxyOf(env, url.href);
      const name = `${isPlain}${proxy?.href ?? ''}`;
      const agent = open.get(name) ?? make(isPlain, proxy);
      open.set(name, agent);
      const { request } = isPlain ? await import('node:http') : await import('node:https');
      return { request, agent: await agent };
    },
    close: () => {
      for (const agent of open.values()) void agent.then((each) => each.destroy());
    },
  };
}
