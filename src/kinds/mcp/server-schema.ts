import * as z from 'zod/mini';
import { parseSecretRef } from '../../secrets/sources.ts';
import { commonSettings } from '../access/app-schema.ts';
import { described, description, name } from '../document/fragments.ts';
import { promptsSchema, toolsSchema } from './overrides.ts';

/** A reference to a secret. A value that looks like the secret itself is refused, and never shown. */
export const secretRef = () =>
  z
    .string()
    .check(
      z.superRefine((text, context) => {
        const parsed = parseSecretRef(text);
        if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.error });
      }),
    )
    .register(z.globalRegistry, {
      description: 'Where the secret is: env:NAME, file:PATH, cmd:COMMAND, or - for standard input.',
      writeOnly: true,
    });

const authSchema = () =>
  z.union([
    z.enum(['none', 'oauth']),
    z.strictObject({ bearer: secretRef() }),
    z.strictObject({
      headers: z
        .record(z.string().check(z.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'not a header name')), secretRef())
        .check(z.refine((headers) => Object.keys(headers).length > 0, 'at least one header is needed')),
    }),
    z.strictObject({ service_token: described(z.string(), 'A key in service_tokens.') }),
  ]);

/** Plans and other people's error messages show addresses. */
function hasUser(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && `${url.username}${url.password}` !== '';
}

export const serverSchema = () =>
  z.strictObject({
    name: z.optional(name()),
    url: described(
      z.optional(
        z.string().check(
          z.refine(
            (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
            'a whole URL is needed, such as https://host/mcp',
          ),
          z.refine(
            (text) => !hasUser(text),
            'a user name or password does not belong in the URL: say auth: { bearer: REF } or auth: { headers: { Name: REF } } instead',
          ),
        ),
      ),
      'Where the MCP server answers. Create-only in the API: a change is a replacement.',
    ),
    worker: described(z.optional(z.string()), 'A key in workers: url is then https://HOSTNAME/mcp of its first custom domain.'),
    tunnel: described(z.optional(z.string()), 'A key in tunnels: url is then https://HOSTNAME/mcp of its only hostname.'),
    description: z.optional(description()),
    auth: z.optional(authSchema()).register(z.globalRegistry, {
      description:
        'How Cloudflare signs in to the server: none, oauth, { bearer: REF }, { headers: { Name: REF } } or { service_token: KEY }.',
      writeOnly: true,
    }),
    secure_web_gateway: described(z.nullish(z.boolean()), 'Send the traffic through Gateway.'),
    shared_oauth_callback: described(z.nullish(z.boolean()), "Use Cloudflare's shared OAuth callback address."),
    tools: described(
      z.optional(toolsSchema()),
      'Server-wide: by tool name or pattern (delete_*), true, false, or { alias, description, enabled }; or read_only or none.',
    ),
    prompts: z.optional(promptsSchema()),
    access: described(
      z.optional(z.strictObject({ name: z.optional(name()), ...commonSettings() })),
      'Who sees the server: its Access application.',
    ),
  });
