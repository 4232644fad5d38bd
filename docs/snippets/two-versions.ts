import { App, Chart } from 'cdk8s';
import { HeaderMatch, HeaderRoutedMesh, VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export class ApisChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'apis' });

    const apis = new VersionedService(this, 'apis', { port: 80 });
    const v1 = apis.addVersion('v1', { image: 'ghcr.io/acme/apis:1.4.0', port: 8000, replicas: 4 });
    const v2 = apis.addVersion('v2', { image: 'ghcr.io/acme/apis:2.0.0', port: 8000 });

    const mesh = new HeaderRoutedMesh(this, 'ingress', {
      hosts: ['apis.example.com'],
      service: apis,
      defaultVersion: v1,
    });
    mesh.route(v2, HeaderMatch.contains('user-agent', 'Chrome'));
  }
}

if (require.main === module) {
  const app = new App();
  new ApisChart(app, 'apis');
  app.synth();
}
