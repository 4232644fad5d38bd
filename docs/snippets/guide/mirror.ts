import { HeaderRoutedMesh, MethodMatch, type VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export function shadow(scope: Construct, apis: VersionedService): HeaderRoutedMesh {
  const mesh = new HeaderRoutedMesh(scope, 'ingress', {
    hosts: ['apis.example.com'],
    service: apis,
    defaultVersion: apis.version('v1'),
  });
  // v2 gets a copy of a twentieth of all that only reads. Its answers are thrown away.
  mesh.route(apis.version('v1'), MethodMatch.exact('GET', 'HEAD'), {
    mirror: { version: apis.version('v2'), percent: 5 },
  });
  return mesh;
}
