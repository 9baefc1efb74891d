import type { JsonObject, Wanted } from './client.ts';

/** The headers that Access reads a service token from, and the variables that stand for their values. */
export const accessHeaders = [
  { header: 'CF-Access-Client-Id', variable: 'CF_ACCESS_CLIENT_ID', title: 'client id' },
  { header: 'CF-Access-Client-Secret', variable: 'CF_ACCESS_CLIENT_SECRET', title: 'client secret' },
] as const;

/** A secret is never written out: a variable's name stands for it. */
const placeholder = (variable: string): string => `\${${variable}}`;

/** One field per header or variable. */
const each = (key: 'header' | 'variable', value: (variable: string) => string): JsonObject =>
  Object.fromEntries(accessHeaders.map((access) => [access[key], value(access.variable)]));

/** `headers` for a client that sends them itself; nothing without a service token. */
export const headersIn = ({ serviceToken }: Wanted, value = placeholder): JsonObject =>
  serviceToken ? { headers: each('header', value) } : {};

/** Codex: the names of the variables, which it reads when it starts. */
export const variablesByHeader = ({ serviceToken }: Wanted): JsonObject =>
  serviceToken ? { env_http_headers: each('header', (variable) => variable) } : {};

/** The names of the variables. */
export const variableNames: readonly string[] = accessHeaders.map(({ variable }) => variable);

/**
 * A local program that speaks to the portal for clients that cannot, or should not. It replaces `${NAME}` in its
 * headers itself, from `env`. No space follows the colon: several clients cut arguments at spaces.
 */
export function throughMcpRemote({ url, serviceToken }: Wanted, value = placeholder): JsonObject {
  const headers = accessHeaders.flatMap(({ header, variable }) => ['--header', `${header}:${placeholder(variable)}`]);
  return {
    command: 'npx',
    args: ['-y', 'mcp-remote@latest', url, ...(serviceToken ? headers : [])],
    ...(serviceToken ? { env: each('variable', value) } : {}),
  };
}
