/*
 * Istio's annotations wherever they are written: on objects, and on pod templates.
 */

import { isInternalKey, isIstioKey } from '../../istio/keys';
import type { StringMap } from '../../manifests/node';
import type { MeshObject } from '../../manifests/object';
import { childPath } from '../../manifests/path';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';

export interface WrittenAnnotation {
  readonly object: MeshObject;
  readonly path: string;
  readonly key: string;
  readonly value: string;
  /** The kind that it is on; 'Pod' on a pod template too. */
  readonly on: string;
  /** Path of the pod template's annotations, where the object has one. */
  readonly podAnnotations?: string;
}

export const istioAnnotations = perMesh((mesh: MeshModel): readonly WrittenAnnotation[] => {
  const templates = new Map(mesh.workloads.map((workload) => [workload.object, workload]));
  return mesh.objects.flatMap((object) => {
    const workload = templates.get(object);
    const onTemplate = workload !== undefined && workload.podPath !== '' ? workload : undefined;
    const podAnnotations = onTemplate === undefined ? undefined : `${onTemplate.podPath}.metadata.annotations`;
    return [
      ...annotationsIn(object.annotations).map((entry) => ({
        ...entry,
        object,
        path: childPath('metadata.annotations', entry.key),
        on: object.kind,
        podAnnotations,
      })),
      ...annotationsIn(onTemplate?.podAnnotations).map((entry) => ({
        ...entry,
        object,
        path: childPath(podAnnotations ?? '', entry.key),
        on: 'Pod',
      })),
    ];
  });
});

function annotationsIn(
  annotations: StringMap | undefined,
): readonly { readonly key: string; readonly value: string }[] {
  return [...(annotations ?? [])]
    .filter(([key]) => isIstioKey(key) && !isInternalKey(key))
    .map(([key, value]) => ({ key, value }));
}
