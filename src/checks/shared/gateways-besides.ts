/*
 * Gateways that may be in force on the same pods. Istio mixes their servers, so that on a port for plain HTTP the routes of one
 * answer for hosts of another, too.
 */

import type { StringMap } from '../../manifests/node';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import { labelsOf } from '../../syntax/wording';

const knownBesides = perMesh(() => new Map<string, readonly string[]>());

/** The Gateway and all that may share its pods, where their servers are mixed. */
export function gatewaysBesides(mesh: MeshModel, ref: string): readonly string[] {
  const gateway = mesh.gateway(ref);
  if (gateway === undefined) {
    return [ref];
  }
  const key = labelsOf(gateway.selector);
  let refs = knownBesides(mesh).get(key);
  if (refs === undefined) {
    refs = mesh.gateways.filter(({ selector }) => agree(selector, gateway.selector)).map((other) => other.ref);
    knownBesides(mesh).set(key, refs);
  }
  return refs;
}

/** Whether some pod may carry both. */
export function agree(one: StringMap, other: StringMap): boolean {
  return [...one].every(([key, value]) => (other.get(key) ?? value) === value);
}
