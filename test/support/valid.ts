/*
 * Would a cluster take this manifest? As far as can be said without one: the schemas of the oldest and the newest
 * Kubernetes and of Istio's CRDs, with unknown fields refused, and the rules of the API server that no schema can state.
 */
import * as agreement from './valid/agreement';
import type { Complaint } from './valid/complaint';
import type { Manifest } from './valid/manifest';
import * as names from './valid/names';
import { complaintsOfSchemas } from './valid/schemas';

const RULES: readonly ((manifest: Manifest) => Complaint[])[] = [
  names.nameOfObject,
  names.namespaceOfObject,
  names.labels,
  names.annotations,
  names.numbersOfPorts,
  names.namesInPods,
  names.portsOfServices,
  agreement.selectorMatchesTemplate,
  agreement.uniqueNames,
  agreement.volumesOfMounts,
  agreement.portsOfProbes,
  agreement.requestsWithinLimits,
  agreement.graceAfterPreStop,
  agreement.namesOfCapabilities,
  agreement.budgetOfDisruptions,
  agreement.boundsOfAutoscaler,
  agreement.rollingUpdateMoves,
];

/** What a cluster would refuse `manifest` for: `Service apis/apis: spec.prots is not a field that exists (Kubernetes …)`. */
export function complaintsAbout(manifest: unknown): string[] {
  if (!isManifest(manifest)) {
    return [`${JSON.stringify(manifest)} is not a manifest: an object with an apiVersion and a kind`];
  }
  const ofSchemas = complaintsOfSchemas(manifest.apiVersion, manifest.kind, manifest);
  if (ofSchemas === undefined) {
    return [`${title(manifest)}: there is no schema of ${manifest.apiVersion} ${manifest.kind} to hold it against`];
  }
  // Rules may trust the shape of what they look at, so a wrong shape is all there is to say.
  const complaints = ofSchemas.length > 0 ? ofSchemas : RULES.flatMap((rule) => rule(manifest));
  return complaints.map(({ path, wrong }) => `${title(manifest)}: ${path === '' ? 'the whole' : path} ${wrong}`);
}

/** Throws, with all complaints about all manifests, unless there is none. */
export function expectValid(manifests: readonly unknown[]): void {
  const complaints = manifests.flatMap(complaintsAbout);
  if (complaints.length > 0) {
    throw new Error(`A cluster would not take this:\n${complaints.map((complaint) => `  ${complaint}`).join('\n')}`);
  }
}

function isManifest(value: unknown): value is Manifest {
  const { apiVersion, kind } = (value ?? {}) as Partial<Manifest>;
  return typeof apiVersion === 'string' && typeof kind === 'string';
}

/** Kind, namespace and name, as far as it has them. */
function title({ kind, metadata }: Manifest): string {
  return `${kind} ${[metadata?.namespace, metadata?.name ?? '(no name)'].filter(Boolean).join('/')}`;
}
