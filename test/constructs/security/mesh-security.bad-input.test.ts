/*
 * Security that would let in nobody, or whom nobody knows, and options that are wrong.
 */
import type { Chart } from 'cdk8s';
import { ServiceType } from 'cdk8s-plus-27';
import {
  Caller,
  type ExistingVersionOptions,
  type FlaskLikeApp,
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  type ICaller,
  MeshSecurity,
  TrafficSource,
  VersionedBy,
  VersionedService,
  type VersionedServiceProps,
  type VersionOptions,
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
      () => secured({ ...meshOnly, callers: [prometheus, caller({} as never)] }),
      "[chart/apis] chart/ingress: callers[1] of service 'apis': callerIdentity.namespace is missing",
    ],
    [
      'a caller of every account',
      () =>
        secured({
          ...meshOnly,
          security: MeshSecurity.strict({ callers: [caller({ namespace: 'shop', serviceAccounts: ['*'] })] }),
        }),
      "[chart/apis] chart/ingress: callers[0] of security: callerIdentity.serviceAccounts '*'",
    ],
    [
      'a caller of no account',
      () => secured({ ...meshOnly, callers: [caller({ namespace: 'shop', serviceAccounts: [] })] }),
      'nobody may call',
    ],
    [
      'a caller of labels that are none',
      () => secured({ ...meshOnly, callers: [caller({ namespace: 'shop', podLabels: { app: 'ä' } })] }),
      "callers[0] of service 'apis': label 'app'",
    ],
    [
      'a caller that throws',
      () => secured({ ...meshOnly, callers: [{ callerIdentity: () => fail('Not yet.') }] }),
      "[chart/apis] chart/ingress: callers[0] of service 'apis': Not yet.",
    ],
    [
      'a service of unknown account',
      () => withCaller(strict),
      '[chart/apis] chart/shop: calls other services',
      'set serviceAccountName',
    ],
  ]);

  test('each caller that is wrong is named', () => {
    const callers = [caller({} as never), prometheus, caller({ namespace: 'Shop' })];
    const message = refusalOf(() => secured({ ...meshOnly, callers }));
    expect(message).toContain("callers[0] of service 'apis': ");
    expect(message).toContain("callers[2] of service 'apis': ");
    expect(message).not.toContain("callers[1] of service 'apis': ");
  });
});

test('to the network a service of unknown account is a caller as any other', () => {
  expect(only(withCaller(MeshSecurity.networkPolicies()), 'NetworkPolicy', 'apis')).toHaveProperty(
    'spec.ingress.0.from.0',
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
      podSelector: { matchLabels: { app: 'shop' } },
    },
  );
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
      "name them beside the version's own in labels",
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

describe('pods whose requests pass no sidecar', () => {
  const inject = 'sidecar.istio.io/inject';
  const traffic = 'traffic.sidecar.istio.io';
  const marked = (security: MeshSecurity, options: Partial<VersionOptions>) =>
    manifestsOf((chart) => {
      const service = new VersionedService(chart, 'apis');
      const defaultVersion = service.addVersion('v1', { image: 'apis:1', ...options });
      new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], service, defaultVersion, security });
    });

  const unmarked: [what: string, Partial<VersionOptions>, quoted: string][] = [
    ['a label', { podLabels: { [inject]: 'false' } }, `label ${inject}: 'false'`],
    ['a label that says no', { podLabels: { [inject]: 'disabled' } }, `label ${inject}: 'disabled'`],
    ['an annotation', { podAnnotations: { [inject]: 'false' } }, `annotation ${inject}: 'false'`],
    [
      'the port left out',
      { podAnnotations: { [`${traffic}/excludeInboundPorts`]: '9090, 5000' } },
      `annotation ${traffic}/excludeInboundPorts: '9090, 5000'`,
    ],
    [
      'a port of its own left out',
      { port: 8080, podAnnotations: { [`${traffic}/excludeInboundPorts`]: '8080' } },
      "excludeInboundPorts: '8080'",
    ],
    [
      'no port taken',
      { podAnnotations: { [`${traffic}/includeInboundPorts`]: '' } },
      `annotation ${traffic}/includeInboundPorts: ''`,
    ],
    [
      'other ports taken',
      { podAnnotations: { [`${traffic}/includeInboundPorts`]: '9090' } },
      "includeInboundPorts: '9090'",
    ],
    [
      'nothing intercepted',
      { podAnnotations: { 'sidecar.istio.io/interceptionMode': 'NONE' } },
      "interceptionMode: 'NONE'",
    ],
  ];

  describe('are open in spite of policies, by', () => {
    testRefusals(
      unmarked.flatMap(([what, options, quoted]) => [
        [what, () => marked(strict, options), "version 'v1'", quoted, 'MeshSecurity.networkPolicies'],
        [`${what}, under mutual TLS`, () => marked(MeshSecurity.mutualTls(), options), quoted],
      ]),
    );
    testRefusals([
      [
        'what is added later',
        () =>
          manifestsOf((chart) => {
            const apis = versioned(chart);
            new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], ...apis, security: strict });
            apis.defaultVersion.app?.deployment.podMetadata.addAnnotation(inject, 'false');
          }),
        `annotation ${inject}: 'false'`,
      ],
      [
        'a label of somebody else',
        () =>
          manifestsOf((chart) => {
            const service = new VersionedService(chart, 'apis');
            const defaultVersion = service.addExistingVersion('v1', { labels: { version: 'v1', [inject]: 'false' } });
            new HeaderRoutedMesh(chart, 'ingress', {
              hosts: ['a.example.com'],
              service,
              defaultVersion,
              security: strict,
            });
          }),
        `label ${inject}: 'false'`,
      ],
    ]);
  });

  test.each(unmarked)('can be secured by the network: %s', (_, options) => {
    expect(kinds(marked(MeshSecurity.networkPolicies(), options))).toContain('NetworkPolicy');
  });

  test.each([
    ['a label that wins', { podLabels: { [inject]: 'true' }, podAnnotations: { [inject]: 'false' } }],
    ['another port left out', { podAnnotations: { [`${traffic}/excludeInboundPorts`]: '9090' } }],
    ['the port taken', { podAnnotations: { [`${traffic}/includeInboundPorts`]: '5000' } }],
    ['all ports taken', { podAnnotations: { [`${traffic}/includeInboundPorts`]: '*' } }],
    [
      'the port taken, though left out of all',
      {
        podAnnotations: {
          [`${traffic}/includeInboundPorts`]: '5000',
          [`${traffic}/excludeInboundPorts`]: '5000',
        },
      },
    ],
  ])('are not those with %s', (_, options) => {
    expect(kinds(marked(strict, options))).toContain('AuthorizationPolicy');
  });
});

