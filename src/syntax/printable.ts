/**
 * One line of text for people, without control characters: what stands in a manifest must not be able to move the cursor, to hide
 * a line, or to add one that looks like the program's own (build servers take orders from such lines).
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${code}`;
  });
}
