import * as z from 'zod/mini';
import { commonSettings, hostSettings } from '../access/app-schema.ts';
import { described, description, name } from '../document/fragments.ts';
import { promptsSchema, toolsSchema } from './overrides.ts';

export const linkSchema = () =>
  z.nullable(
    z.strictObject({
      default: described(z.nullish(z.enum(['enabled', 'disabled'])), 'disabled hides every tool that is not enabled by name.'),
      on_behalf: described(
        z.nullish(z.boolean()),
        "true: each person's own upstream login; false: the admin credential, which bots need.",
      ),
      tools: described(
        z.optional(toolsSchema()),
        'By tool name or pattern (delete_*), as in servers; or read_only or none: new tools of the server then stay hidden.',
      ),
      prompts: z.optional(promptsSchema()),
    }),
  );

const recordSchema = () =>
  z.strictObject({ target: z.optional(z.string()), zone: z.optional(z.string()), comment: z.nullish(z.string()) });

export const portalSchema = () =>
  z.strictObject({
    name: z.optional(name()),
    hostname: described(
      z.optional(
        z
          .string()
          .check(
            z.regex(
              /^(?!.*:\/\/)[^/\s:]+\.[^/\s:]+$/,
              'a bare hostname is needed, such as mcp.example.com (no https://, no path)',
            ),
          ),
      ),
      'Where clients connect: https://HOSTNAME/mcp.',
    ),
    description: z.optional(description()),
    code_mode: z.nullish(z.enum(['off', 'opt_in', 'default_on', 'enforced'])),
    secure_web_gateway: z.nullish(z.boolean()),
    servers: described(
      z.nullish(z.union([z.array(z.string()), z.record(z.string(), linkSchema())])),
      'Keys of servers, or a map from key to settings. The whole: others are detached.',
    ),
    access: described(
      z.optional(z.strictObject({ name: z.optional(name()), ...commonSettings(), ...hostSettings() })),
      'Who gets in: the Access application of the portal.',
    ),
    service_tokens: described(z.nullish(z.array(z.string())), 'Bots: keys in service_tokens.'),
    dns: described(
      z.optional(z.union([z.boolean(), recordSchema()])),
      'true (the default): a proxied CNAME to gateway.agents.cloudflare.com in the zone that fits best.',
    ),
  });
