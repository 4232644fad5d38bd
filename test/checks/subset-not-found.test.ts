import { subsetNotFound } from '../../src/checks/destination/subset-not-found';
import { Severity } from '../../src/checks/finding';
import { describeCheck } from './cases';
import {
  deployment,
  destinationRule,
  gateway,
  manifest,
  namespace,
  routeTo,
  server,
  service,
  virtualService,
} from './manifests';

const EDGE = gateway('edge', [server('HTTP', 80)]);
const PODS = deployment(
  'infra/gw',
  { istio: 'ingressgateway' },
  { containers: [{ name: 'istio-proxy', image: 'auto' }] },
);
const to = (subset: string, gateways = ['edge'], host = 'apis') =>
  virtualService('apis', { hosts: ['a.example.com'], gateways, http: [routeTo(host, { subset })] });
const FULL = 'apis.shop.svc.cluster.local';
const entry = (name: string, spec: object = {}, metadata: { readonly creationTimestamp?: string } = {}) =>
  manifest(
    'networking.istio.io/v1',
    'ServiceEntry',
    name,
    { hosts: ['x.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], ...spec },
    metadata,
  );
const toX = to('v1', ['edge'], 'x.com');
const born = (year: number) => ({ creationTimestamp: `${year}-01-01T00:00:00Z` });
const weighted = (v1: number, v2: number) =>
  virtualService('apis', {
    hosts: ['apis'],
    http: [
      {
        route: [
          { destination: { host: 'apis', subset: 'v1' }, weight: v1 },
          { destination: { host: 'apis', subset: 'v2' }, weight: v2 },
        ],
      },
    ],
  });

describeCheck(subsetNotFound, {
  silent: {
    'by the rule of what an ExternalName stands for': [
      service('apis', { type: 'ExternalName', externalName: 'front.shop.svc.cluster.local' }),
      service('front'),
      destinationRule('front', 'front', ['v1']),
      to('v1'),
    ],
    'it is defined': [EDGE, service('apis'), destinationRule('apis', 'apis', ['v1']), to('v1')],
    'without the Service too': [destinationRule('apis', FULL, ['v1']), to('v1')],
    'by the second of two rules, which are merged': [
      service('apis'),
      destinationRule('a', 'apis', ['v1']),
      destinationRule('b', FULL, ['v2']),
      to('v2'),
    ],
    'by a rule for a wildcard': [service('apis'), destinationRule('all', '*.shop.svc.cluster.local', ['v1']), to('v1')],
    'by the root namespace': [service('apis'), destinationRule('istio-system/all', FULL, ['v1']), PODS, EDGE, to('v1')],
    'by the gateway’s own namespace': [
      service('apis'),
      destinationRule('infra/apis', FULL, ['v1']),
      PODS,
      EDGE,
      to('v1'),
    ],
    'exported to the gateway': [
      service('apis'),
      destinationRule('apis', 'apis', ['v1'], { exportTo: ['infra'] }),
      PODS,
      EDGE,
      to('v1'),
    ],
    'not exported, to a gateway whose pods are unknown': [
      service('apis'),
      destinationRule('apis', 'apis', ['v1'], { exportTo: ['.'] }),
      EDGE,
      to('v1'),
    ],
    'of the one definition that the gateway sees, whose rule has it': [
      entry('a/x', { exportTo: ['.'] }),
      entry('x'),
      destinationRule('x', 'x.com', ['v1']),
      PODS,
      EDGE,
      toX,
    ],
    'of the one definition that gateways of the likely namespaces see': [
      entry('a/x', { exportTo: ['.'] }),
      entry('x'),
      destinationRule('x', 'x.com', ['v1']),
      EDGE,
      toX,
    ],
    'of a host that the gateway does not see, which is said elsewhere': [
      entry('x', { exportTo: ['.'] }),
      destinationRule('far/x', 'x.com', ['v1']),
      PODS,
      EDGE,
      toX,
    ],
    'of the older of two definitions, whose rule has it': [
      entry('a/x', {}, born(2025)),
      entry('x', {}, born(2024)),
      destinationRule('x', 'x.com', ['v1']),
      PODS,
      EDGE,
      toX,
    ],
    'of the callers’ own definition of two': [
      entry('a/x'),
      entry('x'),
      destinationRule('x', 'x.com', ['v1'], { exportTo: ['*'] }),
      to('v1', ['mesh'], 'x.com'),
    ],
    'neither Service nor rule is given: one finding, of the host, is enough': [service('other'), to('v1')],
    'private, and no pod elsewhere has a sidecar': [
      service('apis'),
      deployment('client'),
      namespace('team'),
      deployment('team/client'),
      destinationRule('apis', 'apis', ['v1'], { exportTo: ['.'] }),
      to('v1', ['mesh']),
    ],
    'private, as the VirtualService is': [
      service('apis'),
      deployment('team/client'),
      destinationRule('apis', 'apis', ['v1'], { exportTo: ['.'] }),
      virtualService('apis', { exportTo: ['.'], hosts: ['apis'], http: [routeTo('apis', { subset: 'v1' })] }),
    ],
    'by a rule for the only pods there are': [
      service('apis'),
      deployment('client'),
      destinationRule('apis', 'apis', ['v1'], { workloadSelector: { matchLabels: { app: 'client' } } }),
      to('v1', ['mesh']),
    ],
    'no subset': [service('apis'), virtualService('apis', { hosts: ['apis'], http: [routeTo('apis')] })],
    'an empty subset is none': [service('apis'), to('')],
  },
  found: {
    'by a rule for the ExternalName, which Istio does not use': [
      [
        service('apis', { type: 'ExternalName', externalName: 'front.shop.svc.cluster.local' }),
        service('front'),
        destinationRule('apis', 'apis', ['v1']),
        destinationRule('front', 'front', ['v2']),
        to('v1'),
      ],
      {
        severity: Severity.ERROR,
        words: ['front.shop.svc.cluster.local (to which Service shop/apis points), which DestinationRule shop/front'],
      },
    ],
    'a rule where hardly any gateway looks': [
      [EDGE, service('apis'), destinationRule('other/apis', FULL, ['v1']), to('v1')],
      { severity: Severity.WARNING, words: ['gateways in namespace shop or istio-system do not see', 'unless'] },
    ],
    'a rule that callers of another namespace do not see': [
      [
        service('apis'),
        deployment('client'),
        deployment('team/client'),
        destinationRule('apis', 'apis', ['v1'], { exportTo: ['.'] }),
        to('v1', ['mesh']),
      ],
      {
        severity: Severity.WARNING,
        words: ['clients in namespace team do not see that rule', 'use none', "Add 'team' to spec.exportTo"],
      },
    ],
    'a rule beside the VirtualService, in a namespace without callers': [
      [
        namespace('shop', { 'istio-injection': 'enabled' }),
        service('apis'),
        deployment('client'),
        deployment('team/client'),
        destinationRule('config/apis', FULL, ['v1']),
        virtualService('config/apis', { hosts: [FULL], http: [routeTo(FULL, { subset: 'v1' })] }),
      ],
      {
        severity: Severity.ERROR,
        words: [
          'clients in namespace shop or team do not see that rule',
          'Move DestinationRule config/apis to namespace shop',
          '--root-namespace',
        ],
      },
    ],
    'a rule for some of the pods that call': [
      [
        service('apis'),
        deployment('client'),
        deployment('other'),
        destinationRule('apis', 'apis', ['v1'], { workloadSelector: { matchLabels: { app: 'client' } } }),
        to('v1', ['mesh']),
      ],
      { severity: Severity.WARNING, words: ['clients in namespace shop labelled app=other do not see'] },
    ],
    'the rule has others': [
      [service('apis'), destinationRule('apis', 'apis', ['stable', 'canary']), to('cannary')],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].route[0].destination.subset',
        istioCodes: ['IST0101'],
        kialiCodes: ['KIA1107'],
        words: ['stable and canary', '503', 'Did you mean canary?'],
      },
    ],
    'the rule has none': [
      [destinationRule('apis', 'apis', []), to('v1')],
      { severity: Severity.ERROR, words: ['it has none'] },
    ],
    'no rule is given, and the cluster may have one': [
      [service('apis'), to('v1')],
      { severity: Severity.WARNING, words: ['Unless the cluster'] },
    ],
    'no rule either for a host of another cluster': [
      [to('v1', ['edge'], 'apis.shop.svc.clusterset.local')],
      { severity: Severity.WARNING },
    ],
    'one finding for all rules to one subset': [
      [
        service('apis'),
        destinationRule('apis', 'apis', ['v1']),
        virtualService('apis', {
          hosts: ['apis'],
          http: [
            routeTo('apis', { subset: 'v2' }),
            routeTo('apis', { subset: 'v3' }),
            routeTo('apis', { subset: 'v2' }),
          ],
        }),
      ],
      { path: 'spec.http[0].route[0].destination.subset' },
      { path: 'spec.http[1].route[0].destination.subset' },
    ],
    'a rule in a namespace where the gateway does not look': [
      [service('apis'), destinationRule('far/apis', FULL, ['v1']), PODS, EDGE, to('v1')],
      { severity: Severity.ERROR, words: ['clients in namespace infra', 'use none', 'namespace shop'] },
    ],
    'a rule that is not exported to the gateway': [
      [service('apis'), destinationRule('apis', 'apis', ['v1'], { exportTo: ['.'] }), PODS, EDGE, to('v1')],
      { severity: Severity.ERROR, words: ['DestinationRule shop/apis'] },
    ],
    'the client’s own rule hides the service’s': [
      [
        service('other/apis'),
        destinationRule('other/apis', 'apis', ['v1']),
        destinationRule('mine', 'apis.other.svc.cluster.local', []),
        to('v1', ['mesh'], 'apis.other.svc.cluster.local'),
      ],
      { severity: Severity.WARNING, words: ['use DestinationRule shop/mine instead'] },
    ],
    'of the older of two definitions, whose rule is another': [
      [
        entry('a/x', {}, born(2024)),
        entry('x', {}, born(2025)),
        destinationRule('x', 'x.com', ['v1']),
        PODS,
        EDGE,
        toX,
      ],
      { severity: Severity.ERROR, words: ['exported to them in a, then', 'Their requests are answered with 503'] },
    ],
    'of one of two definitions of unknown age': [
      [entry('a/x'), entry('x'), destinationRule('x', 'x.com', ['v1']), PODS, EDGE, toX],
      {
        severity: Severity.WARNING,
        words: ['the manifests do not say which one is older', 'ServiceEntry a/x', 'Define x.com once'],
      },
    ],
    'of both of two definitions of unknown age': [
      [entry('a/x'), entry('x'), destinationRule('far/x', 'x.com', ['v1']), PODS, EDGE, toX],
      { severity: Severity.ERROR, words: ['Their requests are answered with 503'] },
    ],
    'with weight 0, a remark': [
      [service('apis'), destinationRule('apis', 'apis', ['v1']), weighted(100, 0)],
      {
        severity: Severity.INFO,
        path: 'spec.http[0].route[1].destination.subset',
        words: ['as soon as it gets a weight'],
      },
    ],
    'with weight 0, and elsewhere with some': [
      [
        service('apis'),
        destinationRule('apis', 'apis', ['v1']),
        virtualService('apis', {
          hosts: ['apis'],
          http: [
            { match: [{ uri: { exact: '/' } }], ...(weighted(100, 0).spec as { http: object[] }).http[0] },
            routeTo('apis', { subset: 'v2' }),
          ],
        }),
      ],
      { severity: Severity.ERROR, path: 'spec.http[1].route[0].destination.subset' },
    ],
    'of a mirror': [
      [
        destinationRule('apis', 'apis', ['v1']),
        virtualService('apis', {
          hosts: ['apis'],
          http: [{ ...routeTo('apis'), mirror: { host: 'apis', subset: 'v2' } }],
        }),
      ],
      { path: 'spec.http[0].mirror.subset' },
    ],
  },
});
