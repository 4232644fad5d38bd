/*
 * `image: auto` stands for the proxy's image, which Istio's injection fills in. Where nobody injects, no image is called auto.
 */
import { nameOf } from '../../manifests/object';
import { injectionOf } from '../../model/injection';
import { containersOf } from '../../model/workload';
import type { Check } from '../check';
import { Severity } from '../finding';

export const imageAutoWithoutInjection: Check = {
  id: 'image-auto-without-injection',
  title: '‘image: auto’ where nothing is injected',
  severity: Severity.WARNING,
  istio: ['IST0146', 'IST0147'],
  kiali: [],
  run(mesh, report) {
    for (const workload of mesh.workloads) {
      const automatic = containersOf(workload).find((container) => container.get('image').string() === 'auto');
      const injection = automatic === undefined ? 'yes' : injectionOf(mesh, workload);
      if (automatic === undefined || injection === 'yes' || injection === 'unknown') {
        continue;
      }
      const { object } = workload;
      report({
        object,
        path: `${automatic.path}.image`,
        severity: injection === 'no' ? Severity.ERROR : Severity.WARNING,
        istio: [object.kind === 'Pod' ? 'IST0147' : 'IST0146'],
        message: `Istio's injection replaces 'image: auto', but ${injection === 'no' ? 'injection is switched off for' : 'nothing asks for injection in'} the pods of ${nameOf(object)}${injection === 'no' ? ', so' : '. Unless it is on for every namespace of the cluster,'} the image cannot be pulled.`,
        help: `Add the label 'sidecar.istio.io/inject: "true"' to the pod template, in a namespace that does not have 'istio-injection: disabled'.`,
      });
    }
  },
};
