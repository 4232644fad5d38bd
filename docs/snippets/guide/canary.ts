import { Chart, Duration } from 'cdk8s';
import { HeaderMatch, HeaderRoutedMesh, VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export class CanaryChart extends Chart {
  constructor(scope: Construct, id: string, percent: number) {
    super(scope, id, { namespace: 'apis' });

    const apis = new VersionedService(this, 'apis');
    const v1 = apis.addVersion('v1', { image: 'ghcr.io/acme/apis:1.4.0', replicas: 4 });
    const v2 = apis.addVersion('v2', { image: 'ghcr.io/acme/apis:2.0.0' });

    const mesh = new HeaderRoutedMesh(this, 'ingress', {
      hosts: ['apis.example.com'],
      service: apis,
      defaultVersion: v1,
      defaultRoute: {
        split: [{ version: v2, percent }],
        sessionAffinity: { maxAge: Duration.hours(8) },
      },
    });
    // Rules come before cookies and shares: testers choose.
    mesh.route(v1, HeaderMatch.exact('x-version', 'v1'));
    mesh.route(v2, HeaderMatch.exact('x-version', 'v2'));
  }
}
