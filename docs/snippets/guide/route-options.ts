import { Duration, JsonPatch } from 'cdk8s';
import {
  HeaderMatch,
  HeaderRoutedMesh,
  MethodMatch,
  PathMatch,
  RequestMatch,
  RetryOn,
  type VersionedService,
} from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export function routes(scope: Construct, apis: VersionedService): HeaderRoutedMesh {
  const [v1, v2] = [apis.version('v1'), apis.version('v2')];
  const corsPolicy = { allowOrigins: ['https://shop.example.com'], allowHeaders: ['x-version'] };
  const mesh = new HeaderRoutedMesh(scope, 'ingress', {
    hosts: ['apis.example.com'],
    service: apis,
    defaultVersion: v1,
    defaultRoute: { timeout: Duration.seconds(10), corsPolicy },
  });

  // The gateway answers by itself.
  mesh.redirect(PathMatch.under('/v0'), { host: 'archive.example.com', status: 301 });
  mesh.respond(PathMatch.exact('/robots.txt'), { status: 200, body: 'User-agent: *\nDisallow: /' });

  // Callers who want to know how they bear a slow answer ask for one.
  mesh.route(v1, HeaderMatch.exact('x-rehearsal', 'slow'), { fault: { delay: { duration: Duration.seconds(5) } } });

  // What only reads may be tried again, after the app has seen it too.
  const reading = RequestMatch.allOf(PathMatch.under('/search'), MethodMatch.exact('GET', 'HEAD'));
  mesh.route(v2, reading, {
    timeout: Duration.seconds(3),
    retries: {
      attempts: 2,
      perTryTimeout: Duration.seconds(1),
      on: [RetryOn.CONNECT_FAILURE, RetryOn.GATEWAY_ERROR],
    },
    corsPolicy,
  });

  // The app serves /orders and knows nothing of /api/v2.
  const next = mesh.route(v2, PathMatch.under('/api/v2'), {
    name: 'next',
    rewrite: { path: '/' },
    requestHeaders: { set: { 'x-api': 'v2' }, remove: ['x-internal'] },
    responseHeaders: { add: { 'x-served-by': 'v2' } },
    corsPolicy,
  });
  // For a field of Istio that has no option: paths are relative to the route.
  next.addJsonPatch(JsonPatch.add('/timeout', '2s'));
  return mesh;
}
