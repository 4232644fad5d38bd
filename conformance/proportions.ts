/*
 * Whether many repetitions of one request fall apart into the shares that the simulator gives them.
 */
import type { RouteDecision } from '../src/envoy/decision';
import { RouteOutcome } from '../src/envoy/outcome';
import { isAborted, unlikeDestination } from './compare';
import type { Ask } from './manifest';
import type { Observation } from './observation';

/**
 * A count is unlikely when its probability is below e^-31, which is 4e-14. By the Chernoff bound that of a share q in n draws,
 * where p is true, is at most e^(-n·D(q‖p)). So among 10,000 counts one false alarm has a probability of less than 1e-9.
 */
const LIMIT = 31;

interface Share {
  readonly name: string;
  readonly probability: number;
  readonly fits: (seen: Observation) => boolean;
}

/** Whether a decision leaves something to chance, and says what. */
export function hasShares({ destinations, fault, outcome }: RouteDecision): boolean {
  const aborted = fault?.abortPercentage ?? 0;
  return outcome !== RouteOutcome.UNDECIDED && aborted < 100 && (aborted > 0 || destinations.length > 1);
}

/** What is wrong with the shares; undefined when nothing is. An answer may fit several destinations, and then counts for each. */
export function unlikelyShare(decision: RouteDecision, ask: Ask, seen: readonly Observation[]): string | undefined {
  const shares = sharesOf(decision, ask);
  const fitting = seen.map((each) => shares.filter(({ fits }) => fits(each)));
  for (const share of shares) {
    const possible = fitting.filter((fits) => fits.includes(share)).length;
    const certain = fitting.filter((fits) => fits.length === 1 && fits[0] === share).length;
    const tooFew = possible < share.probability * seen.length && isUnlikely(possible, seen.length, share.probability);
    const tooMany = certain > share.probability * seen.length && isUnlikely(certain, seen.length, share.probability);
    if (tooFew || tooMany) {
      const percent = Math.round(share.probability * 1000) / 10;
      return `of ${seen.length} requests ${tooFew ? possible : certain} went to ${share.name}, which gets ${percent}%`;
    }
  }
  return undefined;
}

function sharesOf(decision: RouteDecision, ask: Ask): readonly Share[] {
  const { destinations, fault } = decision;
  const aborted = (fault?.abortPercentage ?? 0) / 100;
  const abort: Share = { name: 'a fault', probability: aborted, fits: (seen) => isAborted(decision, seen) };
  return [
    ...(aborted > 0 ? [abort] : []),
    ...destinations.map((destination): Share => {
      const { host, subset, port, weight } = destination;
      return {
        name: `${host}:${port} ${subset ?? ''}`.trim(),
        probability: (weight / 100) * (1 - aborted),
        fits: (seen) => !isAborted(decision, seen) && unlikeDestination(decision, destination, ask, seen) === undefined,
      };
    }),
  ];
}

export function isUnlikely(count: number, draws: number, probability: number): boolean {
  return draws * divergence(count / draws, probability) > LIMIT;
}

/** Kullback and Leibler's D(q‖p) of two draws with these chances. */
function divergence(q: number, p: number): number {
  const term = (a: number, b: number) => (a === 0 ? 0 : b === 0 ? Number.POSITIVE_INFINITY : a * Math.log(a / b));
  return term(q, p) + term(1 - q, 1 - p);
}
