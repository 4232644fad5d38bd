/*
 * helloworld: Istio's sample app in two versions, from images that anyone can pull. Nothing to build.
 *
 * Requests with the header `x-version: v2` get v2, all others v1; through the gateway and inside the mesh alike.
 */
import { Chart } from 'cdk8s';
import {
  HeaderMatch,
  HeaderRoutedMesh,
  HealthCheck,
  MeshNamespace,
  RunAs,
  TrafficSource,
  VersionedService,
  type VersionOptions,
} from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export class HelloworldChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'helloworld' });
    new MeshNamespace(this, 'helloworld-namespace', { name: 'helloworld' });

    const helloworld = new VersionedService(this, 'helloworld', { port: 5000 });
    const v1 = helloworld.addVersion('v1', sample('v1'));
    const v2 = helloworld.addVersion('v2', sample('v2'));

    const mesh = new HeaderRoutedMesh(this, 'helloworld-gateway', {
      hosts: ['helloworld.example.com'],
      service: helloworld,
      defaultVersion: v1,
      traffic: TrafficSource.GATEWAY_AND_MESH,
    });
    mesh.route(v2, HeaderMatch.exact('x-version', 'v2'), { name: 'v2-by-header' });
  }
}

function sample(version: string): VersionOptions {
  return {
    image: `registry.istio.io/release/examples-helloworld-${version}:1.0`,
    readiness: HealthCheck.http('/health'),
    liveness: HealthCheck.http('/health'),
    // The images name no user. gunicorn in them needs no more than a writable /tmp, which every app has.
    runAs: RunAs.user(10001),
  };
}
