/*
 * What is named comes before what names it, so that an apply from top to bottom never has a gap.
 */
import { fullMesh, fullNamespace } from '../support/full';
import { type Manifest, manifestsOf, only } from '../support/synth';

const manifests = manifestsOf((chart) => {
  fullNamespace(chart);
  fullMesh(chart);
});

test('the namespace is first', () => {
  expect(manifests[0].kind).toBe('Namespace');
});

test.each(['routes', 'reviews-routes'])('the routes of %s come after all that they name', (name) => {
  const routes = only(manifests, 'VirtualService', name);
  const { http, gateways } = routes.spec as { http: Route[]; gateways: string[] };
  for (const { destination } of http.flatMap(({ route }) => route)) {
    const service = destination.host.split('.')[0];
    expect(positionOf(only(manifests, 'Service', service))).toBeLessThan(positionOf(routes));
    for (const rule of manifests.filter(({ kind, spec }) => kind === 'DestinationRule' && spec.host === service)) {
      expect(positionOf(rule)).toBeLessThan(positionOf(routes));
    }
  }
  for (const gateway of gateways.filter((gateway) => gateway !== 'mesh')) {
    expect(positionOf(only(manifests, 'Gateway', gateway.split('/').at(-1)))).toBeLessThan(positionOf(routes));
  }
});

test('the port opens after what is to answer behind it', () => {
  const gateway = positionOf(only(manifests, 'Gateway'));
  expect(positionOf(only(manifests, 'Deployment', 'directory-one'))).toBeLessThan(gateway);
  expect(positionOf(only(manifests, 'Service', 'directory'))).toBeLessThan(gateway);
});

test('what watches over pods comes after them', () => {
  for (const guard of manifests.filter(({ kind }) => /PodDisruptionBudget|Autoscaler/.test(kind))) {
    expect(positionOf(only(manifests, 'Deployment', guard.metadata.name))).toBeLessThan(positionOf(guard));
  }
});

interface Route {
  readonly route: readonly { readonly destination: { readonly host: string } }[];
}

function positionOf(manifest: Manifest): number {
  return manifests.indexOf(manifest);
}
