import { UsageError } from '../lib/errors.ts';
import { set } from '../spec/edit.ts';
import { ofEntry, type Intent } from '../verbs/intent.ts';
import type { Values } from './tool.ts';

/** The key is the domain: two calls for one domain are about one application. */
export function applicationIntent(args: Values): Intent {
  const { name, domain, type = 'self_hosted', cors_headers: cors, ...settings } = args;
  if (type !== 'self_hosted')
    throw new UsageError(`an application of type ${String(type)} is made with its portal or server`, {
      code: 'invalid_arguments',
      hint: 'Use mcpportal_put_portal or mcpportal_put_server with access, or provision_mcp_portal.',
    });
  const key = String(domain);
  const headers = cors === undefined ? {} : { cors: corsFrom(Object(cors)) };
  const edits = [set(['applications', key], { name, domain, type, ...settings, ...headers })];
  return { edits, named: ofEntry('applications', key), about: [`applications.${key}`], save: [] };
}

const corsFrom = ({ enabled: _enabled, ...cors }: Values): Values => cors;

/** What was taken otherwise than it was said. */
export function applicationWarnings({ cors_headers: cors, domain }: Values): readonly string[] {
  const headers: Values = Object(cors);
  const origins: unknown = headers['allowed_origins'];
  return [
    ...(headers['enabled'] === undefined
      ? []
      : ['cors_headers.enabled is no field of the API and was left out: the other fields enable CORS']),
    ...(Array.isArray(origins) && origins.includes('*') && headers['allow_credentials'] === true
      ? ['browsers refuse allowed_origins "*" together with allow_credentials: name the origins']
      : []),
    `${String(domain)} gets an application of type self_hosted; a hostname that serves an MCP portal needs a portal (mcpportal_put_portal or provision_mcp_portal)`,
  ];
}
