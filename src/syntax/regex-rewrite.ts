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
      result += replacement.replace(/\\([0-9\\])/g, (_, what: string) =>
        what === '\\' ? '\\' : (matcher.group(Number(what)) ?? ''),
      );
      copied = end;
      lastEnd = end;
    }
    return result + text.slice(copied);
  };
}
