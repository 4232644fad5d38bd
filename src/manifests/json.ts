/*
 * JSON as kubectl reads it: one object after another. Of a key that is written twice the last one counts.
 */
import type { Steps } from './path';

/** How deep objects and lists may be nested: Go's reader, and so kubectl, refuses more. */
export const MAX_JSON_NESTING = 10_000;

/** The end of the JSON object that begins at `start`, or the end of the text where it has none; and how many levels it has. */
export function endOfObject(text: string, start: number): { readonly end: number; readonly levels: number } {
  const DELIMITER = /["{}[\]]/g;
  DELIMITER.lastIndex = start;
  let depth = 0;
  let levels = 0;
  for (let found = DELIMITER.exec(text); found !== null; found = DELIMITER.exec(text)) {
    const [char] = found;
    if (char === '"') {
      DELIMITER.lastIndex = endOfString(text, found.index);
    } else if (char === '{' || char === '[') {
      levels = Math.max(levels, ++depth);
    } else if (--depth <= 0) {
      return { end: found.index + 1, levels };
    }
  }
  return { end: text.length, levels };
}

/** The way to each key that stands more than once in its object, in a text that is valid JSON. */
export function duplicateKeys(text: string): readonly Steps[] {
  const PART = /["{}[\],]/g;
  const duplicates: Steps[] = [];
  const open: { readonly keys?: Set<string>; step: string | number }[] = [];
  for (let found = PART.exec(text); found !== null; found = PART.exec(text)) {
    const inner = open.at(-1);
    switch (found[0]) {
      case '{':
        open.push({ keys: new Set(), step: '' });
        break;
      case '[':
        open.push({ step: 0 });
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ',':
        if (typeof inner?.step === 'number') {
          inner.step++;
        }
        break;
      default: {
        const end = endOfString(text, found.index);
        PART.lastIndex = end;
        if (inner?.keys !== undefined && isKey(text, end)) {
          inner.step = JSON.parse(text.slice(found.index, end)) as string;
          if (inner.keys.has(inner.step)) {
            duplicates.push(open.map(({ step }) => step));
          }
          inner.keys.add(inner.step);
        }
      }
    }
  }
  return duplicates;
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (/\s/.test(text[at] ?? '')) {
    at++;
  }
  return text[at] === ':';
}

/** Behind the quote that closes what begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at < 0) {
      return text.length;
    }
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') {
      backslashes++;
    }
    if (backslashes % 2 === 0) {
      return at + 1;
    }
  }
}
