import { Duration } from 'cdk8s';
import { LoadBalancer, VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export function search(scope: Construct): VersionedService {
  const service = new VersionedService(scope, 'search', {
    trafficPolicy: {
      outlierDetection: { consecutive5xxErrors: 3, baseEjectionTime: Duration.minutes(1) },
      connectionPool: { maxRequests: 200, maxPendingRequests: 50, connectTimeout: Duration.seconds(1) },
      loadBalancer: LoadBalancer.leastRequest({ warmup: Duration.seconds(30) }),
    },
  });
  service.addVersion('v1', { image: 'ghcr.io/acme/search:1.4.0', replicas: 4 });
  // Half as many pods, half as many requests. This takes the place of the whole group of the service.
  service.addVersion('v2', {
    image: 'ghcr.io/acme/search:2.0.0',
    trafficPolicy: {
      connectionPool: { maxRequests: 100, maxPendingRequests: 25, connectTimeout: Duration.seconds(1) },
    },
  });
  return service;
}
