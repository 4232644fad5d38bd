/*
 * What must not compile. The compiler fails on every expected error that is none.
 */
import { FlaskLikeApp, HeaderMatch, HeaderRoutedMesh, type VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export function wrong(scope: Construct, service: VersionedService, mesh: HeaderRoutedMesh): void {
  const version = service.addVersion('v1', { image: 'ghcr.io/acme/shop:1.4.0' });

  // @ts-expect-error: an app needs an image.
  new FlaskLikeApp(scope, 'app', {});
  // @ts-expect-error: a mesh needs a default version.
  new HeaderRoutedMesh(scope, 'mesh', { hosts: ['shop.example.com'], service });
  // @ts-expect-error: a version is named by its handle, not by a string.
  mesh.route('v1', HeaderMatch.exact('x-version', 'v1'));
  // @ts-expect-error: a rule needs a match.
  mesh.route(version);
  // @ts-expect-error: a match is made by a factory.
  new HeaderMatch();
}
