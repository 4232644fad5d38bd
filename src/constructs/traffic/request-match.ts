import { brandOf, isMarked, mark } from '../objects/brand';
import { show } from '../objects/refuse';
import { allOf, anyOf, not } from './alternatives';
import type { Alternative, Condition } from './condition';

const BRAND = brandOf('RequestMatch');

/** Those that change nothing (RFC 9110, 9.2.1). */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];

/**
 * What a rule asks of a request. Made by HeaderMatch, PathMatch, MethodMatch, QueryMatch and SourceMatch, and joined by
 * `RequestMatch.allOf`, `anyOf` and `not`.
 */
export class RequestMatch {
  /**
   * Matches what all of `matches` match.
   *
   * @param matches At least one; at most one on the path, one on the method and one on each header and query parameter. A
   * header may be matched and negated, too.
   * @throws Error when there is none, when two of them ask about the same thing, which one rule of Istio cannot express, when
   * no request can match, or when alternatives among them make more than 50.
   */
  public static allOf(...matches: RequestMatch[]): RequestMatch {
    return new RequestMatch(allOf('RequestMatch.allOf', alternativesOf('allOf', matches)));
  }

  /**
   * Matches what at least one of `matches` matches. They are one rule: the alternatives of an Istio match list.
   *
   * @param matches At least one.
   * @throws Error when there is none, or when they make more than 50 alternatives.
   */
  public static anyOf(...matches: RequestMatch[]): RequestMatch {
    return new RequestMatch(anyOf('RequestMatch.anyOf', alternativesOf('anyOf', matches)));
  }

  /**
   * Matches what `match` does not match; a request without the header is among that. Becomes `withoutHeaders`, which before
   * Istio 1.22 matched no request without the header, unless it asks for presence.
   *
   * @param match One on headers only, joined by `allOf` and `anyOf` as may be.
   * @throws Error when it asks about the path, the method, the query or the caller, which Istio cannot negate: a rule before
   * this one does it. Also when a regex in it matches the empty value, which Istio takes a missing header for.
   */
  public static not(match: RequestMatch): RequestMatch {
    const [alternatives] = alternativesOf('not', [match]);
    return match.negationOf ?? new RequestMatch(not('RequestMatch.not', alternatives), match);
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
    return new RequestMatch([[condition]]);
  }

  /** @param negationOf What it is the negation of, so that two make none. */
  private constructor(
    private readonly alternatives: readonly Alternative[],
    private readonly negationOf?: RequestMatch,
  ) {
    mark(this, BRAND);
  }

  /**
   * A request matches that fulfils all conditions of one of them.
   *
   * @internal
   */
  public _alternatives(): readonly Alternative[] {
    return this.alternatives;
  }

  /**
   * Whether it asks about the caller, at least in one alternative. That acts in the callers' sidecars only: a gateway would be
   * taken for the caller itself.
   *
   * @internal
   */
  public _isFromSource(): boolean {
    return this.alternatives.some((conditions) =>
      conditions.some(({ on }) => on === 'sourceLabels' || on === 'sourceNamespace'),
    );
  }

  /**
   * Whether it takes only requests whose method changes nothing: GET, HEAD, OPTIONS and TRACE.
   *
   * @internal
   */
  public _hasSafeMethodOnly(): boolean {
    return this.alternatives.every((conditions) =>
      conditions.some(
        (condition) => condition.on === 'method' && condition.methods.every((method) => SAFE_METHODS.includes(method)),
      ),
    );
  }
}

function alternativesOf(factory: string, matches: readonly RequestMatch[]): (readonly Alternative[])[] {
  const stranger = matches.findIndex((match) => !RequestMatch._is(match));
  if (stranger >= 0) {
    const example =
      factory === 'not'
        ? "RequestMatch.not(HeaderMatch.exact('x-group', 'beta'))"
        : `RequestMatch.${factory}(HeaderMatch.present('x-beta'), MethodMatch.exact('GET'))`;
    throw new Error(
      `RequestMatch.${factory}: ${show(matches[stranger])} is not a match; pass matches one by one, as in ${example}.`,
    );
  }
  if (matches.length === 0) {
    throw new Error(
      `RequestMatch.${factory}: there is nothing to match, and an empty match takes every request from the rules below it; give at least one match, or make the version the default.`,
    );
  }
  return matches.map((match) => match._alternatives());
}
