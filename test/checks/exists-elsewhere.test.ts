/*
 * What is said to exist outside of the manifests: by hand, and by the constructs for what they are told of.
 */
import type { Chart } from 'cdk8s';
import { HeaderRoutedMesh, IngressGateway, Mesh, Severity, VersionedBy, VersionedService } from 'cdk8s-versioned-mesh';
import { destinationNotFound } from '../../src/checks/destination/destination-not-found';
import { destinationRuleHostUnknown } from '../../src/checks/destination/destination-rule-host-unknown';
import { gatewayNotFound } from '../../src/checks/gateway/gateway-not-found';
import { serviceSelectsNothing } from '../../src/checks/workload/service-selects-nothing';
import { manifestsOf, newChart, only } from '../support/synth';
import { describeCheck } from './cases';
import { deployment, destinationRule, type Manifest, routeTo, service, virtualService } from './manifests';

const KEY = 'cdk8s-versioned-mesh/exists-elsewhere';
const noting = (object: Manifest, note: string): Manifest => ({
  ...object,
  metadata: { ...(object.metadata as object), annotations: { [KEY]: note } },
});
const routes = virtualService('apis', { hosts: ['a.com'], gateways: ['infra/edge'], http: [routeTo('apis')] });
const given = [service('other'), service('infra/other')];
const RULE = destinationRule('apis', 'apis', ['v1']);

describeCheck(destinationNotFound, {
  silent: {
    'the host, as it is written': [...given, noting(routes, 'infra/edge, apis')],
    'the host in full': [...given, noting(routes, 'apis.shop.svc.cluster.local')],
  },
  found: {
    'another host': [[...given, noting(routes, 'apsi')], { severity: Severity.WARNING }],
    'a name that Istio does not complete, wherever the Service is': [
      [service('apis'), noting(virtualService('apis', { hosts: ['a'], http: [routeTo('apis.shop')] }), 'apis.shop')],
      { severity: Severity.ERROR },
    ],
    'what an ExternalName stands for is another host': [
      [service('apis', { type: 'ExternalName', externalName: 'api.example.org' }), noting(routes, 'apis')],
      { severity: Severity.WARNING },
    ],
  },
});

describeCheck(destinationRuleHostUnknown, {
  silent: { 'the host': [...given, noting(RULE, 'apis')] },
  found: { 'another host': [[...given, noting(RULE, 'infra')], { severity: Severity.WARNING }] },
});

describeCheck(gatewayNotFound, {
  silent: { 'the Gateway': [...given, noting(routes, 'apis,infra/edge')] },
  found: { 'another Gateway': [[...given, noting(routes, 'edge')], { severity: Severity.WARNING }] },
});

describeCheck(serviceSelectsNothing, {
  silent: {
    'the pods': [noting(service('apis', { selector: { app: 'apis', tier: 'web' } }), 'pods'), deployment('apis')],
  },
  found: {
    'something else': [
      [noting(service('apis', { selector: { app: 'apis', tier: 'web' } }), 'apis'), deployment('apis')],
      { severity: Severity.WARNING },
    ],
    'pods whose labels are on their Deployment alone': [
      [
        noting(service('apis'), 'pods'),
        {
          ...deployment('apis', { name: 'apis' }),
          metadata: { name: 'apis', namespace: 'shop', labels: { app: 'apis' } },
        },
      ],
      { severity: Severity.ERROR },
    ],
  },
});

type Made = {
  readonly service: VersionedService;
  readonly gateway?: ReturnType<typeof IngressGateway.fromGatewayName>;
};

/** Ways to have something that runs already beside a v2 that is made here. */
const ADOPTED: { readonly [what: string]: (chart: Chart) => Made } = {
  'a Service that is one version': (chart) => {
    const apis = new VersionedService(chart, 'apis', {
      existingService: true,
      versionedBy: VersionedBy.SERVICES,
      trafficPolicy: { connectionPool: { maxRequests: 100 } },
    });
    apis.addExistingVersion('v1', { serviceName: 'helm-apis' });
    return { service: apis };
  },
  'a Service over all versions': (chart) => {
    const apis = new VersionedService(chart, 'apis', { existingService: true, selector: { app: 'apis' } });
    apis.addExistingVersion('v1');
    return { service: apis };
  },
  'the pods of one version': (chart) => {
    const apis = new VersionedService(chart, 'apis', { versionedBy: VersionedBy.SERVICES });
    apis.addExistingVersion('v1');
    return { service: apis };
  },
  'a Gateway': (chart) => {
    const apis = new VersionedService(chart, 'apis');
    apis.addVersion('v1', { image: 'apis:1' });
    return { service: apis, gateway: IngressGateway.fromGatewayName(chart, 'public', 'public') };
  },
};

describe.each(Object.entries(ADOPTED))('the constructs are told of %s', (_, adopt) => {
  test('and no check says that it is not', () => {
    const chart = newChart();
    const { service: apis, gateway } = adopt(chart);
    const v2 = apis.addVersion('v2', { image: 'apis:2' });
    const mesh = new HeaderRoutedMesh(chart, 'ingress', {
      hosts: ['a.example.com'],
      service: apis,
      gateway,
      defaultVersion: apis.version('v1'),
      defaultRoute: { split: [{ version: v2, percent: 10 }] },
    });
    expect(mesh.routeObjects).toHaveLength(1);
    const findings = Mesh.fromChart(chart).check();
    expect(findings.filter(({ severity }) => severity !== Severity.INFO)).toEqual([]);
  });
});

test('each object says what it refers to itself, beside what a user says', () => {
  const manifests = manifestsOf((chart) => {
    const [apis, reviews] = ['apis', 'reviews'].map((name) => {
      const made = new VersionedService(chart, name, { existingService: true, versionedBy: VersionedBy.SERVICES });
      made.addExistingVersion('v1', {
        serviceName: `helm-${name}`,
        trafficPolicy: { connectionPool: { maxRequests: 9 } },
      });
      return made;
    });
    const mesh = new HeaderRoutedMesh(chart, 'ingress', {
      hosts: ['a.example.com'],
      service: apis,
      gateway: IngressGateway.fromGatewayName(chart, 'public', 'public', { namespace: 'infra' }),
      defaultVersion: apis.version('v1'),
      annotations: { [KEY]: 'hand-written' },
    });
    mesh.addService(reviews, { defaultVersion: reviews.version('v1') });
  });
  const noteOf = (kind: string, name: string) => only(manifests, kind, name).metadata.annotations;
  expect(noteOf('VirtualService', 'ingress')).toEqual({ [KEY]: 'hand-written,infra/public,helm-apis' });
  expect(noteOf('VirtualService', 'reviews')).toEqual({ [KEY]: 'hand-written,helm-reviews' });
  expect(noteOf('DestinationRule', 'helm-apis')).toEqual({ [KEY]: 'helm-apis' });
});

test('nothing is noted where all is made here', () => {
  const manifests = manifestsOf((chart) => {
    const apis = new VersionedService(chart, 'apis');
    const defaultVersion = apis.addVersion('v1', { image: 'apis:1' });
    new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], service: apis, defaultVersion });
  });
  expect(manifests.filter(({ metadata }) => metadata.annotations !== undefined)).toEqual([]);
});
