/*
 * version-without-route, destination-scaled-to-zero and header-not-passed-on.
 */
import { HeaderRoutedMesh, Mesh, VersionedBy, VersionedService } from 'cdk8s-versioned-mesh';
import { destinationScaledToZero } from '../../src/checks/destination/destination-scaled-to-zero';
import { versionWithoutRoute } from '../../src/checks/destination/version-without-route';
import { Severity } from '../../src/checks/finding';
import { headerNotPassedOn } from '../../src/checks/rules/header-not-passed-on';
import { newChart } from '../support/synth';
import { describeCheck } from './cases';
import {
  deployment,
  destinationRule,
  type Manifest,
  manifest,
  namespace,
  routeTo,
  service,
  virtualService,
} from './manifests';

const version = (name: string) => deployment(`apis-${name}`, { app: 'apis', version: name });
const scaled = (name: string, replicas: number): Manifest => {
  const { spec, ...rest } = version(name);
  return { ...rest, spec: { ...(spec as object), replicas } };
};
const to = (subset: string, weight?: number) => ({
  destination: { host: 'apis', subset },
  ...(weight !== undefined && { weight }),
});
const routes = (...http: object[]) => virtualService('apis', { hosts: ['apis'], http });
const RULE = destinationRule('apis', 'apis', ['v1', 'v2']);
const BOTH = [service('apis'), version('v1'), version('v2'), RULE];
const annotated = (object: Manifest, annotations: object): Manifest => ({
  ...object,
  metadata: { ...(object.metadata as object), annotations },
});

const subsetOf = (label: string, name = label) => ({ name, labels: { version: label } });
const ownService = (name: string) => service(`apis-${name}`, { selector: { app: 'apis', version: name } });
const OWN_V2 = ownService('v2');
const BY_SERVICES = [service('apis'), ownService('v1'), OWN_V2, version('v1'), version('v2')];

describeCheck(versionWithoutRoute, {
  silent: {
    'both have a route': [...BOTH, routes({ route: [to('v1', 90), to('v2', 10)] })],
    'its requests are still to come': [...BOTH, routes({ route: [to('v1', 100), to('v2', 0)] })],
    'it gets copies': [...BOTH, routes({ route: [to('v1')], mirror: { host: 'apis', subset: 'v2' } })],
    'it is on its way out': [
      service('apis'),
      version('v1'),
      version('v2'),
      annotated(RULE, { 'cdk8s-versioned-mesh/retired-versions': 'v0, v2' }),
      routes({ route: [to('v1')] }),
    ],
    'it is on its way out, by the name of a subset that its label does not have': [
      service('apis'),
      version('v1'),
      version('1.4'),
      annotated(destinationRule('apis', 'apis', [], { subsets: [subsetOf('v1'), subsetOf('1.4', '1-4')] }), {
        'cdk8s-versioned-mesh/retired-versions': '1-4',
      }),
      routes({ route: [to('v1')] }),
    ],
    'it has no pods': [service('apis'), version('v1'), RULE, routes({ route: [to('v1')] })],
    'no route is for the host at all': BOTH,
    'by Services, all have a route': [...BY_SERVICES, routes({ ...routeTo('apis-v1') }, { ...routeTo('apis-v2') })],
    'by Services, one is on its way out': [
      service('apis'),
      ownService('v1'),
      annotated(ownService('v2'), { 'cdk8s-versioned-mesh/retired-versions': 'v2' }),
      version('v1'),
      version('v2'),
      routes(routeTo('apis-v1')),
    ],
    'by Services, a route leads to that of all versions': [
      ...BY_SERVICES,
      routes({ match: [{ port: 80 }], ...routeTo('apis') }, routeTo('apis-v1')),
    ],
    'a Service of the same pods, for something else': [
      ...BY_SERVICES.filter((object) => object !== OWN_V2),
      service('apis-metrics', { selector: { app: 'apis' } }),
      service('v1-metrics', { selector: { app: 'apis', version: 'v1' } }),
      routes(routeTo('apis-v1')),
    ],
    'a route leads to the pods of all versions': [...BOTH, routes({ match: [{ port: 80 }], ...routeTo('apis') })],
  },
  found: {
    'no rule names it': [
      [...BOTH, routes({ route: [to('v1')] })],
      {
        severity: Severity.INFO,
        kind: 'DestinationRule',
        path: 'spec.subsets[1]',
        words: ['subset v2 of apis.shop.svc.cluster.local', 'apis-v2', 'retired-versions: v2'],
      },
    ],
    'its label is on the list, and its subset is not': [
      [
        service('apis'),
        version('v1'),
        version('1.4'),
        annotated(destinationRule('apis', 'apis', [], { subsets: [subsetOf('v1'), subsetOf('1.4', '1-4')] }), {
          'cdk8s-versioned-mesh/retired-versions': '1.4',
        }),
        routes({ route: [to('v1')] }),
      ],
      { words: ['subset 1-4', 'retired-versions: 1-4'] },
    ],
    'by Services, no rule names the one of a version': [
      [...BY_SERVICES, routes(routeTo('apis-v1'))],
      {
        severity: Severity.INFO,
        kind: 'Service',
        name: 'apis-v2',
        path: '',
        words: ['Service shop/apis-v2', 'apis-v1', 'Deployment shop/apis-v2', 'cdk8s-versioned-mesh/retired-versions'],
      },
    ],
  },
});

