import { VersionedBy, VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export function reviews(scope: Construct): VersionedService {
  const service = new VersionedService(scope, 'reviews', { port: 9080, versionedBy: VersionedBy.SUBSETS });
  service.addVersion('1.4.0', { image: 'ghcr.io/acme/reviews:1.4.0', port: 9080, replicas: 4 });
  service.addVersion('2.0.0-rc.1', { image: 'ghcr.io/acme/reviews:2.0.0-rc.1', port: 8080, replicas: 1 });
  return service;
}
