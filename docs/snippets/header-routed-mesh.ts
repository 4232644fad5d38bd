import {
  HeaderMatch,
  HeaderRoutedMesh,
  MethodMatch,
  PathMatch,
  RequestMatch,
  TrafficSource,
  type VersionedService,
} from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export function routes(scope: Construct, shop: VersionedService, reviews: VersionedService): HeaderRoutedMesh {
  const mesh = new HeaderRoutedMesh(scope, 'shop-routes', {
    hosts: ['shop.example.com'],
    service: shop,
    defaultVersion: shop.version('v1'),
    traffic: TrafficSource.GATEWAY_AND_MESH,
    gatewayOptions: { selector: { istio: 'ingress' }, tls: { credentialName: 'shop-cert' } },
  });
  mesh.addService(reviews, { defaultVersion: reviews.version('v1') });

  // Rules are tried from top to bottom. One header leads through both services, if the shop passes it on.
  const beta = HeaderMatch.exact('x-version', 'beta');
  mesh.route(shop.version('v2'), beta);
  mesh.route(reviews.version('v2'), beta);

  const safariOnMobile = RequestMatch.allOf(
    HeaderMatch.regex('user-agent', '.*iPhone.*Version/[0-9.]+.* Safari/.*'),
    HeaderMatch.absent('x-legacy'),
    PathMatch.under('/checkout'),
    MethodMatch.exact('GET'),
  );
  mesh.route(shop.version('v2'), safariOnMobile, { name: 'safari-on-mobile' });
  mesh.route(shop.version('v2'), HeaderMatch.cookie('group', 'b'));
  return mesh;
}
