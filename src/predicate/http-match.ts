/*
 * A match of a VirtualService as a predicate.
 */

import type { HttpMatch } from '../model/http-route';
import type { StringMatch } from '../model/string-match';
import { quoteRegex } from '../syntax/re2';
import { Language } from './language';
import type { Languages } from './match/condition';
import { conditionsOf } from './match/conditions';
import { originSets } from './match/origin';
import { valueLanguage } from './match/value';
import { Predicate } from './predicate';
import { type ValueSet, within } from './value-set';

/** Reads matches, and makes each language only once. */
export class MatchReader implements Languages {
  private readonly languages = new Map<string, Language | undefined>();
  private readonly choices = new Map<string, ValueSet>();

  public predicate(match: HttpMatch): Predicate {
    return Predicate.of([
      ...originSets(match, (values) => this.oneOf(values)),
      ...conditionsOf(match).flatMap((condition) => condition.sets(this)),
    ]);
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

  public language(match: StringMatch, ignoreCase = false): Language | undefined {
    const key = `${match.kind}${ignoreCase ? '~' : '='}${match.value}`;
    let language = this.languages.get(key);
    if (language === undefined && !this.languages.has(key)) {
      language = valueLanguage(match, ignoreCase);
      this.languages.set(key, language);
    }
    return language;
  }
}
