import { join } from 'node:path';
import { Chart, Include } from 'cdk8s';
import { HeaderRoutedMesh, VersionedBy, VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export class ArgoRolloutChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'apis' });

    // The Rollout and its two Services, whose selectors it keeps.
    const theirs = new Include(this, 'rollout', { url: join(__dirname, 'argo-rollout.yaml') });

    const apis = new VersionedService(this, 'apis', { versionedBy: VersionedBy.SERVICES });
    const stable = apis.addExistingVersion('stable', { serviceName: 'apis-stable' });
    const canary = apis.addExistingVersion('canary', { serviceName: 'apis-canary' });

    const mesh = new HeaderRoutedMesh(this, 'ingress', {
      hosts: ['apis.example.com'],
      service: apis,
      defaultVersion: stable,
      // The Rollout finds the route by its name and both destinations in it, and writes the weights.
      defaultRoute: { name: 'primary', split: [{ version: canary, percent: 0 }] },
    });
    mesh.node.addDependency(theirs);
  }
}
