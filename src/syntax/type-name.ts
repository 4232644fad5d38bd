/** How a value is called in a message: `a Service`, `a string`, `undefined`. */
export function nameOfType(value: unknown): string {
  if (typeof value === 'string') {
    return 'a string';
  }
  if (value === null || typeof value !== 'object') {
    return String(value);
  }
  const name = value.constructor?.name ?? 'Object';
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}
