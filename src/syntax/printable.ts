/*
 * Text of manifests on its way to people: what stands there must not be able to move the cursor, to turn text around, to hide a line,
 * or to give an order to the build server that shows it.
 */

/** Longer than any name of Kubernetes, any host, and any pattern that people read. */
const LONGEST_WORD = 300;
const LONGEST_TEXT = 4000;

const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
/** Azure Pipelines (`##vso[`), TeamCity (`##teamcity[`) and GitHub's older form (`##[`) look for these anywhere in a line. */
const ORDER_ANYWHERE = /#(?=#\w*\[)/g;
/** GitHub takes these at the beginning of a line, spaces aside: `::error file=a::text`. */
const ORDER_AT_BEGINNING = /(?<=^\s*):(?=:[\w-]+(?:\s[^:]*)?::)/;

/** One line of text for people, without control characters, and of no more than some thousand characters. */
export function printable(text: string): string {
  return shortened(text).replace(UNSEEN, escaped).replace(ORDER_ANYWHERE, escaped).replace(ORDER_AT_BEGINNING, escaped);
}

/** The same as a JSON document, for what only programs read: all that `printable` would change, as JSON's own escapes. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replace(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, escaped).replace(ORDER_ANYWHERE, escaped)}\n`;
}

/** The text with its long words cut, and cut itself where it is still long. */
export function shortened(text: string): string {
  const words =
    text.length <= LONGEST_WORD
      ? text
      : text.replace(/\S+/g, (word) => (word.length > LONGEST_WORD ? cut(word, LONGEST_WORD) : word));
  return words.length <= LONGEST_TEXT ? words : cut(words, LONGEST_TEXT);
}

/** The beginning of the text, and how much there is of it. */
function cut(text: string, length: number): string {
  const beginning = text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
  return `${beginning}… (${text.length} characters)`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
