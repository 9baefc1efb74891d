import { addRecord, emptyDocument } from '../verbs/dns.ts';
import type { Values } from './tool.ts';
import type { Wish } from './workbench.ts';

/** Where Cloudflare takes requests for portals. Source: the portal documentation. */
const gateway = 'gateway.agents.cloudflare.com';

export function recordWish(args: Values): Wish {
  const text = (name: string): string => String(args[name]);
  const type = text('type').toUpperCase();
  const isFormer = type === 'CNAME' && /(^|\.)cloudflareaccess\.com\.?$/i.test(text('content'));
  const content = isFormer ? gateway : text('content');
  const words = {
    name: fullName(text('name'), text('zone_name')),
    type,
    content,
    zone: text('zone_name'),
    proxied: isFormer ? true : typeof args['proxied'] === 'boolean' ? args['proxied'] : undefined,
    ttl: args['ttl'] === undefined || args['ttl'] === 1 ? undefined : text('ttl'),
    comment: args['comment'] === undefined ? undefined : text('comment'),
  };
  const intent = addRecord(words, emptyDocument);
  const warning = `nothing answers for a portal at ${text('content')}: the record points at ${gateway} and is proxied`;
  return {
    title: `create ${type} record ${text('name')} in ${text('zone_name')}`,
    base: { is: 'nothing' },
    intend: async () => intent,
    foreseen: intent.edits,
    ...(isFormer ? { warnings: [warning] } : {}),
  };
}

/** `mcp`, `@` and `mcp.example.com` in the zone `example.com`. */
function fullName(name: string, zone: string): string {
  if (name === '@' || name === zone) return zone;
  return name.endsWith(`.${zone}`) ? name : `${name}.${zone}`;
}
