/*
 * As much of the shape of manifests as the rules ask for, and ways to get at it. Rules see a manifest only after the
 * schemas have accepted it.
 */
import { at, type Complaint } from './complaint';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: Metadata;
  readonly spec?: object;
}

export interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Labels;
}

export interface Labels {
  readonly [key: string]: string;
}

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface PodTemplate {
  readonly metadata?: Metadata;
  readonly spec: PodSpec;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly { readonly name: string }[];
  readonly terminationGracePeriodSeconds?: number;
}

export interface Container {
  readonly name: string;
  readonly ports?: readonly { readonly name?: string }[];
  readonly volumeMounts?: readonly { readonly name: string }[];
  readonly resources?: { readonly requests?: Amounts; readonly limits?: Amounts };
  readonly lifecycle?: { readonly preStop?: PreStop };
  readonly securityContext?: {
    readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  };
}

export interface Amounts {
  readonly [resource: string]: string | number;
}

export interface PreStop {
  readonly exec?: { readonly command?: readonly string[] };
  readonly sleep?: { readonly seconds: number };
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** The pod template of a manifest, with its path, or a Pod as a template of itself. */
export function podTemplateOf(manifest: Manifest): { path: string; template: PodTemplate } | undefined {
  if (manifest.kind === 'Pod') {
    return { path: '', template: manifest as PodTemplate };
  }
  if (WORKLOADS.includes(manifest.kind)) {
    return { path: 'spec.template', template: (manifest.spec as { template: PodTemplate }).template };
  }
  return undefined;
}

/** What `rule` says of the pods of a manifest, if it has any. */
export function inPod(manifest: Manifest, rule: (pod: PodSpec, path: string) => Complaint[]): Complaint[] {
  const found = podTemplateOf(manifest);
  return found === undefined ? [] : rule(found.template.spec, at(found.path, 'spec'));
}

/** What `rule` says of the containers of a manifest, if it has any. */
export function inContainers(
  manifest: Manifest,
  rule: (container: Container, path: string, pod: PodSpec) => Complaint[],
): Complaint[] {
  return inPod(manifest, (pod, path) =>
    (['initContainers', 'containers'] as const).flatMap((list) =>
      (pod[list] ?? []).flatMap((container, index) => rule(container, at(path, list, index), pod)),
    ),
  );
}

/** Each field and item of `value`, however deep, with its path and its name. */
export function* fieldsOf(value: unknown, path = ''): Generator<{ path: string; name: string; value: unknown }> {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    const innerPath = at(path, Array.isArray(value) ? Number(name) : name);
    yield { path: innerPath, name, value: inner };
    yield* fieldsOf(inner, innerPath);
  }
}
