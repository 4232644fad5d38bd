/*
 * exportTo with a namespace that does not exist. Namespaces need no manifest, so it is a warning only where another one was
 * clearly meant, and a remark where the manifests contain Namespace objects, but not this one.
 */

import type { Node } from '../../manifests/node';
import { type MeshObject, nameOf } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { closest } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';

const KINDS = ['VirtualService', 'DestinationRule', 'ServiceEntry'];
const ANNOTATION = 'networking.istio.io/exportTo';
const SPECIAL = new Set(['', '.', '*', '~']);

export const exportTo: Check = {
  id: 'export-to',
  title: 'exportTo names a namespace that does not exist',
  severity: Severity.WARNING,
  istio: [],
  kiali: ['KIA0005'],
  run(mesh, report) {
    for (const { object, path, namespace } of exportsIn(mesh)) {
      if (SPECIAL.has(namespace) || mesh.givenNamespaces.has(namespace)) {
        continue;
      }
      const near = closest(namespace, mesh.givenNamespaces);
      if (near !== undefined || mesh.namespaces.size > 0) {
        report({
          object,
          path,
          severity: near === undefined ? Severity.INFO : Severity.WARNING,
          message: `${nameOf(object)} is exported to namespace ${namespace}, and the manifests contain nothing of that namespace. Unless the cluster has it, the export has no effect.`,
          help:
            near === undefined
              ? `Write a namespace that exists, '.' for the object's own, or '*' for all.`
              : `Did you mean ${near}?`,
        });
      }
    }
  },
};

interface Export {
  readonly object: MeshObject;
  readonly path: string;
  readonly namespace: string;
}

function exportsIn(mesh: MeshModel): readonly Export[] {
  const fields = KINDS.flatMap((kind) => mesh.ofKind(kind))
    .filter(({ group }) => group === 'networking.istio.io')
    .flatMap((object) =>
      object.node
        .get('spec')
        .get('exportTo')
        .items()
        .map((node: Node) => ({ object, path: node.path, namespace: node.string() ?? '' })),
    );
  const annotations = mesh.services.flatMap(({ object }) =>
    (object.annotations.get(ANNOTATION) ?? '').split(',').map((namespace) => ({
      object,
      path: `metadata.annotations["${ANNOTATION}"]`,
      namespace: namespace.trim(),
    })),
  );
  return [...fields, ...annotations];
}
