import * as z from 'zod';
import { parseSecretRef } from '../../secrets/sources.ts';
import { commonSettings } from '../access/app-schema.ts';
import { description, name } from '../document/fragments.ts';
import { overridesSchema } from './overrides.ts';

/** A reference to a secret. A value that looks like the secret itself is refused, and never shown. */
const secretRef = () =>
  z
    .string()
    .superRefine((text, context) => {
      const parsed = parseSecretRef(text);
      if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.error });
    })
    .meta({ description: 'Where the secret is: env:NAME, file:PATH, cmd:COMMAND, or - for standard input.', writeOnly: true });

const authSchema = () =>
  z.union([
    z.enum(['none', 'oauth']),
    z.strictObject({ bearer: secretRef() }),
    z.strictObject({
      headers: z
        .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'not a header name'), secretRef())
        .refine((headers) => Object.keys(headers).length > 0, 'at least one header is needed'),
    }),
    z.strictObject({ service_token: z.string().describe('A key in service_tokens.') }),
  ]);

/** Plans and other people's error messages show addresses. */
function hasUser(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && `${url.username}${url.password}` !== '';
}

export const serverSchema = () =>
  z.strictObject({
    name: name().optional(),
    url: z
      .string()
      .refine(
        (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
        'a whole URL is needed, such as https://host/mcp',
      )
      .refine(
        (text) => !hasUser(text),
        'a user name or password does not belong in the URL: say auth: { bearer: REF } or auth: { headers: { Name: REF } } instead',
      )
      .optional()
      .describe('Where the MCP server answers. Create-only in the API: a change is a replacement.'),
    description: description().optional(),
    auth: authSchema().optional().meta({
      description:
        'How Cloudflare signs in to the server: none, oauth, { bearer: REF }, { headers: { Name: REF } } or { service_token: KEY }.',
      writeOnly: true,
    }),
    secure_web_gateway: z.boolean().nullable().optional().describe('Send the traffic through Gateway.'),
    shared_oauth_callback: z.boolean().nullable().optional().describe("Use Cloudflare's shared OAuth callback address."),
    tools: overridesSchema().optional().describe('Server-wide: by tool name, true, false, or { alias, description, enabled }.'),
    prompts: overridesSchema().optional(),
    access: z
      .strictObject({ name: name().optional(), ...commonSettings() })
      .optional()
      .describe('Who sees the server: its Access application.'),
  });
