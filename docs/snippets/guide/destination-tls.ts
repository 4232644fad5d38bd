import { VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export function ledger(scope: Construct): VersionedService {
  const service = new VersionedService(scope, 'ledger', {
    port: 80,
    targetPort: 8443,
    trafficPolicy: { tls: { sni: 'ledger.example.com', caCertificates: '/etc/ledger-ca/ca.crt' } },
  });
  // The app serves TLS itself, so its pods do without a sidecar.
  service.addVersion('v1', {
    image: 'ghcr.io/acme/ledger:7.1.0',
    port: 8443,
    podLabels: { 'sidecar.istio.io/inject': 'false' },
  });
  return service;
}
