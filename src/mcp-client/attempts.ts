/** One way to reach an MCP server. */
export type Attempt = { readonly transport: 'http' | 'sse'; readonly url: string };

/**
 * The ways that Cloudflare tries, in its order: `…/mcp` is Streamable HTTP, `…/sse` is SSE, anything else is
 * tried as both, then with `/mcp` and `/sse` added.
 */
export const attemptsFor = (url: string): readonly Attempt[] => {
  const path = new URL(url).pathname.replace(/\/+$/, '');
  if (path.endsWith('/mcp')) return [{ transport: 'http', url }];
  if (path.endsWith('/sse')) return [{ transport: 'sse', url }];
  const extended = (suffix: string): string => Object.assign(new URL(url), { pathname: path + suffix }).href;
  return [
    { transport: 'http', url },
    { transport: 'sse', url },
    { transport: 'http', url: extended('/mcp') },
    { transport: 'sse', url: extended('/sse') },
  ];
};

/** Only these statuses lead to the next way: the server is there, and not where or not how it was asked. */
export const leadsOn = (status: number | undefined): boolean => status === 404 || status === 405 || status === 406;
