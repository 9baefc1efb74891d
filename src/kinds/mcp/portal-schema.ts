import * as z from 'zod';
import { commonSettings, hostSettings } from '../access/app-schema.ts';
import { description, name } from '../document/fragments.ts';
import { overridesSchema } from './overrides.ts';

export const linkSchema = () =>
  z
    .strictObject({
      default: z
        .enum(['enabled', 'disabled'])
        .nullable()
        .optional()
        .describe('disabled hides every tool that is not enabled by name.'),
      on_behalf: z
        .boolean()
        .nullable()
        .optional()
        .describe("true: each person's own upstream login; false: the admin credential, which bots need."),
      tools: overridesSchema().optional(),
      prompts: overridesSchema().optional(),
    })
    .nullable();

export const portalSchema = () =>
  z.strictObject({
    name: name().optional(),
    hostname: z
      .string()
      .regex(/^(?!.*:\/\/)[^/\s:]+\.[^/\s:]+$/, 'a bare hostname is needed, such as mcp.example.com (no https://, no path)')
      .optional()
      .describe('Where clients connect: https://HOSTNAME/mcp.'),
    description: description().optional(),
    code_mode: z.enum(['off', 'opt_in', 'default_on', 'enforced']).nullable().optional(),
    secure_web_gateway: z.boolean().nullable().optional(),
    servers: z
      .union([z.array(z.string()), z.record(z.string(), linkSchema())])
      .nullable()
      .optional()
      .describe('Keys of servers, or a map from key to settings. The whole: others are detached.'),
    access: z
      .strictObject({ name: name().optional(), ...commonSettings(), ...hostSettings() })
      .optional()
      .describe('Who gets in: the Access application of the portal.'),
    service_tokens: z.array(z.string()).nullable().optional().describe('Bots: keys in service_tokens.'),
    dns: z
      .union([
        z.boolean(),
        z.strictObject({ target: z.string().optional(), zone: z.string().optional(), comment: z.string().nullable().optional() }),
      ])
      .optional()
      .describe('true (the default): a proxied CNAME to gateway.agents.cloudflare.com in the zone that fits best.'),
  });
