import {
  declaredInConnection,
  isForCaller,
  isForUpstream,
  locationForCaller,
  streamingHeaders,
  withoutAccessCookies,
} from './headers.ts';

/** Headers as Node gives and takes them, spelled and repeated as they came: name, value, name, value. */
export type RawHeaders = readonly string[];

/** What the upstream is sent: `length` is that of the body, undefined where there is none. */
export function headersForUpstream(raw: RawHeaders, host: string, length: number | undefined): string[] {
  const headers = ['Host', host];
  const declared = declaredNames(raw);
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]];
    const lower = name.toLowerCase();
    if (!isForUpstream(lower) || declared?.includes(lower) === true) continue;
    const passed = lower === 'cookie' ? withoutAccessCookies(value) : value;
    if (lower !== 'cookie' || passed !== '') headers.push(name, passed);
  }
  if (length !== undefined) headers.push('Content-Length', String(length));
  return headers;
}

/** What the caller is sent. */
export function headersForCaller(
  raw: RawHeaders,
  { upstreamOrigin, isStream }: { readonly upstreamOrigin: string; readonly isStream: boolean },
): string[] {
  const headers: string[] = [];
  const declared = declaredNames(raw);
  let cacheControl: string | undefined;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]];
    const lower = name.toLowerCase();
    if (!isForCaller(lower) || declared?.includes(lower) === true) continue;
    if (isStream && lower === 'x-accel-buffering') continue;
    if (isStream && lower === 'cache-control') cacheControl = value;
    else headers.push(name, lower === 'location' ? locationForCaller(value, upstreamOrigin) : value);
  }
  if (isStream) headers.push(...streamingHeaders(cacheControl).flat());
  return headers;
}

/** The names that `Connection` declares, where it declares any: hardly ever. */
function declaredNames(raw: RawHeaders): readonly string[] | undefined {
  let declared: readonly string[] | undefined;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    if (raw[at]?.length !== 10 || raw[at]?.toLowerCase() !== 'connection') continue;
    const value = raw[at + 1] ?? '';
    if (value === 'keep-alive' || value === 'close') continue;
    declared = [...(declared ?? []), ...declaredInConnection(value)];
  }
  return declared;
}
