import { join } from 'node:path';
import { Chart, Include } from 'cdk8s';
import { HeaderMatch, HeaderRoutedMesh, VersionedBy, VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export class HelmByServiceChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'apis' });

    // What `helm template` writes, so that checks and routes see it. Leave it out where Helm applies it.
    new Include(this, 'helm', { url: join(__dirname, 'helm-apis.yaml') });

    const apis = new VersionedService(this, 'apis', { existingService: true, versionedBy: VersionedBy.SERVICES });
    const v1 = apis.addExistingVersion('v1', { serviceName: 'apis' });
    const v2 = apis.addVersion('v2', { image: 'ghcr.io/acme/apis:2.0.0' });

    const mesh = new HeaderRoutedMesh(this, 'ingress', {
      hosts: ['apis.example.com'],
      service: apis,
      defaultVersion: v1,
    });
    mesh.route(v2, HeaderMatch.exact('x-version', 'v2'));
  }
}
