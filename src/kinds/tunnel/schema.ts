import * as z from 'zod/mini';
import { described, name } from '../document/fragments.ts';
import { originSchema } from './origin.ts';

const serviceText = 'a service is an address such as http://server:8000, without a path, or http_status:404';

/** cloudflared refuses an address with a path: what is asked for is passed on as it is. */
function isService(text: string): boolean {
  if (/^(?:hello_world|bastion|socks-proxy|http_status:[1-5]\d\d|unix(?:\+tls)?:\S+)$/.test(text)) return true;
  if (!/^(?:https?|tcp|ssh|rdp|smb):\/\/\S+$/.test(text) || !URL.canParse(text)) return false;
  const { host, pathname, search, username } = new URL(text);
  return host !== '' && ['', '/'].includes(pathname) && search === '' && username === '';
}

const ruleSchema = () =>
  z.strictObject({
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
      'Left out only in the last rule, which is for everything else.',
    ),
    path: described(z.optional(z.string()), 'A regular expression that the path has to match.'),
    service: described(z.string().check(z.refine(isService, serviceText)), 'Where a connector sends the requests.'),
    origin: described(z.optional(originSchema()), 'How it speaks to this service. What is left out stays as it is.'),
  });

export const tunnelSchema = () =>
  z.strictObject({
    name: z.optional(name()),
    ingress: described(
      z.nullish(z.array(ruleSchema())),
      'The rules in order, the whole list: the first that fits counts. A 404 for everything else is added.',
    ),
    origin: described(z.optional(originSchema()), 'How connectors speak to every service.'),
    dns: described(z.optional(z.boolean()), 'true (the default): a proxied CNAME to the tunnel for each hostname.'),
  });
