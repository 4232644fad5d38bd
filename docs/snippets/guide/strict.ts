import { Chart } from 'cdk8s';
import { Caller, HeaderRoutedMesh, MeshSecurity } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';
import { versioned } from './versioned';

export class StrictChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop' });
    const [shop, reviews] = ['shop', 'reviews'].map((name) => versioned(this, name));

    const mesh = new HeaderRoutedMesh(this, 'ingress', {
      hosts: ['shop.example.com'],
      service: shop,
      defaultVersion: shop.version('v1'),
      gatewayOptions: { selector: { istio: 'ingress' }, serviceAccount: 'istio-ingress/istio-ingress' },
      // Every service of the mesh: its gateway, who is declared here, and who is declared below.
      security: MeshSecurity.strict({ callers: [Caller.serviceAccount('monitoring', 'prometheus')] }),
    });
    mesh.addService(reviews, { defaultVersion: reviews.version('v1'), callers: [shop] });
  }
}
