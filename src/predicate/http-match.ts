/*
 * A match of a VirtualService as a predicate.
 */

import type { HttpMatch } from '../model/http-route';
import { isPresence, type NamedMatch, type StringMatch } from '../model/string-match';
import { quoteRegex } from '../syntax/re2';
import { Language } from './language';
import { HOLDS, HOLDS_NOT, opaque, Predicate, type Subject } from './predicate';
import { ABSENT, PRESENT, type ValueSet, within, without } from './value-set';

type Condition = readonly [Subject, ValueSet];

/** What Istio decides when it writes a proxy's routes, before there is any request. */
export function isConfigTime(subject: Subject): boolean {
  return /^(?:port|gateway|namespace|label .*)$/.test(subject);
}

/** Reads matches, and makes each language only once. */
export class MatchReader {
  private readonly languages = new Map<string, Language | undefined>();

  private readonly choices = new Map<string, ValueSet>();

  public predicate(match: HttpMatch): Predicate {
    return Predicate.of([...this.configTimeConditions(match), ...this.requestConditions(match)]);
  }

  /** Exactly one of the values. */
  public oneOf(values: readonly string[]): ValueSet {
    const key = values.join('\n');
    let choice = this.choices.get(key);
    if (choice === undefined) {
      choice = within(
        values.length === 1
          ? Language.exact(values[0])
          : (Language.regex(`(?:${values.map(quoteRegex).join('|')})`) ?? Language.ALL),
      );
      this.choices.set(key, choice);
    }
    return choice;
  }

  /** The values that a match accepts; undefined where its regex cannot be decided. */
  public language(match: StringMatch, ignoreCase = false): Language | undefined {
    const key = `${match.kind}${ignoreCase ? '~' : '='}${match.value}`;
    let language = this.languages.get(key);
    if (language === undefined && !this.languages.has(key)) {
      language = languageOf(match, ignoreCase);
      this.languages.set(key, language);
    }
    return language;
  }

  private configTimeConditions(match: HttpMatch): readonly Condition[] {
    const { port, gateways, sourceLabels, sourceNamespace } = match;
    const conditions: Condition[] = port > 0 ? [['port', within(Language.exact(`${port}`))]] : [];
    if (gateways.length > 0) {
      // Beside gateways, Istio does not look at where the request comes from (`sourceMatchHTTP`).
      return [...conditions, ['gateway', this.oneOf(gateways)]];
    }
    for (const [name, value] of sourceLabels) {
      conditions.push([`label ${name}`, within(Language.exact(value))]);
    }
    if (sourceNamespace !== '') {
      conditions.push(['namespace', within(Language.exact(sourceNamespace))]);
    }
    return conditions;
  }

  private requestConditions(match: HttpMatch): readonly Condition[] {
    return [
      ...this.single('uri', match.uri, match.ignoreUriCase),
      ...this.single('scheme', match.scheme),
      ...this.single('method', match.method),
      ...this.single('authority', match.authority),
      ...match.headers.flatMap((header) => this.positive(headerSubject(header.name), header)),
      ...match.withoutHeaders.flatMap((header) => this.negative(headerSubject(header.name), header)),
      ...match.queryParams.flatMap((parameter) => this.positive(`query ${parameter.name}`, parameter)),
    ];
  }

  /** Every request has a path, a method and so on, so that asking only whether there is one asks nothing. */
  private single(subject: Subject, match: StringMatch | undefined, ignoreCase = false): readonly Condition[] {
    if (match === undefined || match.kind === 'present' || (subject === 'uri' && isAnyPath(match))) {
      return [];
    }
    const language = this.language(match, ignoreCase);
    return language === undefined ? [[opaque(`${subject} ${match.value}`), HOLDS]] : [[subject, within(language)]];
  }

  private positive(subject: Subject, { name, match }: NamedMatch): readonly Condition[] {
    if (isClaim(name)) {
      return [[opaque(`${name} ${match.kind} ${match.value}`), HOLDS]];
    }
    if (isPresence(match)) {
      return [[subject, PRESENT]];
    }
    const language = this.language(match);
    return language === undefined
      ? [
          [subject, PRESENT],
          [opaque(`${subject} ${match.value}`), HOLDS],
        ]
      : [[subject, within(language)]];
  }

  private negative(subject: Subject, { name, match }: NamedMatch): readonly Condition[] {
    if (isClaim(name)) {
      return [[opaque(`${name} ${match.kind} ${match.value}`), HOLDS_NOT]];
    }
    if (isPresence(match)) {
      return [[subject, ABSENT]];
    }
    const language = this.language(match);
    return [language === undefined ? [opaque(`${subject} ${match.value}`), HOLDS_NOT] : [subject, without(language)]];
  }
}

/** The pseudo-headers are the fields of other names, and Envoy looks up `host` as `:authority`. */
export function headerSubject(written: string): Subject {
  const name = written.toLowerCase();
  switch (name) {
    case ':method':
    case ':scheme':
    case ':authority':
      return name.slice(1);
    case 'host':
      return 'authority';
    default:
      return `header ${name}`;
  }
}

/** Every path begins with a slash. */
function isAnyPath({ kind, value }: StringMatch): boolean {
  return (kind === 'prefix' && (value === '' || value === '/')) || (kind === 'regex' && value === '.*');
}

/** Claims of a token are lists of values, and no headers at all. */
function isClaim(name: string): boolean {
  return name.startsWith('@request.auth.claims');
}

function languageOf(match: StringMatch, ignoreCase: boolean): Language | undefined {
  switch (match.kind) {
    case 'exact':
      return Language.exact(match.value, ignoreCase);
    case 'prefix':
      return Language.prefix(match.value, ignoreCase);
    case 'regex':
      return match.value === '' ? undefined : Language.regex(match.value);
    default:
      return Language.ALL;
  }
}
