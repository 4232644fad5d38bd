import { Chart } from 'cdk8s';
import { HeaderMatch, HeaderRoutedMesh, TrafficSource, VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

const passesOn = { 'cdk8s-versioned-mesh/propagated-headers': 'baggage' };

export class LaneChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop' });

    // shop calls reviews, and reviews calls ratings. There is no beta of reviews.
    const service = (name: string, ...versions: string[]) => {
      const made = new VersionedService(this, name);
      for (const version of versions) {
        made.addVersion(version, { image: `ghcr.io/acme/${name}:${version}`, podAnnotations: passesOn });
      }
      return made;
    };
    const shop = service('shop', 'v1', 'beta');
    const reviews = service('reviews', 'v1');
    const ratings = service('ratings', 'v1', 'beta');

    const mesh = new HeaderRoutedMesh(this, 'ingress', {
      hosts: ['shop.example.com'],
      service: shop,
      defaultVersion: shop.version('v1'),
      traffic: TrafficSource.GATEWAY_AND_MESH,
    });
    mesh.addService(reviews, { defaultVersion: reviews.version('v1') });
    mesh.addService(ratings, { defaultVersion: ratings.version('v1') });

    mesh.addLane('beta', {
      match: HeaderMatch.baggage('lane', 'beta'),
      entry: HeaderMatch.cookie('lane', 'beta'),
      versions: [shop.version('beta'), ratings.version('beta')],
    });
  }
}
