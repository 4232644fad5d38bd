/*
 * Which kinds the API server knows in which versions: of Istio 1.31 (istio.io/api, its CustomResourceDefinitions) all, and of
 * Kubernetes the groups that a mesh is made of.
 */

const versions = (list: readonly string[], ...kinds: readonly string[]) => kinds.map((kind) => [kind, list] as const);

const EVERYDAY = ['v1', 'v1beta1', 'v1alpha3'];
const CORE = [
  ...['Binding', 'ComponentStatus', 'ConfigMap', 'Endpoints', 'Event', 'LimitRange', 'Namespace', 'Node'],
  ...['PersistentVolume', 'PersistentVolumeClaim', 'Pod', 'PodTemplate', 'ReplicationController'],
  ...['ResourceQuota', 'Secret', 'Service', 'ServiceAccount'],
];

type Versions = readonly string[];

/** By group, then by kind: the versions, the newest first. */
export const SERVED_KINDS: ReadonlyMap<string, ReadonlyMap<string, Versions>> = new Map([
  ['', new Map(versions(['v1'], ...CORE))],
  ['apps', new Map(versions(['v1'], 'ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'))],
  ['batch', new Map(versions(['v1'], 'CronJob', 'Job'))],
  ['networking.k8s.io', new Map(versions(['v1'], 'Ingress', 'IngressClass', 'NetworkPolicy'))],
  [
    'networking.istio.io',
    new Map([
      ...versions(EVERYDAY, 'DestinationRule', 'Gateway', 'ServiceEntry', 'Sidecar', 'VirtualService'),
      ...versions(EVERYDAY, 'WorkloadEntry', 'WorkloadGroup'),
      ...versions(['v1alpha3'], 'EnvoyFilter'),
      ...versions(['v1beta1'], 'ProxyConfig'),
    ]),
  ],
  [
    'security.istio.io',
    new Map(versions(['v1', 'v1beta1'], 'AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication')),
  ],
  ['telemetry.istio.io', new Map(versions(['v1', 'v1alpha1'], 'Telemetry'))],
  ['extensions.istio.io', new Map(versions(['v1alpha1'], 'TrafficExtension', 'WasmPlugin'))],
]);

/** Whether the table has all kinds of the group. */
export function isWhole(group: string): boolean {
  return group.endsWith('.istio.io');
}
