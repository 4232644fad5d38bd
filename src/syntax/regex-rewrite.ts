/*
 * RE2::GlobalReplace, which Envoy uses to rewrite paths by regex: `\1` in the replacement is the first group, `\0` the whole
 * match, `\\` a backslash.
 */

/** Rewrites every match of an RE2 pattern. */
type RegexRewrite = (text: string) => string;

/** Compiles pattern and replacement. Throws when RE2 refuses the pattern. */
export function compileRegexRewrite(pattern: string, replacement: string): RegexRewrite {
  const { RE2JS } = require('re2js') as typeof import('re2js');
  const regex = RE2JS.compile(pattern);
  if (missingGroup(pattern, replacement) !== undefined) {
    return (text) => text;
  }
  const readable = replacement.slice(0, unknownEscape(replacement)?.index);
  return (text) => {
    const matcher = regex.matcher(text);
    let result = '';
    let copied = 0;
    let lastEnd = -1;
    while (matcher.find()) {
      const start = matcher.start();
      const end = matcher.end();
      // RE2 takes no empty match right behind the match before it.
      if (start === end && start === lastEnd) {
        continue;
      }
      result += text.slice(copied, start);
      result += readable.replace(ESCAPE, (_, what: string) =>
        what === '\\' ? '\\' : (matcher.group(Number(what)) ?? ''),
      );
      copied = end;
      lastEnd = end;
    }
    return result + text.slice(copied);
  };
}

/** The first group that the replacement names and the pattern does not have; RE2 then replaces nothing. */
export function missingGroup(pattern: string, replacement: string): number | undefined {
  const { RE2JS } = require('re2js') as typeof import('re2js');
  const groups = RE2JS.compile(pattern).groupCount();
  return [...replacement.matchAll(ESCAPE)].map(([, what]) => Number(what)).find((group) => group > groups);
}

/** A backslash before anything else; RE2 leaves out the rest of the replacement from there on. */
export function unknownEscape(replacement: string): RegExpMatchArray | undefined {
  return [...replacement.matchAll(/\\([0-9\\])?/g)].find(([, known]) => known === undefined);
}

const ESCAPE = /\\([0-9\\])/g;
