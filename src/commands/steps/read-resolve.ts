import { canonicalHostname } from '../../kinds/document/network.ts';
import { UsageError } from '../../lib/errors.ts';
import type { Resolved } from '../../verify/wire.ts';

/** `HOST=ADDRESS:PORT`, with an IPv6 address in brackets. Throws a `UsageError` for anything else. */
export function readResolve(texts: readonly string[]): ReadonlyMap<string, Resolved> {
  const entries = texts.map((text) => {
    const [, host = '', six, four, port = ''] = /^([^=\s]+)=(?:\[([0-9a-f:.]+)\]|([^:\s[\]]+)):(\d{1,5})$/i.exec(text) ?? [];
    const address = six ?? four;
    if (address === undefined || Number(port) > 65_535 || Number(port) === 0) {
      throw new UsageError(`--resolve takes HOST=ADDRESS:PORT, not "${text}"`, {
        hint: 'Such as --resolve mcp.example.com=127.0.0.1:8787.',
      });
    }
    return [canonicalHostname(host), { address, port: Number(port) }] as const;
  });
  return new Map(entries);
}
