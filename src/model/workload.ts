/*
 * Workload: whatever makes pods. Only the pod template matters to routing: its labels, and how many pods there are.
 */
import type { Node, StringMap } from '../manifests/node';
import type { MeshObject } from '../manifests/object';

interface ContainerPort {
  readonly number: number;
  readonly name: string;
}

interface ProxyContainer {
  /** Whether it is what the pods are for, and not a sidecar. */
  readonly isGateway: boolean;
  /** Whether its image is there, and not left to injection. */
  readonly isComplete: boolean;
}

export interface Workload {
  readonly object: MeshObject;
  /** Path of the pod: `spec.template`, `spec.jobTemplate.spec.template`, or '' for a Pod. */
  readonly podPath: string;
  readonly podLabels: StringMap;
  readonly podAnnotations: StringMap;
  /** Pods wanted. 1 where the manifest says nothing; a DaemonSet counts as 1, since it has as many as there are nodes. */
  readonly replicas: number;
  readonly containerPorts: readonly ContainerPort[];
  /** The container of Istio's proxy that the pods have by themselves, whether it is complete or injection fills it in. */
  readonly proxy?: ProxyContainer;
  /** Whether the pods are in the network of their node. */
  readonly hostNetwork: boolean;
  /** The labels by which the workload finds its pods, where it has such. */
  readonly selector?: StringMap;
}

const TEMPLATE_AT: ReadonlyMap<string, readonly string[]> = new Map([
  ['Deployment', ['spec', 'template']],
  ['StatefulSet', ['spec', 'template']],
  ['DaemonSet', ['spec', 'template']],
  ['ReplicaSet', ['spec', 'template']],
  ['ReplicationController', ['spec', 'template']],
  ['Rollout', ['spec', 'template']],
  ['Job', ['spec', 'template']],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
  ['Pod', []],
]);

/** Whether objects of this kind make pods. */
export function isWorkload(object: MeshObject): boolean {
  return TEMPLATE_AT.has(object.kind) && (object.kind !== 'Rollout' || object.group === 'argoproj.io');
}

export function readWorkload(object: MeshObject): Workload {
  const pod = (TEMPLATE_AT.get(object.kind) ?? []).reduce((node, key) => node.get(key), object.node);
  const metadata = pod.get('metadata');
  const selector = object.node.get('spec').get('selector').get('matchLabels').stringMap();
  return {
    object,
    podPath: pod.path,
    podLabels: metadata.get('labels').stringMap(),
    podAnnotations: metadata.get('annotations').stringMap(),
    replicas: object.kind === 'Pod' ? 1 : (object.node.get('spec').get('replicas').number() ?? 1),
    containerPorts: containerPorts(pod.get('spec')),
    proxy: readProxy(pod),
    hostNetwork: pod.get('spec').get('hostNetwork').boolean() ?? false,
    selector: selector.size > 0 ? selector : undefined,
  };
}

const TEMPLATES = 'inject.istio.io/templates';

/**
 * What `istioctl kube-inject` and cluster dumps contain as a whole, and people write in part: of a gateway with `image: auto` and the
 * template `gateway`, of a sidecar to customise it.
 */
function readProxy(pod: Node): ProxyContainer | undefined {
  const templates = pod.get('metadata').get('annotations').get(TEMPLATES).string()?.split(',') ?? [];
  const byTemplate = templates.some((template) => template.trim() === 'gateway');
  const containers = containersIn(pod.get('spec'));
  const proxy = containers.find((container) => container.get('name').string() === 'istio-proxy');
  if (proxy === undefined) {
    return byTemplate ? { isGateway: true, isComplete: false } : undefined;
  }
  const args = proxy.get('args').strings();
  const isAlone = containers.length === 1 && !args.includes('sidecar');
  return {
    isGateway: byTemplate || isAlone || args.includes('router'),
    isComplete: proxy.get('image').present && proxy.get('image').string() !== 'auto',
  };
}

function containerPorts(podSpec: Node): readonly ContainerPort[] {
  const containers = [...podSpec.get('containers').maps(), ...podSpec.get('initContainers').maps()];
  return containers.flatMap((container) =>
    container
      .get('ports')
      .maps()
      .flatMap((port) => {
        const number = port.get('containerPort').number();
        return number === undefined ? [] : [{ number, name: port.get('name').string() ?? '' }];
      }),
  );
}

/** The pod template of a workload; a Pod itself. Its metadata and spec stand below. */
export function podOf({ object, podPath }: Workload): Node {
  return podPath === '' ? object.node : podPath.split('.').reduce((node, key) => node.get(key), object.node);
}

/** The containers of the pods, those that run first included. */
export function containersOf(workload: Workload): readonly Node[] {
  return containersIn(podOf(workload).get('spec'));
}

function containersIn(podSpec: Node): readonly Node[] {
  return [...podSpec.get('initContainers').maps(), ...podSpec.get('containers').maps()];
}

/** Whether both are the same labels, in whatever order. */
export function sameLabels(a: StringMap, b: StringMap): boolean {
  return a.size === b.size && selects(a, b);
}

/** Whether `labels` contain all of `selector`. */
export function selects(selector: StringMap, labels: StringMap): boolean {
  for (const [key, value] of selector) {
    if (labels.get(key) !== value) {
      return false;
    }
  }
  return true;
}
