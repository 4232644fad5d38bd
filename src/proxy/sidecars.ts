/*
 * The sidecars of a mesh. Workloads between which no rule can tell have theirs in common.
 */

import { EMPTY_MAP, type StringMap } from '../manifests/node';
import { mayHaveSidecar } from '../model/injection';
import type { MeshModel } from '../model/model';
import type { Workload } from '../model/workload';
import { groupBy } from '../syntax/grouping';
import { Sidecar } from './sidecar';
import { SidecarScope } from './sidecar-scope';

export class Sidecars {
  private readonly shared = new Map<string, Sidecar>();
  private pods?: readonly Workload[];
  private podsByNamespace?: ReadonlyMap<string, readonly Workload[]>;
  /** Only labels that some rule asks for tell one workload's routes from another's. */
  private readonly sourceLabels: readonly string[];

  public constructor(private readonly model: MeshModel) {
    const matches = model.effectiveVirtualServices
      .flatMap(({ http, tcp, tls }) => [...http, ...tcp, ...tls])
      .flatMap(({ match }): readonly { readonly sourceLabels: StringMap }[] => match);
    const asked = [
      ...matches.map(({ sourceLabels }) => sourceLabels),
      ...[...model.destinationRules, ...model.sidecarConfigs].map(
        ({ workloadSelector }) => workloadSelector ?? EMPTY_MAP,
      ),
    ];
    this.sourceLabels = [...new Set(asked.flatMap((labels) => [...labels.keys()]))].sort();
  }

  /** The workloads whose pods have one, for all that the manifests say. */
  public workloads(): readonly Workload[] {
    this.pods ??= this.model.workloads.filter((workload) => mayHaveSidecar(this.model, workload));
    return this.pods;
  }

  /** Those of a namespace; where no pod there shows one, that of a pod without labels. */
  public inNamespace(namespace: string): readonly Sidecar[] {
    this.podsByNamespace ??= groupBy(this.workloads(), ({ object }) => object.namespace);
    const pods = this.podsByNamespace.get(namespace) ?? [];
    return pods.length === 0 ? [this.ofPod(namespace, EMPTY_MAP)] : [...new Set(pods.map((pod) => this.of(pod)))];
  }

  /**
   * Those that there are, as far as manifests tell, each with whether they show a pod that has it: of a namespace that defines hosts or
   * rules and of which the manifests contain no pods, the one of a pod without labels.
   */
  public known(): ReadonlyMap<Sidecar, boolean> {
    const { effectiveVirtualServices, registry, workloads } = this.model;
    const found = new Map(this.workloads().map((workload) => [this.of(workload), true]));
    const homes = [
      ...registry.filter(({ entry }) => entry !== undefined).map(({ namespace }) => namespace),
      ...effectiveVirtualServices.map(({ object }) => object.namespace),
    ];
    const populated = new Set(workloads.map(({ object }) => object.namespace));
    for (const namespace of new Set(homes.filter((home) => !populated.has(home)))) {
      found.set(this.inNamespace(namespace)[0], false);
    }
    return found;
  }

  public of({ object, podLabels }: Workload): Sidecar {
    return this.ofPod(object.namespace, podLabels);
  }

  public ofPod(namespace: string, labels: StringMap): Sidecar {
    const telling = this.sourceLabels.flatMap((key) => {
      const value = labels.get(key);
      return value === undefined ? [] : [[key, value] as const];
    });
    const key = JSON.stringify([namespace, telling]);
    const sidecar = this.shared.get(key) ?? new Sidecar(new SidecarScope(this.model, namespace, new Map(telling)));
    this.shared.set(key, sidecar);
    return sidecar;
  }
}
