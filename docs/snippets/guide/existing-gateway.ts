import { Chart } from 'cdk8s';
import { HeaderRoutedMesh, IngressGateway } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';
import { versioned } from './versioned';

export class TenantChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop' });
    const apis = versioned(this, 'apis');
    new HeaderRoutedMesh(this, 'ingress', {
      // The platform team's; its servers have to accept the host.
      gateway: IngressGateway.fromGatewayName(this, 'public', 'public', { namespace: 'istio-ingress' }),
      hosts: ['apis.example.com'],
      service: apis,
      defaultVersion: apis.version('v1'),
    });
  }
}
