/*
 * What the benches synthesize: shops, each one a service in two versions behind an ingress with two rules. The same number
 * gives the same objects.
 */
import { ApiObject, type ApiObjectProps, App, Chart } from 'cdk8s';
import { EnvValue } from 'cdk8s-plus-27';
import {
  HeaderMatch,
  HeaderRoutedMesh,
  HealthCheck,
  VersionedService,
  type VersionOptions,
} from 'cdk8s-versioned-mesh';

/** An app of one chart with `count` shops, made through the constructs; the checks at synth are off unless asked for. */
export function appOfShops(count: number, options: { checks: boolean } = { checks: false }): App {
  const app = new App();
  const chart = new Chart(app, 'shops', { namespace: 'shops' });
  for (let number = 0; number < count; number++) {
    addShop(chart, `shop-${number}`, options);
  }
  return app;
}

/** The same with a chart for each shop. */
export function appOfCharts(count: number, options: { checks: boolean }): App {
  const app = new App();
  for (let number = 0; number < count; number++) {
    addShop(new Chart(app, `chart-${number}`, { namespace: 'shops' }), `shop-${number}`, options);
  }
  return app;
}

/** The manifests that the constructs make of `count` shops. */
export function manifestsOfShops(count: number): ApiObjectProps[] {
  return appOfShops(count).charts.flatMap((chart) => chart.toJson());
}

/** An app of one chart with the same objects, each a plain ApiObject: as little as cdk8s can do for them. */
export function appOfManifests(manifests: readonly ApiObjectProps[]): App {
  const app = new App();
  const chart = new Chart(app, 'shops');
  manifests.forEach((manifest, index) => {
    new ApiObject(chart, `object-${index}`, manifest);
  });
  return app;
}

function addShop(chart: Chart, name: string, { checks }: { checks: boolean }): void {
  const shop = new VersionedService(chart, name);
  const v1 = shop.addVersion('v1', version(name, '1.4.0'));
  const v2 = shop.addVersion('v2', version(name, '2.0.0'));
  const mesh = new HeaderRoutedMesh(chart, `${name}-ingress`, {
    hosts: [`${name}.example.com`],
    service: shop,
    defaultVersion: v1,
    checks,
  });
  mesh.route(v2, HeaderMatch.exact('x-version', 'v2'));
  mesh.route(v2, HeaderMatch.contains('user-agent', 'Chrome'));
}

function version(name: string, tag: string): VersionOptions {
  return {
    image: `ghcr.io/acme/${name}:${tag}`,
    port: 8000,
    env: { APP_VERSION: EnvValue.fromValue(tag) },
    readiness: HealthCheck.http('/readyz'),
    liveness: HealthCheck.http('/healthz'),
  };
}
