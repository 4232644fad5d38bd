/*
 * How one value is compared (StringMatch): exactly, by what it begins with, by a regex, or only for being there.
 */
import { isPresence, type StringMatch } from '../../model/string-match';
import { compileFullMatch } from '../../syntax/full-match';
import { Language } from '../language';

export function valueTest({ kind, value }: StringMatch): (actual: string) => boolean {
  switch (kind) {
    case 'exact':
      return (actual) => actual === value;
    case 'prefix':
      return (actual) => actual.startsWith(value);
    case 'regex':
      return regexTest(value);
    default:
      return () => true;
  }
}

/** A regex that RE2 refuses matches nothing here. In a cluster it cannot occur: the webhook refuses the object. */
function regexTest(pattern: string): (actual: string) => boolean {
  let test: ((actual: string) => boolean) | undefined;
  return (actual) => {
    test ??= compileRegex(pattern);
    return test(actual);
  };
}

function compileRegex(pattern: string): (actual: string) => boolean {
  try {
    return compileFullMatch(pattern);
  } catch {
    return () => false;
  }
}

/** The values that it accepts; undefined where that cannot be decided. */
export function valueLanguage({ kind, value }: StringMatch, ignoreCase: boolean): Language | undefined {
  switch (kind) {
    case 'exact':
      return Language.exact(value, ignoreCase);
    case 'prefix':
      return Language.prefix(value, ignoreCase);
    case 'regex':
      return value === '' ? undefined : Language.regex(value);
    default:
      return Language.ALL;
  }
}

/** As in `~ .*Chrome.*`. */
export function valueSign(match: StringMatch): string {
  if (isPresence(match)) {
    return 'is present';
  }
  switch (match.kind) {
    case 'exact':
      return `= ${match.value === '' ? "''" : match.value}`;
    case 'prefix':
      return `begins with ${match.value}`;
    default:
      return `~ ${match.value}`;
  }
}

/** As in `prefix /api`. */
export function valueInWords({ kind, value }: StringMatch): string {
  return kind === 'present' ? 'present' : `${kind} ${shown(value)}`;
}

/** Values as they are, in quotes only where they would otherwise be hard to see. */
export function shown(value: string): string {
  return /^[^\s'",]+$/.test(value) ? value : JSON.stringify(value);
}
