/*
 * Objects of an API version that Kubernetes no longer serves.
 */

import { nameOf } from '../../manifests/object';
import type { Check } from '../check';
import { Severity } from '../finding';

interface Removal {
  /** The release of Kubernetes that no longer has it. */
  readonly release: string;
  /** What to write instead. */
  readonly successor: string;
}

/** By apiVersion; the kinds that were removed together, '*' for all. */
const REMOVED: ReadonlyMap<string, readonly (readonly [kinds: readonly string[], Removal])[]> = new Map([
  [
    'extensions/v1beta1',
    [
      [['Deployment', 'DaemonSet', 'ReplicaSet'], { release: '1.16', successor: 'apps/v1' }],
      [['NetworkPolicy'], { release: '1.16', successor: 'networking.k8s.io/v1' }],
      [['Ingress'], { release: '1.22', successor: 'networking.k8s.io/v1' }],
    ],
  ],
  ['apps/v1beta1', [[['*'], { release: '1.16', successor: 'apps/v1' }]]],
  ['apps/v1beta2', [[['*'], { release: '1.16', successor: 'apps/v1' }]]],
  [
    'networking.k8s.io/v1beta1',
    [[['Ingress', 'IngressClass'], { release: '1.22', successor: 'networking.k8s.io/v1' }]],
  ],
  ['rbac.authorization.k8s.io/v1beta1', [[['*'], { release: '1.22', successor: 'rbac.authorization.k8s.io/v1' }]]],
  ['apiextensions.k8s.io/v1beta1', [[['*'], { release: '1.22', successor: 'apiextensions.k8s.io/v1' }]]],
  [
    'admissionregistration.k8s.io/v1beta1',
    [
      [
        ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
        { release: '1.22', successor: 'admissionregistration.k8s.io/v1' },
      ],
    ],
  ],
  ['scheduling.k8s.io/v1beta1', [[['*'], { release: '1.22', successor: 'scheduling.k8s.io/v1' }]]],
  ['batch/v1beta1', [[['CronJob'], { release: '1.25', successor: 'batch/v1' }]]],
  ['policy/v1beta1', [[['PodDisruptionBudget'], { release: '1.25', successor: 'policy/v1' }]]],
  ['discovery.k8s.io/v1beta1', [[['EndpointSlice'], { release: '1.25', successor: 'discovery.k8s.io/v1' }]]],
  ['autoscaling/v2beta1', [[['*'], { release: '1.25', successor: 'autoscaling/v2' }]]],
  ['autoscaling/v2beta2', [[['*'], { release: '1.26', successor: 'autoscaling/v2' }]]],
]);

function removalOf(apiVersion: string, kind: string): Removal | undefined {
  return REMOVED.get(apiVersion)?.find(([kinds]) => kinds.includes('*') || kinds.includes(kind))?.[1];
}

export function isRemovedVersion(apiVersion: string, kind: string): boolean {
  return removalOf(apiVersion, kind) !== undefined;
}

export const removedApiVersion: Check = {
  id: 'removed-api-version',
  title: 'An API version that Kubernetes has removed',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const object of mesh.objects) {
      const removal = removalOf(object.apiVersion, object.kind);
      if (removal !== undefined) {
        report({
          object,
          path: 'apiVersion',
          message: `${nameOf(object)} is written for ${object.apiVersion}, which Kubernetes ${removal.release} removed: every newer cluster refuses it.`,
          help: `Write 'apiVersion: ${removal.successor}'${object.kind === 'Deployment' || object.kind === 'DaemonSet' ? ', which in addition needs spec.selector' : ''}.`,
        });
      }
    }
  },
};
