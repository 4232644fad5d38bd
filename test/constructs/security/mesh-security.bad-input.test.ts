/*
 * Security that would let in nobody, or whom nobody knows, and options that are wrong.
 */
import type { Chart } from 'cdk8s';
import { ServiceType } from 'cdk8s-plus-27';
import {
  Caller,
  type ExistingVersionOptions,
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  type ICaller,
  MeshSecurity,
  TrafficSource,
  VersionedBy,
  VersionedService,
  type VersionedServiceProps,
} from 'cdk8s-versioned-mesh';
import { refusalOf, testRefusals } from '../../support/refusal';
import { kinds, manifestsOf, newChart, only, synth } from '../../support/synth';
import { versioned } from '../../support/versioned';

const strict = MeshSecurity.strict();
const prometheus = Caller.serviceAccount('monitoring', 'prometheus');

testRefusals([
  [
    'callers without security',
    () => secured({ callers: [prometheus] }),
    "callers of service 'apis'",
    'MeshSecurity.strict()',
  ],
  [
    'callers of a service without security',
    () => withReviews(undefined, [prometheus]),
    "callers of service 'reviews'",
    'leave callers out',
  ],
  [
    'callers with mutual TLS only',
    () => secured({ callers: [prometheus], security: MeshSecurity.mutualTls() }),
    'MeshSecurity.mutualTls',
    'MeshSecurity.strict',
  ],
  [
    'a gateway whose account is not known',
    () => secured({ security: strict, gatewayOptions: { selector: { istio: 'ingress' } } }),
    'ServiceAccount',
    "'istio-ingress/istio-ingress'",
  ],
  [
    'an account without namespace',
    () => secured({ security: strict, gatewayOptions: { serviceAccount: 'istio-ingress' } }),
    "serviceAccount 'istio-ingress' is not a ServiceAccount with its namespace",
  ],
  [
    'an account with wildcard',
    () => secured({ security: strict, gatewayOptions: { serviceAccount: 'istio-ingress/*' } }),
    "'istio-ingress/*'",
  ],
  ['a service without namespace', () => secured({ security: strict }, {}, {}), "service 'apis' has no namespace"],
  ...[ServiceType.NODE_PORT, ServiceType.LOAD_BALANCER].map(
    (serviceType) =>
      [
        `a ${serviceType}`,
        () => secured({ security: strict }, { serviceType }),
        `of type ${serviceType}`,
        'past the gateway',
        'leave serviceType out',
      ] as const,
  ),
  [
    'security that is none',
    () => secured({ security: { strict: true } as never }),
    'security',
    'MeshSecurity.strict()',
  ],
  ['callers that are no list', () => secured({ security: strict, callers: prometheus as never }), 'callers', 'list'],
  [
    'a caller that is a name',
    () => secured({ security: strict, callers: ['shop' as never] }),
    "callers[0] 'shop'",
    'Caller.',
  ],
  [
    'an option of the wrong type',
    () => MeshSecurity.strict({ networkPolicies: 'no' as never }),
    'networkPolicies',
    "'no'",
  ],
  ['options that are none', () => MeshSecurity.strict(5 as never), 'is not an object of options'],
  ['a trust domain with wildcard', () => MeshSecurity.strict({ trustDomain: '*' }), "trustDomain '*'", 'cluster.local'],
  ['a trust domain as a URL', () => MeshSecurity.strict({ trustDomain: 'spiffe://td' }), "'spiffe://td'"],
  ['one caller as callers', () => MeshSecurity.networkPolicies({ callers: prometheus as never }), 'callers', 'list'],
  ['an account with slash', () => Caller.serviceAccount('monitoring', 'a/b'), "name 'a/b'"],
  ['an account that is every one', () => Caller.serviceAccount('monitoring', '*'), "name '*'"],
  ['a namespace that is no text', () => Caller.serviceAccount(5 as never, 'a'), 'namespace 5'],
  ['a namespace with capitals', () => Caller.namespace('Batch'), "name 'Batch'", "'batch'"],
]);

describe('what only synthesis shows', () => {
  const meshOnly = { hosts: [], traffic: TrafficSource.MESH, security: strict };

  testRefusals([
    ['nobody may call the service', () => secured(meshOnly), "nobody may call service 'apis'", 'callers: [shop]'],
    ['nor another', () => withReviews(strict, undefined), "nobody may call service 'reviews'"],
    [
      'a caller without namespace',
      () => secured({ ...meshOnly, callers: [caller({} as never)] }),
      'callerIdentity.namespace is missing',
    ],
    [
      'a caller of every account',
      () => secured({ ...meshOnly, callers: [caller({ namespace: 'shop', serviceAccounts: ['*'] })] }),
      "callerIdentity.serviceAccounts '*'",
    ],
    [
      'a caller of no account',
      () => secured({ ...meshOnly, callers: [caller({ namespace: 'shop', serviceAccounts: [] })] }),
      'nobody may call',
    ],
    [
      'a caller of labels that are none',
      () => secured({ ...meshOnly, callers: [caller({ namespace: 'shop', podLabels: { app: 'ä' } })] }),
      "label 'app'",
    ],
  ]);
});

