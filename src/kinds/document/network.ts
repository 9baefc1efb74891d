import { domainToASCII } from 'node:url';

/** A hostname as Cloudflare gives it back: lower case, punycode, no trailing dot. */
export function canonicalHostname(hostname: string): string {
  const bare = hostname.trim().replace(/\.$/, '').toLowerCase();
  const ascii = domainToASCII(bare.replace(/^\*\./, ''));
  if (ascii === '') return bare;
  return bare.startsWith('*.') ? `*.${ascii}` : ascii;
}

/** True when two URLs mean the same: they are compared parsed, and sent as written. */
export function sameUrl(left: string, right: string): boolean {
  return left === right || (URL.canParse(left) && URL.canParse(right) && new URL(left).href === new URL(right).href);
}

/** An address or network as Access stores it: `203.0.113.7` is `203.0.113.7/32`, host bits are cleared (Q48). */
export function canonicalCidr(text: string): string {
  const [address = '', prefix] = text.trim().split('/');
  const family = isIP(address);
  if (family === 0) return text.trim();
  const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
  return `${family === 4 ? maskV4(address, bits) : maskV6(address, bits)}/${bits}`;
}

/** An IPv6 address in its shortest form (RFC 5952); other text is left alone. */
export function canonicalAddress(address: string): string {
  if (isIPv4(address) || isIP(address) === 0) return address;
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

function maskV4(address: string, bits: number): string {
  const value = address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const masked = clear(value, 32, bits);
  return [24n, 16n, 8n, 0n].map((shift) => ((masked >> shift) & 255n).toString()).join('.');
}

function maskV6(address: string, bits: number): string {
  const masked = clear(v6Value(canonicalAddress(address)), 128, bits);
  const groups = Array.from({ length: 8 }, (_, index) => ((masked >> BigInt(112 - index * 16)) & 0xffffn).toString(16));
  return canonicalAddress(groups.join(':'));
}

function v6Value(address: string): bigint {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

function clear(value: bigint, width: number, bits: number): bigint {
  if (!Number.isInteger(bits) || bits < 0 || bits > width) return value;
  const shift = BigInt(width - bits);
  return (value >> shift) << shift;
}

/** A host that only a private network knows: Cloudflare reaches it through a tunnel and Gateway alone. */
export function looksPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIPv4(host)) return /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host);
  if (isIP(host) === 6) return /^(::1$|f[cd]|fe[89ab])/i.test(host);
  return host === 'localhost' || !host.includes('.') || /\.(local|internal|lan|home\.arpa|localhost)$/.test(host);
}

/** The version of an address: 4, 6, or 0 for what is none. (`node:net` says it too, and loads a lot for it.) */
export function isIP(text: string): 0 | 4 | 6 {
  if (isIPv4(text)) return 4;
  return isIPv6(text) ? 6 : 0;
}

export const isIPv4 = (text: string): boolean => /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text);

export const isIPv6 = (text: string): boolean =>
  text.includes(':') && /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`);
