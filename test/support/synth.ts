/*
 * From constructs to manifests, and to the one manifest that a test is about.
 */
import { App, Chart, type ChartProps, Testing } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-27';

/** As much of a manifest as tests look at; `spec` as the kind has it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  readonly spec: { readonly [field: string]: unknown };
}

export interface Labels {
  readonly [key: string]: string;
}

/** A chart called `chart` in namespace `shop`, in an app of its own. */
export function newChart(props: ChartProps = {}): Chart {
  return new Chart(new App(), 'chart', { namespace: 'shop', ...props });
}

/** What `build` makes in such a chart, validations included. */
export function manifestsOf(build: (chart: Chart) => void, props?: ChartProps): Manifest[] {
  const chart = newChart(props);
  build(chart);
  return synth(chart);
}

export function synth(chart: Chart): Manifest[] {
  return Testing.synth(chart);
}

/** The one manifest of that kind, and name where given. */
export function only(manifests: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = manifests.filter(
    (manifest) => manifest.kind === kind && (name === undefined || manifest.metadata.name === name),
  );
  if (found.length !== 1) {
    throw new Error(`There are ${found.length} ${kind} ${name ?? ''} among: ${titles(manifests).join(', ')}`);
  }
  return found[0];
}

/** Kind and name of each, in order. */
export function titles(manifests: readonly Manifest[]): string[] {
  return manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

export function kinds(manifests: readonly Manifest[]): string[] {
  return manifests.map(({ kind }) => kind);
}

export function deploymentIn(manifests: readonly Manifest[], name?: string): k8s.DeploymentSpec {
  return only(manifests, 'Deployment', name).spec as unknown as k8s.DeploymentSpec;
}

export function podIn(manifests: readonly Manifest[], name?: string): k8s.PodSpec {
  return deploymentIn(manifests, name).template.spec as k8s.PodSpec;
}

export function containerIn(manifests: readonly Manifest[], name?: string): k8s.Container {
  return podIn(manifests, name).containers[0];
}

/** The labels of the pods of a Deployment. */
export function podLabelsIn(manifests: readonly Manifest[], deployment?: string): Labels {
  return deploymentIn(manifests, deployment).template.metadata?.labels ?? {};
}

/** Whether all of `selector` is among `labels`, as Kubernetes selects. */
export function selects(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
