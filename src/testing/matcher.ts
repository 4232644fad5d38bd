/*
 * What a matcher is to a test runner, as far as Jest and Vitest agree on it, and how a failure reads.
 */
import { doubtsAbout } from '../cases/without-doubt';
import { RouteDecision } from '../envoy/decision';
import { RouteOutcome } from '../envoy/outcome';
import { nameOfType } from '../syntax/type-name';

/** `this` of a matcher. */
export interface MatcherContext {
  readonly isNot?: boolean;
  readonly utils: {
    matcherHint(name: string, received?: string, expected?: string, options?: { readonly isNot?: boolean }): string;
    printExpected(value: unknown): string;
    printReceived(value: unknown): string;
  };
}

export interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

/** What a matcher of a decision passes on. */
export interface DecisionOptions {
  /**
   * Whether a decision may rest on an object that the API server or Istio refuses. Otherwise it satisfies no matcher, nor the `.not` of
   * one.
   *
   * @default false
   */
  readonly allowRefused?: boolean;
}

/** What is compared, in the words of a failure. */
interface Comparison {
  readonly matcher: string;
  /** `version`, `status`. */
  readonly what: string;
  readonly expected: unknown;
  readonly received: unknown;
}

/** The decision under test. Throws where it is something else, since `.not` would be content with that. */
export function decisionOf(context: MatcherContext, matcher: string, received: unknown): RouteDecision {
  if (received instanceof RouteDecision) {
    return received;
  }
  const hint = context.utils.matcherHint(matcher, 'route', 'expected', { isNot: context.isNot });
  throw new Error(
    `${hint}\n\nThe received value must be what route(chart, { url: … }) or mesh.route({ url: … }) returns; it is ${nameOfType(received)}.`,
  );
}

/**
 * The outcome of a comparison, with the trace of the decision where it fails. What the manifests do not decide, or what rests on a refused
 * object, satisfies neither a matcher nor its `.not`.
 */
export function resultFor(
  { isNot = false, utils }: MatcherContext,
  pass: boolean,
  decision: RouteDecision,
  { matcher, what, expected, received }: Comparison,
  { allowRefused }: DecisionOptions,
): MatcherResult {
  const allowUndecided = expected === RouteOutcome.UNDECIDED;
  const doubts = doubtsAbout(decision, { allowRefused, allowUndecided }, '{ allowRefused: true } as the last argument');
  return {
    pass: doubts.length > 0 ? isNot : pass,
    message: () =>
      [
        utils.matcherHint(matcher, 'route', 'expected', { isNot }),
        '',
        `Expected ${what}: ${isNot ? 'not ' : ''}${utils.printExpected(expected)}`,
        `Received ${what}: ${utils.printReceived(received)}`,
        ...doubts.flatMap((doubt) => ['', doubt]),
        '',
        decision.explain(),
      ].join('\n'),
  };
}
