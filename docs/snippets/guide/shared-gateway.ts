import { Chart } from 'cdk8s';
import { HeaderMatch, HeaderRoutedMesh, IngressGateway, TlsVersion } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';
import { versioned } from './versioned';

export class EdgeChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop' });
    const [web, cart, reviews, partners] = ['web', 'cart', 'reviews', 'partners'].map((name) => versioned(this, name));

    const gateway = new IngressGateway(this, 'edge', { selector: { istio: 'ingress' } });
    gateway.addServer(['shop.example.com'], { tls: { credentialName: 'shop-cert' } });
    gateway.addServer(['partners.example.com'], {
      tls: { credentialName: 'partners-cert', mutual: true, minVersion: TlsVersion.TLS_1_3 },
    });

    // One host, three services.
    const shop = new HeaderRoutedMesh(this, 'shop', {
      gateway,
      hosts: ['shop.example.com'],
      service: web,
      defaultVersion: web.version('v1'),
    });
    shop.addService(cart, { defaultVersion: cart.version('v1'), paths: ['/cart', '/checkout'] });
    // The app serves /42, and at the gateway that is /api/reviews/42.
    shop.addService(reviews, { defaultVersion: reviews.version('v1'), paths: ['/api/reviews'], rewritePath: '/' });
    shop.route(reviews.version('v2'), HeaderMatch.exact('x-version', 'beta'));

    new HeaderRoutedMesh(this, 'partners-routes', {
      gateway,
      hosts: ['partners.example.com'],
      service: partners,
      defaultVersion: partners.version('v1'),
    });
  }
}
