/*
 * `imagePullPolicy: Never`: fine on a local cluster into which the image was loaded, and nowhere else.
 */
import { nameOf } from '../../manifests/object';
import type { Check } from '../check';
import { Severity } from '../finding';
import { containersOf } from '../shared/pod';

export const imagePullNever: Check = {
  id: 'image-pull-never',
  title: 'An image is never pulled',
  severity: Severity.INFO,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const workload of mesh.workloads) {
      for (const container of containersOf(workload)) {
        if (container.get('imagePullPolicy').string() === 'Never') {
          report({
            object: workload.object,
            path: `${container.path}.imagePullPolicy`,
            message: `${nameOf(workload.object)} never pulls the image ${container.get('image').string() ?? ''}: on a node that does not have it already, the pod fails with ErrImageNeverPull.`,
            help: "Write 'imagePullPolicy: IfNotPresent' for any cluster but a local one into which the image was loaded.",
          });
        }
      }
    }
  },
};
