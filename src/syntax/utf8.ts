/** The bytes of a text, as it is sent. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
