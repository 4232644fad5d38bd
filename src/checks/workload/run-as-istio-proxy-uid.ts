/*
 * The user 1337 is the sidecar's own. Its traffic is let past the sidecar, so an application under that user is not in the mesh.
 */
import type { Node } from '../../manifests/node';
import { nameOf } from '../../manifests/object';
import { injectionOf } from '../../model/injection';
import { containersOf, podOf } from '../../model/workload';
import type { Check } from '../check';
import { Severity } from '../finding';

const PROXY_UID = 1337;
const PROXY_CONTAINERS = new Set(['istio-proxy', 'istio-init', 'istio-validation']);

export const runAsIstioProxyUid: Check = {
  id: 'run-as-istio-proxy-uid',
  title: 'An application runs as the sidecar’s user, 1337',
  severity: Severity.WARNING,
  istio: ['IST0144'],
  kiali: [],
  run(mesh, report) {
    for (const workload of mesh.workloads) {
      const applications = containersOf(workload).filter(
        (container) => !PROXY_CONTAINERS.has(container.get('name').string() ?? ''),
      );
      if (applications.length === 0 || injectionOf(mesh, workload) === 'no') {
        continue;
      }
      const pod = userOf(podOf(workload).get('spec'));
      const own = applications.map(userOf).filter((user) => user.present);
      const affected = own.length < applications.length ? [pod, ...own] : own;
      for (const user of affected.filter(({ value }) => value === PROXY_UID)) {
        report({
          object: workload.object,
          path: user.path,
          message: `${nameOf(workload.object)} runs as user ${PROXY_UID}, which belongs to Istio's sidecar. What that user sends bypasses the sidecar, so no route, retry or encryption of the mesh applies to its calls.`,
          help: "Write another number, as in 'runAsUser: 1000'.",
        });
      }
    }
  },
};

function userOf(node: Node): Node {
  return node.get('securityContext').get('runAsUser');
}