describe.each([VersionedBy.SUBSETS, VersionedBy.SERVICES])('versions of constructs, by %s', (versionedBy) => {
  test.each(['2.0', 'v2'])('%s is found where no route leads to it, unless it is retired', (name) => {
    const found = [false, true].map((retired) => {
      const chart = newChart();
      const apis = new VersionedService(chart, 'apis', { versionedBy });
      const v1 = apis.addVersion('v1', { image: 'apis:1' });
      apis.addVersion(name, { image: 'apis:2', subset: name === 'v2' ? 'second' : undefined, retired });
      new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], service: apis, defaultVersion: v1 });
      const findings = Mesh.fromChart(chart).check();
      return findings.filter(({ check }) => check === versionWithoutRoute.id).length;
    });
    expect(found).toEqual([1, 0]);
  });
});

describeCheck(destinationScaledToZero, {
  silent: {
    'there are pods': [...BOTH, routes({ route: [to('v1')] })],
    'no number is written': [...BOTH, routes({ route: [to('v2')] })],
    'the weight is 0': [
      service('apis'),
      version('v1'),
      scaled('v2', 0),
      RULE,
      routes({ route: [to('v1', 100), to('v2', 0)] }),
    ],
    'KEDA starts it on demand': [
      service('apis'),
      scaled('v2', 0),
      RULE,
      routes({ route: [to('v2')] }),
      manifest('keda.sh/v1alpha1', 'ScaledObject', 'apis', { scaleTargetRef: { name: 'apis-v2' } }),
    ],
    'clients of another namespace mean other pods by the subset': [
      service('apis'),
      version('v1'),
      scaled('v2', 0),
      RULE,
      destinationRule('other/apis', '*.shop.svc.cluster.local', [], {
        subsets: [{ name: 'v2', labels: { app: 'apis' } }],
      }),
      routes({ route: [to('v1', 50), to('v2', 50)] }),
    ],
    'another workload has pods': [
      service('apis'),
      scaled('v2', 0),
      deployment('other', { app: 'apis', version: 'v2' }),
      RULE,
      routes({ route: [to('v2')] }),
    ],
  },
  found: {
    'the only workload has none': [
      [service('apis'), version('v1'), scaled('v2', 0), RULE, routes({ route: [to('v1', 50), to('v2', 50)] })],
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].route[1].destination',
        words: ['subset v2', 'Deployment shop/apis-v2', 'replicas: 0', '503'],
      },
    ],
    'it gets copies only': [
      [
        service('apis'),
        version('v1'),
        scaled('v2', 0),
        RULE,
        routes({ route: [to('v1')], mirror: { host: 'apis', subset: 'v2' } }),
      ],
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].mirror',
        words: ['mirrors requests to subset v2', 'No copy arrives'],
      },
    ],
    'once, however many rules lead there': [
      [
        service('apis'),
        scaled('v2', 0),
        RULE,
        routes({ match: [{ uri: { exact: '/' } }], route: [to('v2')] }, { route: [to('v2')] }),
      ],
      {},
    ],
  },
});

const byHeader = { match: [{ headers: { 'X-Lane': { exact: 'beta' } } }], route: [to('v2')] };

describeCheck(headerNotPassedOn, {
  silent: {
    'the rule is for a gateway': [virtualService('apis', { hosts: ['a.com'], gateways: ['edge'], http: [byHeader] })],
    'the match is for a gateway': [
      virtualService('apis', {
        hosts: ['apis.shop.svc.cluster.local'],
        gateways: ['edge', 'mesh'],
        http: [{ ...byHeader, match: [{ ...byHeader.match[0], gateways: ['edge'] }] }],
      }),
    ],
    'nobody follows the rules': [namespace('shop', { 'istio-injection': 'disabled' }), version('v1'), routes(byHeader)],
    'every request has it': [routes({ match: [{ headers: { ':method': { exact: 'GET' } } }], route: [to('v2')] })],
    'an app says that it passes it on': [
      routes(byHeader),
      annotatedPods(version('v1'), { 'cdk8s-versioned-mesh/propagated-headers': 'baggage, x-lane' }),
    ],
  },
  found: {
    'a rule for callers inside the mesh': [
      [routes(byHeader, { match: [{ withoutHeaders: { cookie: {} } }], route: [to('v1')] })],
      {
        severity: Severity.INFO,
        path: 'spec.http',
        words: ['x-lane and cookie', 'propagated-headers: x-lane,cookie'],
      },
    ],
  },
});

function annotatedPods(workload: Manifest, annotations: object): Manifest {
  const { template, ...rest } = workload.spec as { readonly template: Manifest };
  return { ...workload, spec: { ...rest, template: annotated(template, annotations) } };
}
