/*
 * Objects of an API version that Kubernetes no longer serves, or of a kind that Istio no longer has. No other check runs on them.
 */

import { type MeshObject, nameOf } from '../../manifests/object';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';

interface Removal {
  /** The release, of Kubernetes or Istio, that no longer has it. */
  readonly release: string;
  /** The apiVersion to write instead. */
  readonly successor: string;
  /** Of Istio's: the kind, or kinds, to write instead. */
  readonly kind?: string;
}

const AUTHORIZATION: Removal = {
  release: 'Istio 1.6',
  successor: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
};
const AUTHENTICATION: Removal = {
  release: 'Istio 1.6',
  successor: 'security.istio.io/v1',
  kind: 'PeerAuthentication for mutual TLS, RequestAuthentication for tokens',
};
const ROUTES = [
  ['RouteRule', 'VirtualService'],
  ['DestinationPolicy', 'DestinationRule'],
  ['EgressRule', 'ServiceEntry'],
  ['ExternalService', 'ServiceEntry'],
].map(([old, kind]): readonly [readonly string[], Removal] => [
  [old],
  { release: 'Istio 1.0', successor: 'networking.istio.io/v1', kind },
]);

/** By apiVersion, or group where it is Istio's; the kinds that were removed together, '*' for all. */
const REMOVED: ReadonlyMap<string, readonly (readonly [kinds: readonly string[], Removal])[]> = new Map([
  [
    'extensions/v1beta1',
    [
      [['Deployment', 'DaemonSet', 'ReplicaSet'], { release: 'Kubernetes 1.16', successor: 'apps/v1' }],
      [['NetworkPolicy'], { release: 'Kubernetes 1.16', successor: 'networking.k8s.io/v1' }],
      [['Ingress'], { release: 'Kubernetes 1.22', successor: 'networking.k8s.io/v1' }],
    ],
  ],
  ['apps/v1beta1', [[['*'], { release: 'Kubernetes 1.16', successor: 'apps/v1' }]]],
  ['apps/v1beta2', [[['*'], { release: 'Kubernetes 1.16', successor: 'apps/v1' }]]],
  [
    'networking.k8s.io/v1beta1',
    [[['Ingress', 'IngressClass'], { release: 'Kubernetes 1.22', successor: 'networking.k8s.io/v1' }]],
  ],
  [
    'rbac.authorization.k8s.io/v1beta1',
    [[['*'], { release: 'Kubernetes 1.22', successor: 'rbac.authorization.k8s.io/v1' }]],
  ],
  ['apiextensions.k8s.io/v1beta1', [[['*'], { release: 'Kubernetes 1.22', successor: 'apiextensions.k8s.io/v1' }]]],
  [
    'admissionregistration.k8s.io/v1beta1',
    [
      [
        ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
        { release: 'Kubernetes 1.22', successor: 'admissionregistration.k8s.io/v1' },
      ],
    ],
  ],
  ['scheduling.k8s.io/v1beta1', [[['*'], { release: 'Kubernetes 1.22', successor: 'scheduling.k8s.io/v1' }]]],
  ['batch/v1beta1', [[['CronJob'], { release: 'Kubernetes 1.25', successor: 'batch/v1' }]]],
  ['policy/v1beta1', [[['PodDisruptionBudget'], { release: 'Kubernetes 1.25', successor: 'policy/v1' }]]],
  ['discovery.k8s.io/v1beta1', [[['EndpointSlice'], { release: 'Kubernetes 1.25', successor: 'discovery.k8s.io/v1' }]]],
  ['autoscaling/v2beta1', [[['*'], { release: 'Kubernetes 1.25', successor: 'autoscaling/v2' }]]],
  ['autoscaling/v2beta2', [[['*'], { release: 'Kubernetes 1.26', successor: 'autoscaling/v2' }]]],
  ['rbac.istio.io', [[['*'], AUTHORIZATION]]],
  ['authentication.istio.io', [[['*'], AUTHENTICATION]]],
  [
    'security.istio.io',
    [
      [['ServiceRole', 'ServiceRoleBinding', 'RbacConfig', 'ClusterRbacConfig'], AUTHORIZATION],
      [['Policy', 'MeshPolicy'], AUTHENTICATION],
    ],
  ],
  ['networking.istio.io', ROUTES],
  [
    'config.istio.io',
    [
      ...ROUTES,
      [
        ['*'],
        {
          release: 'Istio 1.8',
          successor: 'telemetry.istio.io/v1',
          kind: 'Telemetry for reporting, AuthorizationPolicy of security.istio.io/v1 for access control',
        },
      ],
    ],
  ],
]);

function removalOf(apiVersion: string, kind: string): Removal | undefined {
  const removals = REMOVED.get(apiVersion) ?? REMOVED.get(apiVersion.replace(/\/.*/, ''));
  return removals?.find(([kinds]) => kinds.includes('*') || kinds.includes(kind))?.[1];
}

export function isRemovedVersion(apiVersion: string, kind: string): boolean {
  return removalOf(apiVersion, kind) !== undefined;
}

export const removedApiVersion: Check = {
  id: 'removed-api-version',
  title: 'An API version or kind that is no longer served',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const object of mesh.objects) {
      const removal = removalOf(object.apiVersion, object.kind);
      if (removal !== undefined) {
        report({ object, path: 'apiVersion', ...wordsFor(object, removal) });
      }
    }
  },
};

function wordsFor(object: MeshObject, { release, successor, kind }: Removal): Pick<Observation, 'message' | 'help'> {
  const version = `'apiVersion: ${successor}'`;
  if (kind !== undefined) {
    return {
      message: `${release} removed the kind ${object.kind} of ${object.apiVersion}: a cluster with this or a newer release refuses ${nameOf(object)} ("no matches for kind").`,
      help: `Write ${version} and the kind ${kind}; the fields differ.`,
    };
  }
  const needsSelector = object.kind === 'Deployment' || object.kind === 'DaemonSet';
  return {
    message: `${nameOf(object)} is written for ${object.apiVersion}, which ${release} removed: a cluster with this or a newer release refuses it.`,
    help: `Write ${version}${needsSelector ? ', which in addition needs spec.selector' : ''}.`,
  };
}
