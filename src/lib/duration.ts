const nanoseconds: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n, // micro sign
  μs: 1_000n, // Greek mu: Go reads both
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const part = /(\d*)(?:\.(\d*))?(ns|us|\u00B5s|\u03BCs|ms|s|m|h)/y;
const longest = 2n ** 63n - 1n;

/**
 * Nanoseconds of a duration as Go's `time.ParseDuration` reads it: `24h`, `1h30m`, `1.5h`, `300ms`,
 * `0`. Undefined for anything else, also where Go's int64 would overflow.
 */
export function parseDuration(text: string): bigint | undefined {
  const sign = text.startsWith('-') ? -1n : 1n;
  const body = text.replace(/^[-+]/, '');
  if (body === '0') return 0n;
  let total = 0n;
  part.lastIndex = 0;
  while (part.lastIndex < body.length) {
    const match = part.exec(body);
    const [, whole = '', fraction = '', unit = ''] = match ?? [];
    const size = nanoseconds[unit];
    if (size === undefined || whole + fraction === '') return undefined;
    total += BigInt(whole === '' ? '0' : whole) * size + fractionOf(fraction, size);
    if (total > longest) return undefined;
  }
  return body === '' ? undefined : sign * total;
}

/**
 * Nanoseconds of a span as people type it: a Go duration, in which days and weeks may stand as well
 * (`30d`, `2w`, `1d12h`), each of 24 hours. Undefined for anything else and for what is below zero.
 */
export function parseSpan(text: string): bigint | undefined {
  const inHours = text.replace(
    /(?<![\d.])(\d+)([dw])(?![a-z])/g,
    (_, count, unit) => `${BigInt(count) * (unit === 'd' ? 24n : 168n)}h`,
  );
  const span = parseDuration(inHours);
  return span === undefined || span < 0n ? undefined : span;
}

const fractionOf = (digits: string, unit: bigint): bigint =>
  digits === '' ? 0n : (BigInt(digits) * unit) / 10n ** BigInt(digits.length);

/**
 * The spelling that Go prints, without its zero parts: `90m` and `1h30m0s` are both `1h30m`. Text that
 * is no duration, such as `forever`, comes back unchanged.
 */
export function canonicalDuration(text: string): string {
  const total = parseDuration(text);
  if (total === undefined) return text;
  if (total === 0n) return '0s';
  return total < 0n ? `-${spell(-total)}` : spell(total);
}

function spell(total: bigint): string {
  const [h, m, s] = [3_600_000_000_000n, 60_000_000_000n, 1_000_000_000n];
  const seconds = total % m;
  const parts = [total >= h ? `${total / h}h` : '', (total % h) / m > 0n ? `${(total % h) / m}m` : ''];
  if (seconds > 0n) parts.push(spellSeconds(seconds, total < s));
  return parts.join('');
}

/** Below one second Go changes to the largest unit that gives a whole part. */
function spellSeconds(amount: bigint, small: boolean): string {
  if (!small) return decimal(amount, 1_000_000_000n, 's');
  if (amount >= 1_000_000n) return decimal(amount, 1_000_000n, 'ms');
  if (amount >= 1_000n) return decimal(amount, 1_000n, 'µs');
  return `${amount}ns`;
}

function decimal(amount: bigint, unit: bigint, name: string): string {
  const digits = `${unit}`.length - 1;
  const fraction = `${amount % unit}`.padStart(digits, '0').replace(/0+$/, '');
  return fraction === '' ? `${amount / unit}${name}` : `${amount / unit}.${fraction}${name}`;
}
