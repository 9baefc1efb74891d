import { isIPv4, isIPv6 } from '../document/network.ts';
import type { Entry, Finding } from '../../engine/kind.ts';
import { mistake, warning } from '../document/findings.ts';
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
  const { key, place } = entry;
  const { content, absent, type, name, zone, proxied } = entry.value;
  const noContent = mistake({ code: 'MCP104', message: `dns[${key}] needs content:`, place });
  const short = mistake({
    code: 'MCP208',
    message: `dns[${key}]: "${name}" is not a full name`,
    place: entry.at('name'),
    hint: 'write the whole name, or add zone:',
  });
  const unproxied = mistake({
    code: 'MCP109',
    message: `dns[${key}]: a record of type ${type} cannot be proxied`,
    place: entry.at('proxied'),
    hint: 'proxied: true is for A, AAAA and CNAME',
  });
  return [
    ...(content === undefined && absent !== true ? [noContent] : []),
    ...(zone === undefined && !name.replace(/\.$/, '').includes('.') ? [short] : []),
    ...(content === undefined ? [] : checkContent(entry, type, content)),
    ...(proxied === true && !proxiedTypes.includes(type) ? [unproxied] : []),
  ];
}

function checkContent({ key, at }: Spot, type: string, content: string): readonly Finding[] {
  const form = forms[type];
  const wrong = mistake({
    code: 'MCP109',
    message: `dns[${key}]: the content of a record of type ${type} is ${form?.needs}`,
    place: at('content'),
  });
  const misled = warning({
    code: 'MCP005',
    message: `dns[${key}]: a portal does not answer behind cloudflareaccess.com`,
    place: at('content'),
    hint: 'a portal makes its own record; leave this one out',
  });
  return [
    ...(form === undefined || form.isRight(content.trim()) ? [] : [wrong]),
    ...(type === 'CNAME' && /\.cloudflareaccess\.com\.?$/i.test(content) ? [misled] : []),
  ];
}

const forms: { readonly [type: string]: { readonly isRight: (content: string) => boolean; readonly needs: string } } = {
  A: { isRight: isIPv4, needs: 'an IPv4 address' },
  AAAA: { isRight: isIPv6, needs: 'an IPv6 address' },
  CNAME: { isRight: (content) => /^[^\s/:]+$/.test(content), needs: 'a hostname' },
  NS: { isRight: (content) => /^[^\s/:]+$/.test(content), needs: 'a hostname' },
  MX: { isRight: (content) => /^(\d+\s+)?[^\s/:]+$/.test(content), needs: 'a hostname, with or without its priority before it' },
  SRV: {
    isRight: (content) => /^(\d+\s+)?\d+\s+\d+\s+[^\s/:]+$/.test(content),
    needs: '"WEIGHT PORT TARGET", with or without its priority before it',
  },
  CAA: {
    isRight: (content) => /^\d+\s+[a-z0-9]+\s+\S/i.test(content),
    needs: 'FLAGS TAG VALUE, such as 0 issue "letsencrypt.org"',
  },
};
