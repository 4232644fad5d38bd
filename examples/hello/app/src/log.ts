/** One line an event, for people and for grep: `listening port=5000`. The platform adds the time. */
export function log(event: string, fields: Record<string, string | number> = {}): void {
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${bareOrQuoted(value)}`);
  console.log([event, ...pairs].join(' '));
}

function bareOrQuoted(value: string | number): string {
  const text = String(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}
