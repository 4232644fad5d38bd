import { join } from 'node:path';
import { Chart, Include } from 'cdk8s';
import { HeaderMatch, HeaderRoutedMesh, VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export class HelmBySubsetChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'apis' });
    new Include(this, 'helm', { url: join(__dirname, 'helm-apis.yaml') });

    // What the Service of the Helm chart selects; pods that are made here carry it, too.
    const selector = { 'app.kubernetes.io/name': 'apis', 'app.kubernetes.io/instance': 'prod' };
    const apis = new VersionedService(this, 'apis', { existingService: true, selector });
    const v1 = apis.addExistingVersion('v1', { labels: { version: 'v1' }, serviceAccountName: 'apis' });
    const v2 = apis.addVersion('v2', { image: 'ghcr.io/acme/apis:2.0.0' });

    const mesh = new HeaderRoutedMesh(this, 'ingress', {
      hosts: ['apis.example.com'],
      service: apis,
      defaultVersion: v1,
    });
    mesh.route(v2, HeaderMatch.exact('x-version', 'v2'));
  }
}
