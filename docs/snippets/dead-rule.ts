import { HeaderMatch, HeaderRoutedMesh, type VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export function routes(scope: Construct, apis: VersionedService): HeaderRoutedMesh {
  const mesh = new HeaderRoutedMesh(scope, 'ingress', {
    hosts: ['apis.example.com'],
    service: apis,
    defaultVersion: apis.version('v1'),
  });
  mesh.route(apis.version('v2'), HeaderMatch.contains('user-agent', 'Chrome'));
  // Never reached: who says "Chrome/140" says "Chrome".
  mesh.route(apis.version('v3'), HeaderMatch.contains('user-agent', 'Chrome/140'));
  return mesh;
}
