import { VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

/** A service with a v1 and a v2, for the examples of the guide. */
export function versioned(scope: Construct, id: string): VersionedService {
  const service = new VersionedService(scope, id);
  for (const version of ['v1', 'v2']) {
    service.addVersion(version, { image: `ghcr.io/acme/${id}:${version}` });
  }
  return service;
}
