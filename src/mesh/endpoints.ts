/*
 * Which pods stand behind a service and a subset.
 */

import type { Node, StringMap } from './node';
import { EMPTY_MAP } from './node';
import type { MeshObject } from './object';
import type { RegistryService } from './registry';
import { selects, type Workload } from './workload';

/** One thing that answers: a workload of the manifests, or an address that somebody wrote down. */
export interface EndpointGroup {
  readonly object: MeshObject;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  /** The pods' label `version`. */
  readonly version?: string;
}

export interface Endpoints {
  readonly groups: readonly EndpointGroup[];
  /** Whether the manifests say it all. False for names that DNS resolves and for Services without selector. */
  readonly known: boolean;
}

/** An EndpointSlice or Endpoints object, reduced to the addresses that are ready. */
export interface EndpointSlice {
  readonly object: MeshObject;
  readonly service: string;
  readonly addresses: readonly { readonly address: string; readonly pod?: string }[];
}

/** Answers which workloads carry some labels, without looking at all of them. */
export class WorkloadIndex {
  private readonly byLabel = new Map<string, Workload[]>();

  public constructor(private readonly workloads: readonly Workload[]) {
    for (const workload of workloads) {
      for (const [key, value] of workload.podLabels) {
        append(this.byLabel, labelKey(workload.object.namespace, key, value), workload);
      }
    }
  }

  /** The workloads of `namespace` whose pods carry all of `labels`. No labels select all of the namespace. */
  public select(namespace: string, labels: StringMap): readonly Workload[] {
    let smallest: readonly Workload[] | undefined;
    for (const [key, value] of labels) {
      const candidates = this.byLabel.get(labelKey(namespace, key, value)) ?? [];
      if (smallest === undefined || candidates.length < smallest.length) {
        smallest = candidates;
      }
    }
    return (smallest ?? this.workloads.filter((workload) => workload.object.namespace === namespace)).filter(
      (workload) => selects(labels, workload.podLabels),
    );
  }
}

export class EndpointIndex {
  private readonly slices = new Map<string, EndpointSlice[]>();
  private readonly pods = new Map<string, Workload>();

  public constructor(
    private readonly workloads: WorkloadIndex,
    pods: readonly Workload[],
    slices: readonly EndpointSlice[],
  ) {
    for (const slice of slices) {
      append(this.slices, `${slice.object.namespace}/${slice.service}`, slice);
    }
    for (const pod of pods) {
      this.pods.set(`${pod.object.namespace}/${pod.object.name}`, pod);
    }
  }

  /** What answers for `service`, limited to pods with the labels of a subset. */
  public of(service: RegistryService, subsetLabels: StringMap = EMPTY_MAP): Endpoints {
    return service.entry === undefined
      ? this.ofService(service, subsetLabels)
      : this.ofServiceEntry(service, subsetLabels);
  }

  private ofService(registered: RegistryService, subsetLabels: StringMap): Endpoints {
    const { object, selector } = registered.service ?? { object: registered.object };
    const slices = this.slices.get(`${object.namespace}/${object.name}`);
    if (slices !== undefined) {
      return { groups: slices.flatMap((slice) => this.ofSlice(slice, subsetLabels)), known: true };
    }
    if (selector === undefined) {
      return { groups: [], known: false };
    }
    const workloads = this.workloads
      .select(object.namespace, selector)
      .filter((workload) => selects(subsetLabels, workload.podLabels));
    return { groups: workloads.map(groupOf), known: true };
  }

  /** Addresses that name a pod have its labels; others have none, so that no subset with labels contains them. */
  private ofSlice(slice: EndpointSlice, subsetLabels: StringMap): readonly EndpointGroup[] {
    return slice.addresses.flatMap(({ address, pod }) => {
      const workload = pod === undefined ? undefined : this.pods.get(`${slice.object.namespace}/${pod}`);
      if (!selects(subsetLabels, workload?.podLabels ?? EMPTY_MAP)) {
        return [];
      }
      return [workload === undefined ? addressGroup(slice.object, address) : groupOf(workload)];
    });
  }

  private ofServiceEntry(registered: RegistryService, subsetLabels: StringMap): Endpoints {
    const { entry } = registered;
    if (entry === undefined) {
      return { groups: [], known: false };
    }
    const groups = entry.endpoints
      .filter((endpoint) => selects(subsetLabels, endpoint.labels))
      .map((endpoint) => addressGroup(entry.object, endpoint.address));
    if (entry.workloadSelector !== undefined) {
      const workloads = this.workloads
        .select(entry.object.namespace, entry.workloadSelector)
        .filter((workload) => selects(subsetLabels, workload.podLabels));
      return { groups: [...groups, ...workloads.map(groupOf)], known: true };
    }
    // Without endpoints, DNS and NONE resolve the host itself when the request is made.
    const known = entry.resolution === 'STATIC' || entry.endpoints.length > 0;
    return { groups, known };
  }
}

export function isEndpointSlice(object: MeshObject): boolean {
  return object.kind === 'EndpointSlice' || (object.kind === 'Endpoints' && object.group === '');
}

export function readEndpointSlice(object: MeshObject): EndpointSlice {
  if (object.kind === 'Endpoints') {
    const subsets = object.node.get('subsets').maps();
    return {
      object,
      service: object.name,
      addresses: subsets.flatMap((subset) =>
        subset
          .get('addresses')
          .maps()
          .map((node) => readAddress(node, node.get('ip').string() ?? '')),
      ),
    };
  }
  const ready = object.node
    .get('endpoints')
    .maps()
    .filter((node) => node.get('conditions').get('ready').boolean() !== false);
  return {
    object,
    service: object.labels.get('kubernetes.io/service-name') ?? '',
    addresses: ready.flatMap((node) =>
      node
        .get('addresses')
        .strings()
        .map((address) => readAddress(node, address)),
    ),
  };
}

function readAddress(node: Node, address: string): EndpointSlice['addresses'][number] {
  const target = node.get('targetRef');
  return { address, pod: target.get('kind').string() === 'Pod' ? target.get('name').text() : undefined };
}

function groupOf(workload: Workload): EndpointGroup {
  const { object, replicas, podLabels } = workload;
  const version = podLabels.get('version');
  return { object, kind: object.kind, namespace: object.namespace, name: object.name, replicas, version };
}

function addressGroup(object: MeshObject, address: string): EndpointGroup {
  return { object, kind: object.kind, namespace: object.namespace, name: address, replicas: 1 };
}

function labelKey(namespace: string, key: string, value: string): string {
  return `${namespace}\n${key}\n${value}`;
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) {
    map.set(key, [value]);
  } else {
    list.push(value);
  }
}
