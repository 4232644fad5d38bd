/*
 * What a decision rests on although it was not evaluated or is not known. Worked out only on request.
 */
import type { MeshModel } from '../model/model';
import { listOf } from '../syntax/wording';
import { whatAgeDecides } from './age';
import { type Caveat, CaveatKind } from './caveat';
import { doubtfulTls, policiesPassed } from './policies-passed';
import { type RefusalOf, refusedObjects } from './refused-objects';
import type { RouteRequest } from './request';
import type { Trail } from './trail';
import type { Verdict } from './verdict';

export function restsOn(
  model: MeshModel,
  asked: RouteRequest,
  verdict: Verdict,
  trail: Trail,
  refusalOf: RefusalOf,
): readonly Caveat[] {
  return [
    ...refusedObjects(verdict, trail, refusalOf),
    ...policiesPassed(model, asked, verdict, trail),
    ...doubtfulTls(model, verdict),
    ...whatAgeDecides(model, verdict, trail),
    ...assumedGateways(model, trail),
    ...takenOfAlternatives(model),
  ];
}

function assumedGateways({ assumedGateways: assumed }: MeshModel, trail: Trail): readonly Caveat[] {
  const met = new Set(assumed.length === 0 ? [] : trail.steps().map(({ object }) => object));
  return assumed
    .filter(({ object }) => met.has(object))
    .map(({ ref }) => ({
      kind: CaveatKind.ASSUMED,
      object: ref,
      text: `The manifests do not contain Gateway ${ref}. It is assumed to exist, with HTTP on port 80 and HTTPS on port 443 for the hosts of the VirtualServices that are bound to it.`,
    }));
}

function takenOfAlternatives({ alternatives }: MeshModel): readonly Caveat[] {
  return (alternatives?.forks ?? []).map(({ branches: [taken, ...others] }) => ({
    kind: CaveatKind.ASSUMED,
    text: `${listOf([taken, ...others], 'and')} define the same objects, and a cluster gets only one of them. This is the answer with ${taken}; for another answer, name the paths that are applied together instead of the folder around them.`,
  }));
}
