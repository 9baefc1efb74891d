const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const part = /(\d+(?:\.\d+)?)(ns|us|\u00B5s|ms|s|m|h)/g;
const whole = /^(?:\d+(?:\.\d+)?(?:ns|us|\u00B5s|ms|s|m|h))+$/;

/** Milliseconds of a duration as Go writes it (`8760h`, `1h30m`, `0`); `undefined` when it is none. Days do not exist. */
export const goDuration = (text: string): number | undefined => {
  if (text === '0') return 0;
  if (!whole.test(text)) return undefined;
  let total = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(part)) total += Number(amount) * (units[unit] ?? 0);
  return total;
};
