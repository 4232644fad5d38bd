/*
 * Objects on which a decision rests and that do not get into a cluster.
 */
import { type MeshObject, nameOf } from '../manifests/object';
import { inForce } from '../model/by-port';
import type { Cluster } from '../proxy/cluster';
import type { Route } from '../proxy/routes';
import { type Caveat, CaveatKind, caveatAbout } from './caveat';
import { TraceKind } from './trace';
import type { Trail } from './trail';
import type { Verdict } from './verdict';

/** Why the API server or Istio refuses an object, and where in it; undefined where neither does. */
export type RefusalOf = (object: MeshObject) => { readonly message: string; readonly path: string } | undefined;

export function refusedObjects(verdict: Verdict, trail: Trail, refusalOf: RefusalOf): readonly Caveat[] {
  return [...new Set(objectsBehind(verdict, trail))].flatMap((object) => {
    const refusal = refusalOf(object);
    const text = `${nameOf(object)} is refused, so after a first deployment the answer differs: ${refusal?.message}`;
    return refusal === undefined ? [] : [caveatAbout(CaveatKind.REFUSED, object, text, refusal.path)];
  });
}

function objectsBehind({ clusters = [], l4Owner, route }: Verdict, trail: Trail): readonly MeshObject[] {
  const servers = trail
    .steps()
    .flatMap(({ kind, matched, object }) => (kind === TraceKind.GATEWAY && matched && object ? object : []));
  // Where no rule takes the request, it is because of all that are there.
  const routes = route === undefined ? (trail.host?.routes ?? []) : [route];
  const { config } = trail.sidecar?.scope ?? {};
  return [
    ...servers,
    ...(config === undefined ? [] : [config.object]),
    ...routes.flatMap(behindRoute),
    ...(l4Owner === undefined ? [] : [l4Owner.object]),
    ...clusters.flatMap(({ cluster }) => behindCluster(cluster)),
  ];
}

function behindRoute({ origin }: Route): readonly MeshObject[] {
  return origin === undefined ? [] : [origin.owner.object, origin.rule.object];
}

function behindCluster({ endpoints, madeOf, port, state }: Cluster): readonly MeshObject[] {
  if (madeOf === undefined) {
    return [];
  }
  const { rule, service, subset } = madeOf;
  const hasSay = state === 'mismatched' || inForce(rule?.http, subset?.http, port) !== undefined;
  const policy = hasSay ? rule?.rules.find(({ hasTrafficPolicy }) => hasTrafficPolicy) : undefined;
  return [
    service.object,
    ...(subset === undefined ? [] : [subset.object]),
    ...(policy === undefined ? [] : [policy.object]),
    ...endpoints.map(({ object }) => object),
  ];
}
