/*
 * Runs experiments through both, the laboratory and the simulator, and tells where they disagree.
 */
import { Mesh } from '../src/mesh';
import type { RouteDecision } from '../src/routing/decision';
import { OutboundTrafficPolicy } from '../src/routing/outbound-traffic-policy';
import { RouteOutcome } from '../src/routing/outcome';
import { complaint, predict } from './compare';
import type { Experiment, Laboratory } from './laboratory';
import type { Ask, MeshCase } from './manifest';
import type { Observation } from './observation';

/** One request to which simulator and Envoy give different answers. */
export interface Difference {
  readonly mesh: MeshCase;
  readonly ask: Ask;
  readonly decision: RouteDecision;
  readonly seen: Observation;
  readonly complaint: string;
}

/** One request, with both answers. */
export interface Compared {
  readonly ask: Ask;
  readonly decision: RouteDecision;
  readonly seen: Observation;
}

/** What came out for one mesh. */
export type MeshOutcome =
  | { readonly refusedBy: 'istio' | 'envoy'; readonly reasons: readonly string[] }
  | { readonly compared: readonly Compared[]; readonly differences: readonly Difference[] };

export async function compareAll(
  laboratory: Laboratory,
  experiments: readonly Experiment[],
): Promise<readonly MeshOutcome[]> {
  const results = await laboratory.run(experiments);
  return results.map((result, index) => {
    if ('refusedBy' in result) {
      return result;
    }
    const { mesh, asks } = experiments[index];
    const model = modelOf(mesh);
    const compared = asks.map((ask, position) => ({
      ask,
      decision: predict(model, mesh, ask),
      seen: result.observations[position],
    }));
    return { compared, differences: compared.flatMap((each) => differenceOf(mesh, each)) };
  });
}

export function modelOf({ manifests, outboundTrafficPolicy = 'ALLOW_ANY' }: MeshCase): Mesh {
  return Mesh.fromManifests([...manifests], { outboundTrafficPolicy: OutboundTrafficPolicy[outboundTrafficPolicy] });
}

function differenceOf(mesh: MeshCase, { ask, decision, seen }: Compared): Difference[] {
  const text = complaint(decision, ask, seen);
  return text === undefined ? [] : [{ mesh, ask, decision, seen, complaint: text }];
}

/** How often the simulator declined to answer. */
export function isUndecided({ decision }: Compared): boolean {
  return decision.outcome === RouteOutcome.UNDECIDED;
}
