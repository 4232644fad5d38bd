import {
  HeaderMatch,
  HeaderRoutedMesh,
  PathMatch,
  QueryMatch,
  RequestMatch,
  SourceMatch,
  TrafficSource,
  type VersionedService,
} from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export function matches(scope: Construct, apis: VersionedService): HeaderRoutedMesh {
  const mesh = new HeaderRoutedMesh(scope, 'ingress', {
    hosts: ['apis.example.com'],
    service: apis,
    defaultVersion: apis.version('v1'),
    traffic: TrafficSource.GATEWAY_AND_MESH,
  });
  const v2 = apis.version('v2');
  const { allOf, anyOf, not } = RequestMatch;

  mesh.route(v2, anyOf(HeaderMatch.cookie('group', 'beta'), QueryMatch.exact('group', 'beta')));
  mesh.route(v2, allOf(PathMatch.under('/search'), not(HeaderMatch.contains('user-agent', 'bot'))));
  mesh.route(v2, SourceMatch.labels({ app: 'shop' }));
  mesh.route(v2, HeaderMatch.baggage('tenant', 'acme & sons'));
  return mesh;
}
