/*
 * What enters a pod with a sidecar. Without iptables, the sidecar's inbound listener stands at the pod's own address, once for
 * each port, so that clients connect to it as to the app; behind it are backends of this process in place of the app.
 */
import type { EnvoyJson, Resources } from '../control-plane';
import {
  CLUSTER,
  type EnvoyConfig,
  isInboundCluster,
  LISTENER,
  otherFilters,
  type ProxyContext,
  rewrite,
} from '../envoy-config';

/** The ports of every pod, and those of the backends to which its sidecar passes on what it lets in. */
export interface PodPorts {
  readonly app: number;
  readonly appBackend: number;
  /** One that no Service leads to, such as that of metrics. */
  readonly other: number;
  readonly otherBackend: number;
}

export function inbound(
  { listeners, clusters }: Resources,
  ip: string,
  ports: PodPorts,
  context: ProxyContext,
): EnvoyConfig {
  const inboundListeners = (listeners ?? []).filter(({ trafficDirection }) => trafficDirection === 'INBOUND');
  return {
    listeners: inboundListeners.flatMap((listener) =>
      [ports.app, ports.other].map((port) => listenerAt(ip, port, listener, context)),
    ),
    clusters: (clusters ?? []).filter(isInboundCluster).map((cluster) => clusterTo(ip, ports, cluster, context)),
  };
}

function listenerAt(address: string, portValue: number, listener: EnvoyJson, context: ProxyContext): EnvoyJson {
  const adapted = rewrite(listener, context) as EnvoyJson;
  return {
    '@type': LISTENER,
    ...adapted,
    name: `${context.index} ${String(listener.name)} ${portValue}`,
    address: { socketAddress: { address, portValue } },
    additionalAddresses: undefined,
    listenerFilters: otherFilters(adapted),
  };
}

/** Istio's clusters pass on to the address that was dialled, which here is that of the sidecar itself. */
function clusterTo(
  address: string,
  { appBackend, otherBackend }: PodPorts,
  cluster: EnvoyJson,
  context: ProxyContext,
): EnvoyJson {
  const name = rewrite(cluster.name, context) as string;
  const portValue = String(cluster.name).startsWith('inbound|') ? appBackend : otherBackend;
  const endpoint = { address: { socketAddress: { address, portValue } } };
  return {
    '@type': CLUSTER,
    ...cluster,
    name,
    type: 'STATIC',
    lbPolicy: 'ROUND_ROBIN',
    loadAssignment: { clusterName: name, endpoints: [{ lbEndpoints: [{ endpoint }] }] },
  };
}
