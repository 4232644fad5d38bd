/*
 * Runs experiments through both, the laboratory and the simulator, and tells where they disagree.
 */

import type { RouteDecision } from '../src/envoy/decision';
import { RouteOutcome } from '../src/envoy/outcome';
import { Mesh } from '../src/mesh';
import { OutboundTrafficPolicy } from '../src/proxy/outbound-traffic-policy';
import { BEHAVIOUR_HEADER } from './backend';
import { complaint, predict } from './compare';
import { mayBeHaste, withoutHaste } from './haste';
import type { Experiment, Laboratory, Refusal, Result } from './laboratory';
import type { Ask, MeshCase } from './manifest';
import type { Observation } from './observation';
import type { Plant } from './plant';
import { hasShares, unlikelyShare } from './proportions';
import { mayBeEndedByPeer } from './refused-by-peer';

/** One request to which simulator and Envoy give different answers. */
export interface Difference extends Compared {
  readonly mesh: MeshCase;
  readonly complaint: string;
  /** Whether it is about the shares of many repetitions, and `seen` only the first of them. */
  readonly isShare: boolean;
}

/** One request, with both answers. */
export interface Compared {
  readonly ask: Ask;
  readonly decision: RouteDecision;
  readonly seen: Observation;
}

/** What came out for one mesh. */
export type MeshOutcome =
  | Refusal
  | {
      readonly compared: readonly Compared[];
      readonly differences: readonly Difference[];
      /** How many requests were repeated to see their shares. */
      readonly shares: number;
    };

export interface CompareOptions {
  /** A fault of the simulator, to see that it is found. */
  readonly plant?: Plant;
  /** How often one request of one mesh is repeated, to see its shares; 0 for not at all. */
  readonly repeat?: number;
}

interface Predicted extends Experiment {
  readonly decisions: readonly RouteDecision[];
}

export async function compareAll(
  laboratory: Laboratory,
  experiments: readonly Experiment[],
  { plant, repeat = 0 }: CompareOptions = {},
): Promise<readonly MeshOutcome[]> {
  const predicted = experiments.map(({ mesh, asks }): Predicted => {
    const model = modelOf(mesh, plant);
    return { mesh, asks, decisions: asks.map((ask) => predict(model, mesh, ask)) };
  });
  const first = await laboratory.run(repeat > 0 ? withRepeats(predicted, repeat) : predicted);
  const results = await withoutHaste(laboratory, predicted, first);
  return results.map((result, index) => ('refusedBy' in result ? result : outcomeOf(predicted[index], result)));
}

/** Has the first request that is left to chance repeated, in the first mesh that has one: many times are slow. */
function withRepeats(experiments: readonly Predicted[], times: number): readonly Experiment[] {
  const chosen = experiments.findIndex((experiment) => chanceOf(experiment) !== undefined);
  return experiments.map((experiment, index) => {
    const ask = index === chosen ? chanceOf(experiment)?.ask : undefined;
    return ask === undefined ? experiment : { ...experiment, repeats: [{ ask, times }] };
  });
}

function chanceOf({ asks, decisions }: Predicted): { readonly ask: Ask; readonly decision: RouteDecision } | undefined {
  const index = asks.findIndex(
    (ask, position) =>
      hasShares(decisions[position]) &&
      !mayBeHaste(decisions[position]) &&
      !mayBeEndedByPeer(decisions[position], ask) &&
      !ask.headers.some(([name]) => name === BEHAVIOUR_HEADER),
  );
  return index < 0 ? undefined : { ask: asks[index], decision: decisions[index] };
}

function outcomeOf(
  experiment: Predicted,
  { observations, repeated }: Exclude<Result, Refusal>,
): Exclude<MeshOutcome, Refusal> {
  const { mesh, asks, decisions } = experiment;
  const compared = asks.map((ask, index) => ({ ask, decision: decisions[index], seen: observations[index] }));
  const chance = chanceOf(experiment);
  const ofShares = repeated.flatMap((seen): readonly Difference[] => {
    const text = chance === undefined ? undefined : unlikelyShare(chance.decision, chance.ask, seen);
    return chance === undefined || text === undefined
      ? []
      : [{ ...chance, mesh, seen: seen[0], complaint: text, isShare: true }];
  });
  return {
    compared,
    differences: [...compared.flatMap((each) => differenceOf(mesh, each)), ...ofShares],
    shares: repeated.length,
  };
}

export function modelOf({ manifests, outboundTrafficPolicy }: MeshCase, plant?: Plant): Mesh {
  const read = plant === undefined ? [...manifests] : manifests.map(plant);
  return Mesh.fromManifests(read, {
    outboundTrafficPolicy: outboundTrafficPolicy && OutboundTrafficPolicy[outboundTrafficPolicy],
  });
}

function differenceOf(mesh: MeshCase, compared: Compared): readonly Difference[] {
  const text = complaint(compared.decision, compared.ask, compared.seen);
  return text === undefined ? [] : [{ ...compared, mesh, complaint: text, isShare: false }];
}

/** How often the simulator declined to answer. */
export function isUndecided({ decision }: Compared): boolean {
  return decision.outcome === RouteOutcome.UNDECIDED;
}
