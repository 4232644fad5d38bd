import { brandOf, isMarked, mark } from '../objects/brand';
import { show } from '../objects/refuse';

/** How one part of a request is compared. */
export type StringMatch =
  | { readonly exact: string }
  | { readonly prefix: string }
  | { readonly regex: string }
  /** Any value: only presence counts. */
  | { readonly present: true };

/** One thing that is asked of a request. */
export type Condition =
  | { readonly on: 'header'; readonly name: string; readonly match: StringMatch; readonly negated: boolean }
  | { readonly on: 'path'; readonly match: StringMatch }
  | { readonly on: 'method'; readonly method: string };

const BRAND = brandOf('RequestMatch');

/**
 * What a rule asks of a request. Made by HeaderMatch, PathMatch and MethodMatch, and joined by `RequestMatch.allOf`.
 */
export class RequestMatch {
  /**
   * Matches what all of `matches` match.
   *
   * @param matches At least one; at most one on the path, one on the method and one on each header.
   * @throws Error when there is none, or when two of them ask about the same thing, which one rule of Istio cannot express.
   */
  public static allOf(...matches: RequestMatch[]): RequestMatch {
    const stranger = matches.find((match) => !RequestMatch._is(match));
    if (matches.some((match) => !RequestMatch._is(match))) {
      throw new Error(
        `RequestMatch.allOf: ${show(stranger)} is no match; pass matches one by one, as in RequestMatch.allOf(HeaderMatch.present('x-beta'), MethodMatch.exact('GET')).`,
      );
    }
    const conditions = matches.flatMap((match) => match._conditions());
    if (conditions.length === 0) {
      throw new Error(
        'RequestMatch.allOf: there is nothing to match, and an empty match takes every request from the rules below it; give at least one match, or make the version the default.',
      );
    }
    const seen = new Map<string, Condition>();
    for (const condition of conditions) {
      const subject = subjectOf(condition);
      const earlier = seen.get(subject);
      if (earlier !== undefined) {
        throw new Error(`RequestMatch.allOf: ${sayTwice(subject, earlier, condition)}`);
      }
      seen.set(subject, condition);
    }
    return new RequestMatch(conditions);
  }

  /**
   * Whether `value` is one, of whichever copy of this library.
   *
   * @internal
   */
  public static _is(value: unknown): value is RequestMatch {
    return isMarked(value, BRAND);
  }

  /** @internal */
  public static _on(condition: Condition): RequestMatch {
    return new RequestMatch([condition]);
  }

  private constructor(private readonly conditions: readonly Condition[]) {
    mark(this, BRAND);
  }

  /** @internal */
  public _conditions(): readonly Condition[] {
    return this.conditions;
  }
}

/** Header names are compared without regard to case, by Envoy and so here. */
function subjectOf(condition: Condition): string {
  return condition.on === 'header' ? `header '${condition.name.toLowerCase()}'` : condition.on;
}

function sayTwice(subject: string, earlier: Condition, later: Condition): string {
  if (earlier.on === 'header' && later.on === 'header' && earlier.name !== later.name) {
    return `headers '${earlier.name}' and '${later.name}' differ only by case, and are one header; match it once.`;
  }
  return `the ${subject} is asked about twice, which one rule of Istio cannot express; join both in one regex, or route by two rules.`;
}