describe('TLS of the app', () => {
  const existing = (security: MeshSecurity, props: VersionedServiceProps, options: ExistingVersionOptions = {}) =>
    manifestsOf((chart) => {
      const service = new VersionedService(chart, 'apis', props);
      const defaultVersion = service.addExistingVersion('v1', options);
      new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], service, defaultVersion, security });
    });

  testRefusals([
    [
      'to a sidecar',
      () => existing(strict, { trafficPolicy: { tls: {} } }),
      "version 'v1'",
      'trafficPolicy.tls',
      '503',
    ],
    ['of a version', () => existing(strict, {}, { trafficPolicy: { tls: {} } }), "version 'v1'", 'leave out tls'],
    ['under mutual TLS', () => existing(MeshSecurity.mutualTls(), {}, { trafficPolicy: { tls: {} } }), '503'],
  ]);

  test('goes with NetworkPolicies', () => {
    const manifests = existing(MeshSecurity.networkPolicies(), { trafficPolicy: { tls: {} } });
    expect(only(manifests, 'DestinationRule')).toHaveProperty('spec.trafficPolicy.tls.mode', 'SIMPLE');
  });
});

describe('a door beside the gateway', () => {
  const exposed = (security: MeshSecurity | undefined, expose: (app: FlaskLikeApp) => void) =>
    manifestsOf((chart) => {
      const service = new VersionedService(chart, 'apis');
      const defaultVersion = service.addVersion('v1', { image: 'apis:1' });
      new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], service, defaultVersion, security });
      expose(defaultVersion.app as FlaskLikeApp);
    });
  const { LOAD_BALANCER, NODE_PORT } = ServiceType;
  const all = [strict, MeshSecurity.mutualTls(), MeshSecurity.networkPolicies()];

  testRefusals([
    ...all.map(
      (security, index) =>
        [
          `by security ${index}`,
          () => exposed(security, (app) => app.expose({ serviceType: LOAD_BALANCER })),
          "Service 'apis-v1' is of type LoadBalancer",
          "service 'apis'",
          'past the gateway',
        ] as const,
    ),
    ['at the nodes', () => exposed(strict, (app) => app.expose({ serviceType: NODE_PORT })), 'of type NodePort'],
    [
      'by cdk8s-plus',
      () => exposed(strict, (app) => app.deployment.exposeViaService({ name: 'door', serviceType: LOAD_BALANCER })),
      "Service 'door' is of type LoadBalancer",
    ],
  ]);

  test('is open without security, and for those inside', () => {
    expect(kinds(exposed(undefined, (app) => app.expose({ serviceType: LOAD_BALANCER })))).toContain('Service');
    expect(kinds(exposed(strict, (app) => app.expose()))).toContain('Service');
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

/** The mesh of apis, which a service of somebody else's pods calls. */
function withCaller(security: MeshSecurity) {
  return manifestsOf((chart) => {
    const shop = new VersionedService(chart, 'shop');
    shop.addExistingVersion('v1');
    const traffic = TrafficSource.MESH;
    new HeaderRoutedMesh(chart, 'ingress', { ...versioned(chart), traffic, security, callers: [shop] });
  });
}

function fail(message: string): never {
  throw new Error(message);
}