test('an option with a typo', () => {
  const message = refusalOf(() => MeshSecurity.strict({ networkPolicy: true } as never));
  expect(message).toContain("did you mean 'networkPolicies'?");
});

test('a service whose two meshes secure it otherwise', () => {
  const message = refusalOf(() =>
    manifestsOf((chart) => {
      const apis = versioned(chart);
      new HeaderRoutedMesh(chart, 'outside', { hosts: ['a.example.com'], ...apis, security: strict });
      const security = MeshSecurity.mutualTls();
      new HeaderRoutedMesh(chart, 'inside', { hosts: ['b.example.com'], ...apis, security });
    }),
  );
  expect(message).toContain('chart/inside: ');
  expect(message).toContain("service 'apis'");
});

test('what is refused leaves no policy behind', () => {
  const chart = newChart();
  const apis = versioned(chart);
  const make = (id: string, props: Partial<HeaderRoutedMeshProps>) =>
    new HeaderRoutedMesh(chart, id, { hosts: ['a.example.com'], ...apis, security: strict, ...props });
  expect(() => make('one', { gatewayOptions: { selector: { istio: 'ingress' } } })).toThrow();
  expect(() => make('two', { callers: ['shop' as never] })).toThrow();
  chart.node.tryRemoveChild('one');
  chart.node.tryRemoveChild('two');
  expect(kinds(synth(chart))).not.toContain('NetworkPolicy');
  make('three', {});
  expect(kinds(synth(chart))).toContain('NetworkPolicy');
});

describe('pods of somebody else', () => {
  const services = { existingService: true, versionedBy: VersionedBy.SERVICES };
  const existing = (props: VersionedServiceProps, options: ExistingVersionOptions) =>
    manifestsOf((chart) => {
      const service = new VersionedService(chart, 'apis', props);
      const defaultVersion = service.addExistingVersion('v1', options);
      new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], service, defaultVersion, security: strict });
    });

  testRefusals([
    [
      'of which nothing is known',
      () => existing(services, { serviceName: 'apis' }),
      "the pods of service 'apis'",
      'set selector',
    ],
    [
      'which the policies may miss',
      () => existing({ ...services, selector: { part: 'apis' } }, { serviceName: 'apis' }),
      'labelled part=apis',
      "version 'v1'",
      'name them in labels',
    ],
  ]);

  test('are secured by the labels that they are said to carry, whatever their account', () => {
    const manifests = existing(
      { ...services, selector: { part: 'apis' } },
      { serviceName: 'apis', labels: { part: 'apis', release: 'one' } },
    );
    for (const kind of ['AuthorizationPolicy', 'PeerAuthentication']) {
      expect(only(manifests, kind)).toHaveProperty('spec.selector.matchLabels', { part: 'apis' });
    }
    expect(only(manifests, 'NetworkPolicy')).toHaveProperty('spec.podSelector.matchLabels', { part: 'apis' });
  });
});

describe('pods without a sidecar', () => {
  const bare = (security: MeshSecurity) =>
    manifestsOf((chart) => {
      const service = new VersionedService(chart, 'apis');
      const podLabels = { 'sidecar.istio.io/inject': 'false' };
      const defaultVersion = service.addVersion('v1', { image: 'apis:1', podLabels });
      new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], service, defaultVersion, security });
    });

  testRefusals([
    ['have nothing that takes mutual TLS only', () => bare(strict), "version 'v1'", "sidecar.istio.io/inject: 'false'"],
  ]);

  test('can be secured by the network', () => {
    expect(kinds(bare(MeshSecurity.networkPolicies()))).toContain('NetworkPolicy');
  });
});

function caller(identity: ReturnType<ICaller['callerIdentity']>): ICaller {
  return { callerIdentity: () => identity };
}

function secured(props: Partial<HeaderRoutedMeshProps>, service: VersionedServiceProps = {}, chartProps?: object) {
  return manifestsOf((chart) => {
    new HeaderRoutedMesh(chart, 'ingress', {
      hosts: ['a.example.com'],
      ...versioned(chart, 'apis', service),
      ...props,
    });
  }, chartProps && { namespace: undefined });
}

function withReviews(security: MeshSecurity | undefined, callers: ICaller[] | undefined) {
  return manifestsOf((chart: Chart) => {
    const mesh = new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], ...versioned(chart), security });
    const reviews = versioned(chart, 'reviews');
    mesh.addService(reviews.service, { defaultVersion: reviews.defaultVersion, callers });
  });
}
