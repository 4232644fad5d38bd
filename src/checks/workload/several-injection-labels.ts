/*
 * A namespace with several of the labels that bring its pods into the mesh. `istio-injection` wins over a revision, so that the
 * revision is not the one asked for; and a sidecar over ambient mode, since istio-cni leaves pods alone that have one.
 */

import type { MeshObject } from '../../manifests/object';
import { DATAPLANE_MODE, INJECTION, injectionOfNamespace, REVISION } from '../../model/injection';
import { listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';

export const severalInjectionLabels: Check = {
  id: 'several-injection-labels',
  title: 'A namespace has several labels for sidecars or ambient mode',
  severity: Severity.WARNING,
  istio: ['IST0123'],
  kiali: [],
  run(mesh, report) {
    for (const namespace of mesh.namespaces.values()) {
      const found = conflictOf(namespace);
      if (found !== undefined) {
        report({ object: namespace, path: 'metadata.labels', ...found });
      }
    }
  },
};

function conflictOf(namespace: MeshObject): { readonly message: string; readonly help: string } | undefined {
  const { labels, name } = namespace;
  const isAmbient = labels.get(DATAPLANE_MODE) === 'ambient' && injectionOfNamespace(namespace) === 'yes';
  const asked = [INJECTION, REVISION, ...(isAmbient ? [DATAPLANE_MODE] : [])].filter((label) => labels.has(label));
  const revision = asked.includes(INJECTION) ? labels.get(REVISION) : undefined;
  if (revision === undefined && !isAmbient) {
    return undefined;
  }
  const comesOf = [
    ...(revision === undefined ? [] : [`revision ${revision} injects nothing here`]),
    ...(isAmbient ? ['pods with a sidecar are left out of ambient mode'] : []),
  ];
  const use = new Map([
    [INJECTION, injectionOfNamespace(namespace) === 'yes' ? 'for the default revision' : 'for no sidecars'],
    [REVISION, 'to choose the revision'],
    [DATAPLANE_MODE, 'to do without sidecars'],
  ]);
  return {
    message: `Namespace ${name} has the labels ${listOf(asked.map((label) => `${label}=${labels.get(label)}`))}. The first wins, and ${listOf(comesOf)}.`,
    help: `Keep one: ${listOf(
      asked.map((label) => `'${label}: ${labels.get(label)}' ${use.get(label)}`),
      'or',
    )}.`,
  };
}
