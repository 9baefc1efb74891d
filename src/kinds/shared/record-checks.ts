import { isIPv4, isIPv6 } from 'node:net';
import type { Entry, Finding } from '../../engine/kind.ts';
import { mistake, warning } from './findings.ts';
import { proxiedTypes, type RecordState } from './records.ts';

type Spot = Pick<Entry, 'key' | 'place' | 'at'> & {
  readonly value: Pick<RecordState, 'type' | 'name'> & {
    readonly content?: string | undefined;
    readonly zone?: string | undefined;
    readonly proxied?: boolean | undefined;
    readonly absent?: boolean | undefined;
  };
};

/** What the API would refuse about one record of the document, and what works and seldom is meant. */
export function checkRecord(entry: Spot): readonly Finding[] {
  const { content, absent, type, name, zone, proxied } = entry.value;
  const say = (code: string, message: string, field: string, hint?: string): Finding =>
    mistake({ code, message: `dns[${entry.key}]: ${message}`, place: entry.at(field), ...(hint === undefined ? {} : { hint }) });
  const wrong = content === undefined ? undefined : wrongContent(type, content);
  return [
    ...(content === undefined && absent !== true ? [mistake({ code: 'MCP104', message: `dns[${entry.key}] needs content:`, place: entry.place })] : []),
    ...(zone === undefined && !name.replace(/\.$/, '').includes('.') ? [say('MCP208', `"${name}" is not a full name`, 'name', 'write the whole name, or add zone:')] : []),
    ...(wrong === undefined ? [] : [say('MCP109', wrong, 'content')]),
    ...(proxied === true && !proxiedTypes.includes(type) ? [say('MCP109', `a record of type ${type} cannot be proxied`, 'proxied', 'proxied: true is for A, AAAA and CNAME')] : []),
    ...(type === 'CNAME' && /\.cloudflareaccess\.com\.?$/i.test(content ?? '') ? [wrongTarget(entry)] : []),
  ];
}

const wrongTarget = (entry: Spot): Finding =>
  warning({
    code: 'MCP005',
    message: `dns[${entry.key}]: a portal does not answer behind cloudflareaccess.com`,
    place: entry.at('content'),
    hint: 'a portal makes its own record; leave this one out',
  });

const forms: { readonly [type: string]: { readonly isRight: (content: string) => boolean; readonly needs: string } } = {
  A: { isRight: isIPv4, needs: 'an IPv4 address' },
  AAAA: { isRight: isIPv6, needs: 'an IPv6 address' },
  CNAME: { isRight: (content) => /^[^\s/:]+$/.test(content), needs: 'a hostname' },
  NS: { isRight: (content) => /^[^\s/:]+$/.test(content), needs: 'a hostname' },
  MX: { isRight: (content) => /^(\d+\s+)?[^\s/:]+$/.test(content), needs: 'a hostname, with or without its priority before it' },
  SRV: { isRight: (content) => /^(\d+\s+)?\d+\s+\d+\s+[^\s/:]+$/.test(content), needs: '"WEIGHT PORT TARGET", with or without its priority before it' },
  CAA: { isRight: (content) => /^\d+\s+[a-z0-9]+\s+\S/i.test(content), needs: 'FLAGS TAG VALUE, such as 0 issue "letsencrypt.org"' },
};

function wrongContent(type: string, content: string): string | undefined {
  const form = forms[type];
  return form === undefined || form.isRight(content.trim()) ? undefined : `the content of a record of type ${type} is ${form.needs}`;
}
