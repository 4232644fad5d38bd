/*
 * Which pods stand behind a service and a subset.
 */

import type { Node, StringMap } from '../manifests/node';
import { EMPTY_MAP } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import { append } from '../syntax/grouping';
import { carries, isAddedLabel } from './added-labels';
import type { RegistryService } from './registry';
import type { ServiceEntry, WorkloadEntry } from './service-entry';
import { selects, type Workload } from './workload';

/** One thing that answers: a workload of the manifests, a WorkloadEntry, or an address that somebody wrote down. */
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
  /**
   * Whether the manifests say it all. False for names that DNS resolves, for Services without selector, and where a label is
   * asked for that pods get only in the cluster.
   */
  readonly known: boolean;
}

/** An EndpointSlice or Endpoints object, reduced to the addresses that are ready. */
interface EndpointSlice {
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
  private readonly entries = new Map<string, WorkloadEntry[]>();
  private readonly selections = new WeakMap<MeshObject, Selection>();
  private readonly podSelections = new WeakMap<MeshObject, Selection>();

  public constructor(
    private readonly workloads: WorkloadIndex,
    pods: readonly Workload[],
    slices: readonly EndpointSlice[],
    entries: readonly WorkloadEntry[],
  ) {
    for (const entry of entries) {
      append(this.entries, entry.object.namespace, entry);
    }
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
      : this.ofServiceEntry(service.entry, service.host, subsetLabels);
  }

  /** What answers for a Service as Kubernetes sees it, which knows no WorkloadEntry. */
  public ofPods(service: RegistryService): Endpoints {
    return this.ofService(service, EMPTY_MAP, false);
  }

  private ofService(registered: RegistryService, subsetLabels: StringMap, withEntries = true): Endpoints {
    const { object, selector } = registered.service ?? { object: registered.object };
    const slices = this.slices.get(`${object.namespace}/${object.name}`);
    // Slices of pods that are not among the manifests say less than the selector by which the pods were found.
    if (slices !== undefined && (selector === undefined || slices.every((slice) => this.knowsPodsOf(slice)))) {
      return withLabels(
        subsetLabels,
        slices.flatMap((slice) => this.ofSlice(slice)),
      );
    }
    if (selector === undefined) {
      return { groups: [], known: false };
    }
    return this.selected(object, selector, subsetLabels, withEntries);
  }

  /** Addresses that name a pod have its labels; others have none, so that no subset with labels contains them. */
  private ofSlice(slice: EndpointSlice): readonly Candidate[] {
    return slice.addresses.map(({ address, pod }) => {
      const workload = pod === undefined ? undefined : this.pods.get(`${slice.object.namespace}/${pod}`);
      return workload === undefined
        ? { group: addressGroup(slice.object, address), labels: EMPTY_MAP }
        : candidateOf(workload);
    });
  }

  private knowsPodsOf({ object, addresses }: EndpointSlice): boolean {
    return addresses.every(({ pod }) => pod === undefined || this.pods.has(`${object.namespace}/${pod}`));
  }

  private ofServiceEntry(entry: ServiceEntry, host: string, subsetLabels: StringMap): Endpoints {
    const listed = withLabels(
      subsetLabels,
      entry.endpoints.map(({ address, labels }) => ({ group: addressGroup(entry.object, address), labels })),
    );
    if (entry.workloadSelector !== undefined) {
      const selected = this.selected(entry.object, entry.workloadSelector, subsetLabels);
      return { groups: [...listed.groups, ...selected.groups], known: listed.known && selected.known };
    }
    if (entry.endpoints.length > 0 || entry.resolution === 'STATIC') {
      return listed;
    }
    // DNS resolves the host itself when the request is made: an endpoint that has no labels.
    const itself = withLabels(subsetLabels, [{ group: addressGroup(entry.object, host), labels: EMPTY_MAP }]);
    return { groups: [], known: itself.groups.length === 0 && entry.resolution !== 'NONE' };
  }

  /** The workloads, and if asked for the WorkloadEntries, with the labels of an object's selector and of a subset. */
  private selected(owner: MeshObject, selector: StringMap, subsetLabels: StringMap, withEntries = true): Endpoints {
    const selections = withEntries ? this.selections : this.podSelections;
    let behind = selections.get(owner);
    if (behind === undefined) {
      const { namespace } = owner;
      const written = new Map([...selector].filter(([key]) => !isAddedLabel(key)));
      const candidates = [
        ...this.workloads.select(namespace, written).map(candidateOf),
        ...(withEntries ? (this.entries.get(namespace) ?? []) : []).map(ofWorkloadEntry),
      ].filter(({ group, labels }) => carries(selector, labels, group.kind) !== 'no');
      behind = { candidates, known: withLabels(selector, candidates).known, byLabel: byLabel(candidates) };
      selections.set(owner, behind);
    }
    const [label] = [...subsetLabels].filter(([key]) => !isAddedLabel(key));
    const narrowed = label === undefined ? behind.candidates : (behind.byLabel().get(labelOf(label)) ?? []);
    const found = withLabels(subsetLabels, narrowed);
    return { groups: found.groups, known: found.known && behind.known };
  }
}

/** What a selector selects, which may be asked for each of many subsets. */
interface Selection {
  readonly candidates: readonly Candidate[];
  readonly known: boolean;
  readonly byLabel: () => ReadonlyMap<string, readonly Candidate[]>;
}

/** Made when it is first asked for: most services have few subsets or none. */
function byLabel(candidates: readonly Candidate[]): Selection['byLabel'] {
  let index: Map<string, Candidate[]> | undefined;
  return () => {
    if (index === undefined) {
      index = new Map();
      for (const candidate of candidates) {
        for (const label of candidate.labels) {
          append(index, labelOf(label), candidate);
        }
      }
    }
    return index;
  };
}

function labelOf([key, value]: readonly [string, string]): string {
  return `${key}\n${value}`;
}

/** What may answer, with the labels that are written on it. */
interface Candidate {
  readonly group: EndpointGroup;
  readonly labels: StringMap;
}

/** Those that have the labels, or may have them: the latter are not known to answer. */
function withLabels(selector: StringMap, candidates: readonly Candidate[]): Endpoints {
  const groups: EndpointGroup[] = [];
  let known = true;
  for (const { group, labels } of candidates) {
    const answer = carries(selector, labels, group.kind);
    if (answer !== 'no') {
      groups.push(group);
      // What has no pods answers in neither case.
      known &&= answer === 'yes' || group.replicas === 0;
    }
  }
  return { groups, known };
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

function candidateOf({ object, replicas, podLabels }: Workload): Candidate {
  const version = podLabels.get('version');
  const { kind, namespace, name } = object;
  return { group: { object, kind, namespace, name, replicas, version }, labels: podLabels };
}

function ofWorkloadEntry({ object, labels }: WorkloadEntry): Candidate {
  return { group: { ...addressGroup(object, object.name), version: labels.get('version') }, labels };
}

function addressGroup(object: MeshObject, address: string): EndpointGroup {
  return { object, kind: object.kind, namespace: object.namespace, name: address, replicas: 1 };
}

function labelKey(namespace: string, key: string, value: string): string {
  return `${namespace}\n${key}\n${value}`;
}
