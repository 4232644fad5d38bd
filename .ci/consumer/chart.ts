import { Chart } from 'cdk8s';
import { EnvValue } from 'cdk8s-plus-27';
import { FlaskLikeApp, HeaderMatch, HeaderRoutedMesh, HealthCheck, VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

/** All three constructs, as a team would write them. ../python/main.py says the same in Python. */
export class ShopChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop' });

    const shop = new VersionedService(this, 'shop');
    const v1 = shop.addVersion('v1', { image: 'ghcr.io/acme/shop:1.4.0', port: 8000, replicas: 4 });
    const v2 = shop.addVersion('v2', {
      image: 'ghcr.io/acme/shop:2.0.0',
      port: 8000,
      env: { CURRENCY: EnvValue.fromValue('EUR') },
      readiness: HealthCheck.http('/readyz'),
    });

    const mesh = new HeaderRoutedMesh(this, 'ingress', {
      hosts: ['shop.example.com'],
      service: shop,
      defaultVersion: v1,
    });
    mesh.route(v2, HeaderMatch.exact('x-version', 'v2'), { name: 'by-header' });
    mesh.route(v2, HeaderMatch.contains('user-agent', 'Chrome'));

    new FlaskLikeApp(this, 'admin', { image: 'ghcr.io/acme/admin:3.1.0' }).expose();
  }
}
