/*
 * Which kinds the API server knows in which versions: all of Istio's, and of Kubernetes the groups that a mesh is made of.
 */
import { ISTIO_KINDS } from '../../imports/istio.facts';

type Versions = readonly string[];

const inVersion = (version: string, ...kinds: readonly string[]) =>
  new Map<string, Versions>(kinds.map((kind) => [kind, [version]]));

/** By group, then by kind: the versions, the newest first. */
export const SERVED_KINDS: ReadonlyMap<string, ReadonlyMap<string, Versions>> = new Map([
  [
    '',
    inVersion(
      'v1',
      ...['Binding', 'ComponentStatus', 'ConfigMap', 'Endpoints', 'Event', 'LimitRange', 'Namespace', 'Node'],
      ...['PersistentVolume', 'PersistentVolumeClaim', 'Pod', 'PodTemplate', 'ReplicationController'],
      ...['ResourceQuota', 'Secret', 'Service', 'ServiceAccount'],
    ),
  ],
  ['apps', inVersion('v1', 'ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet')],
  ['batch', inVersion('v1', 'CronJob', 'Job')],
  ['networking.k8s.io', inVersion('v1', 'Ingress', 'IngressClass', 'NetworkPolicy')],
  ...Object.entries(ISTIO_KINDS).map(
    ([group, kinds]) => [group, new Map<string, Versions>(Object.entries(kinds))] as const,
  ),
]);

/** Whether the table has all kinds of the group. */
export function isWhole(group: string): boolean {
  return group.endsWith('.istio.io');
}

/** Whether the API server is known to serve the kind in that version. */
export function isServed({ group, kind, apiVersion }: { group: string; kind: string; apiVersion: string }): boolean {
  return SERVED_KINDS.get(group)?.get(kind)?.includes(versionOf(apiVersion)) === true;
}

export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}
