/*
 * From a workload back to the Services that select it.
 */

import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import type { Service } from '../../model/service';
import { selects, type Workload } from '../../model/workload';
import { append } from '../../syntax/grouping';

/** The Services whose selector the workload's pods match, in the order of the manifests. */
export function servicesSelecting(mesh: MeshModel, { object, podLabels }: Workload): readonly Service[] {
  const index = byFirstLabel(mesh);
  return [...podLabels].flatMap(([key, value]) =>
    (index.get(`${object.namespace}\n${key}\n${value}`) ?? []).filter(
      ({ selector }) => selector !== undefined && selects(selector, podLabels),
    ),
  );
}

/** A Service is found by the first label of its selector alone, so that nobody compares it with every workload. */
const byFirstLabel = perMesh((mesh) => {
  const index = new Map<string, Service[]>();
  for (const service of mesh.services) {
    for (const [key, value] of [...(service.selector ?? [])].slice(0, 1)) {
      append(index, `${service.object.namespace}\n${key}\n${value}`, service);
    }
  }
  return index;
});
