/*
 * apis: two versions of one API directory. Chrome gets one, every other client the other.
 *
 * Each version has a Service of its own, as in the system that this example carries on.
 */
import { Chart } from 'cdk8s';
import { EnvValue } from 'cdk8s-plus-27';
import {
  HeaderMatch,
  HeaderRoutedMesh,
  HealthCheck,
  MeshNamespace,
  VersionedBy,
  VersionedService,
  type VersionOptions,
} from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export class ApisChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'apis' });
    new MeshNamespace(this, 'apis');

    const apis = new VersionedService(this, 'apis-service', { name: 'apis', versionedBy: VersionedBy.SERVICES });
    const kubernetes = apis.addVersion('v1', version('v1', 'romo-valadez-kubernetes-service'));
    const istio = apis.addVersion('v2', version('v2', 'romo-valadez-istio-service'));

    const ingress = new HeaderRoutedMesh(this, 'apis-service-ingress', {
      hosts: ['*'],
      service: apis,
      defaultVersion: istio,
      gatewayOptions: { name: 'apis-gateway', selector: { app: 'istio-ingressgateway' } },
    });
    ingress.route(kubernetes, HeaderMatch.contains('user-agent', 'Chrome'), { name: 'chrome' });
  }
}

function version(name: string, service: string): VersionOptions {
  return {
    image: `ghcr.io/cdk8s-versioned-mesh/apis:${name}`,
    port: 8000,
    env: { APP_VERSION: EnvValue.fromValue(name) },
    readiness: HealthCheck.http('/readyz'),
    liveness: HealthCheck.http('/healthz'),
    service: { name: service },
  };
}
