/*
 * Requests to a cluster that its pods do not understand, since a DestinationRule has clients use another TLS mode than the pods
 * expect. Istio generates the cluster all the same; the connection fails.
 */
import { inForce } from '../model/by-port';
import type { EndpointGroup } from '../model/endpoints';
import type { MeshModel } from '../model/model';
import { mismatchInWords, type TlsMismatch, tlsMismatch } from '../model/mutual-tls';
import { workloadOf } from '../model/workloads-of-objects';
import type { Cluster, WeightedCluster } from './cluster';

/** The endpoints of a cluster whose connections fail because of TLS, or may fail. */
export function tlsMismatches(
  model: MeshModel,
  { madeOf, endpoints }: Cluster,
): ReadonlyMap<EndpointGroup, TlsMismatch> | undefined {
  const { service: { service } = {}, port, rule, subset } = madeOf ?? {};
  const tls = port && inForce(rule?.tls, subset?.tls, port.number);
  const servicePort = tls && service?.ports.find(({ number }) => number === port.number);
  if (tls === undefined || servicePort === undefined) {
    return undefined;
  }
  const found = new Map<EndpointGroup, TlsMismatch>();
  for (const endpoint of endpoints) {
    const workload = workloadOf(model, endpoint.object);
    const mismatch = workload && tlsMismatch(model, tls, workload, servicePort);
    if (mismatch !== undefined) {
      found.set(endpoint, mismatch);
    }
  }
  return found.size === 0 ? undefined : found;
}

/** The same clusters, with what certainly fails at some of their endpoints as clusters of their own. */
export function apartByTls(model: MeshModel, clusters: readonly WeightedCluster[]): readonly WeightedCluster[] {
  return clusters.some(({ cluster }) => cluster.madeOf?.rule?.hasTls === true)
    ? clusters.flatMap((weighted) => apart(model, weighted))
    : clusters;
}

function apart(model: MeshModel, weighted: WeightedCluster): readonly WeightedCluster[] {
  const { cluster, weight } = weighted;
  const failing = [...(tlsMismatches(model, cluster) ?? [])].filter(([, { isCertain }]) => isCertain);
  if (failing.length === 0 || !cluster.endpointsKnown) {
    return [weighted];
  }
  const lost = new Set(failing.map(([endpoint]) => endpoint));
  const left = cluster.endpoints.filter((endpoint) => !lost.has(endpoint));
  const [[, mismatch]] = failing;
  const flag = mismatch.client.mode === 'DISABLE' ? 'UC' : 'URX,UF';
  // A handshake that fails is tried again at another pod; what breaks a connection on which a request was sent is not.
  if (left.length > 0 && flag !== 'UC') {
    return [weighted];
  }
  const text = mismatchInWords(mismatch);
  const refused: Cluster = { ...cluster, endpoints: [], state: 'mismatched', text, flag };
  if (left.length === 0) {
    return [{ ...weighted, cluster: refused }];
  }
  const share = podsOf(failing.map(([endpoint]) => endpoint)) / podsOf(cluster.endpoints);
  return [
    { ...weighted, cluster: { ...cluster, endpoints: left }, weight: weight * (1 - share) },
    { ...weighted, cluster: refused, weight: weight * share },
  ];
}

function podsOf(endpoints: readonly EndpointGroup[]): number {
  return endpoints.reduce((sum, { replicas }) => sum + replicas, 0);
}
