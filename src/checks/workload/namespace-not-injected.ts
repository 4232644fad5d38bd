/*
 * A namespace with workloads and without sidecars. Said only of namespaces that are given, and not of those of
 * Kubernetes itself.
 */
import { nameOf } from '../../manifests/object';
import { injectionOf, injectionOfNamespace, isAmbient } from '../../model/injection';
import { dataPlaneOf } from '../../proxy/data-plane';
import type { Check } from '../check';
import { Severity } from '../finding';

export const namespaceNotInjected: Check = {
  id: 'namespace-not-injected',
  title: 'A namespace does not ask for sidecars',
  severity: Severity.INFO,
  istio: ['IST0102'],
  kiali: [],
  run(mesh, report) {
    const gateways = new Set(dataPlaneOf(mesh).gateways.pods);
    const reported = new Set<string>();
    for (const workload of mesh.workloads) {
      const namespace = mesh.namespaces.get(workload.object.namespace);
      if (
        namespace === undefined ||
        namespace.name.startsWith('kube-') ||
        reported.has(namespace.name) ||
        gateways.has(workload) ||
        injectionOfNamespace(namespace) !== 'not asked for' ||
        injectionOf(mesh, workload) !== 'not asked for' ||
        isAmbient(mesh, workload)
      ) {
        continue;
      }
      reported.add(namespace.name);
      report({
        object: namespace,
        path: 'metadata.labels',
        message: `Namespace ${namespace.name} has no label that asks for sidecars, so its pods, such as those of ${nameOf(workload.object)}, are not in the mesh: rules for calls between services do not apply to their calls.`,
        help: "Add the label 'istio-injection: enabled', or 'istio.io/rev' with a revision; write 'istio-injection: disabled' if none are wanted.",
      });
    }
  },
};
