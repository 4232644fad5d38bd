/*
 * Durations in Go's syntax, as the API server reads them.
 */
const DURATION = /^(\d+(\.\d*)?|\.\d+)(h|ms|m|s|us|µs|ns)/;
const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['ns', 1e-6],
]);

/** Go counts nanoseconds in 64 bits. */
const LONGEST = 2 ** 63 / 1e6;

/** `1m30s` in milliseconds; undefined for what is no duration, or one of more than 292 years. */
export function parseDuration(text: string): number | undefined {
  let rest = text.replace(/^[-+]/, '');
  let total = 0;
  if (rest === '0') {
    return 0;
  }
  while (rest !== '') {
    const part = DURATION.exec(rest);
    if (part === null) {
      return undefined;
    }
    total += Number(part[1]) * (MILLISECONDS.get(part[3]) ?? 0);
    rest = rest.slice(part[0].length);
  }
  if (text === '' || total >= LONGEST) {
    return undefined;
  }
  return text.startsWith('-') ? -total : total;
}
