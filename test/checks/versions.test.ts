/*
 * version-without-route, destination-scaled-to-zero and header-not-passed-on.
 */
import { destinationScaledToZero } from '../../src/checks/destination-scaled-to-zero';
import { Severity } from '../../src/checks/finding';
import { headerNotPassedOn } from '../../src/checks/header-not-passed-on';
import { versionWithoutRoute } from '../../src/checks/version-without-route';
import { describeCheck } from './cases';
import { deployment, destinationRule, type Manifest, manifest, routeTo, service, virtualService } from './manifests';

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
    'it has no pods': [service('apis'), version('v1'), RULE, routes({ route: [to('v1')] })],
    'no route is for the host at all': BOTH,
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
  },
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
    'every request has it': [routes({ match: [{ headers: { ':method': { exact: 'GET' } } }], route: [to('v2')] })],
    'an app says that it passes it on': [
      routes(byHeader),
      annotatedPods(version('v1'), { 'cdk8s-versioned-mesh/propagated-headers': 'baggage, x-lane' }),
    ],
  },
  found: {
    'a rule for callers inside the mesh': [
      [routes(byHeader, { match: [{ withoutHeaders: { cookie: {} } }], route: [to('v1')] })],
      { severity: Severity.INFO, path: 'spec.http', words: ['x-lane and cookie', 'propagated-headers: x-lane,cookie'] },
    ],
  },
});

function annotatedPods(workload: Manifest, annotations: object): Manifest {
  const { template, ...rest } = workload.spec as { readonly template: Manifest };
  return { ...workload, spec: { ...rest, template: annotated(template, annotations) } };
}
