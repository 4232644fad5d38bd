import { complaintsAbout, expectValid } from './valid';

const LABELS = { app: 'apis', version: 'v1' };

const container = {
  name: 'main',
  image: 'ghcr.io/acme/apis:1.4.0',
  imagePullPolicy: 'IfNotPresent',
  ports: [{ name: 'http', containerPort: 8000, protocol: 'TCP' }],
  env: [{ name: 'PORT', value: '8000' }],
  readinessProbe: { httpGet: { path: '/healthz', port: 'http' } },
  lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
  resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: 1, memory: '0.5Gi' } },
  volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
};

const pod = { containers: [container], volumes: [{ name: 'tmp', emptyDir: {} }], terminationGracePeriodSeconds: 30 };

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'apis-v1', namespace: 'apis', labels: { 'app.kubernetes.io/name': 'apis' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: LABELS },
    strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
    template: { metadata: { labels: LABELS }, spec: pod },
  },
};

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'apis', namespace: 'apis' },
  spec: { selector: { app: 'apis' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
};

const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'apis-v1' },
  spec: { maxUnavailable: 1, selector: { matchLabels: LABELS } },
};

const autoscaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'apis-v1' },
  spec: {
    minReplicas: 2,
    maxReplicas: 5,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'apis-v1' },
  },
};

const gateway = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { name: 'ingress', namespace: 'apis' },
  spec: {
    selector: { istio: 'ingressgateway' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['apis.example.com'] }],
  },
};

const chrome = { headers: { 'user-agent': { regex: '.*Chrome.*' } } };
const toV2 = { destination: { host: 'apis', subset: 'v2' }, weight: 100 };

const virtualService = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'ingress', namespace: 'apis' },
  spec: { hosts: ['apis.example.com'], http: [{ match: [chrome], route: [toV2], timeout: '1m30s' }] },
};

const destinationRule = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'apis', namespace: 'apis' },
  spec: { host: 'apis', subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
};

const peerAuthentication = {
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
  metadata: { name: 'apis' },
  spec: { mtls: { mode: 'STRICT' } },
};

const good = [
  ...[deployment, service, budget, autoscaler],
  ...[gateway, virtualService, destinationRule, peerAuthentication],
];

test('takes what a cluster takes', () => {
  expect(() => expectValid(good)).not.toThrow();
});

test('takes Istio objects of the older API version too', () => {
  expect(complaintsAbout({ ...virtualService, apiVersion: 'networking.istio.io/v1beta1' })).toEqual([]);
});

test('names the object, the place, what is wrong, and who says so', () => {
  const misspelt = withContainer({ imagePullPolicy: 'IfNotPresnt' });
  expect(complaintsAbout(misspelt)).toEqual([
    'Deployment apis/apis-v1: spec.template.spec.containers[0].imagePullPolicy is "IfNotPresnt", ' +
      'and must be one of Always, IfNotPresent, Never (Kubernetes 1.27.16, Kubernetes 1.36.3)',
  ]);
});

test('throws all complaints about all manifests at once', () => {
  const bad = [{ ...service, metadata: { name: '1apis' } }, service, { ...budget, metadata: {} }];
  expect(() => expectValid(bad)).toThrow(/Service 1apis: metadata\.name .*\n.*PodDisruptionBudget .* is missing/);
});

test.each<[string, unknown, string | RegExp]>([
  ['something else than a manifest', 'apiVersion: v1', 'is not a manifest'],
  ['a kind without schema', { ...service, kind: 'Sevrice' }, 'no schema of v1 Sevrice'],
  ['a version without schema', { ...deployment, apiVersion: 'apps/v1beta1' }, 'no schema of apps/v1beta1 Deployment'],
  ['no metadata', { ...service, metadata: undefined }, 'metadata.name is missing'],
])('refuses %s', refuses);

describe('by the schemas of Kubernetes', () => {
  test.each<[string, unknown, string | RegExp]>([
    ['an unknown field', withContainer({ imagePulPolicy: 'Always' }), 'containers[0].imagePulPolicy is not a field'],
    ['a wrong type', withSpec(deployment, { replicas: '2' }), 'spec.replicas is "2", and must be of type integer'],
    ['null', withContainer({ resources: { requests: { cpu: null } } }), 'resources.requests.cpu is null'],
    ['a missing field', withSpec(deployment, { selector: undefined }), 'spec.selector is missing'],
    ['a missing spec', { ...deployment, spec: undefined }, 'spec is missing'],
    ['a status', { ...deployment, status: {} }, 'status is not a field'],
    ['a wrong quantity', withContainer({ resources: { limits: { memory: '64MB' } } }), 'limits.memory is "64MB"'],
    ['a number for a variable', withContainer({ env: [{ name: 'PORT', value: 8000 }] }), 'env[0].value is 8000'],
    ['a variable twice', withContainer({ env: [{ name: 'A' }, { name: 'A' }] }), 'more than one item with name A'],
    [
      'a port twice',
      withSpec(service, { ports: [{ port: 80 }, { port: 80, protocol: 'TCP' }] }),
      'port 80, protocol TCP',
    ],
    [
      'a field that only the newest version has',
      withContainer({ lifecycle: { preStop: { sleep: { seconds: 5 } } } }),
      /preStop\.sleep is not a field that exists \(Kubernetes 1\.27\.\d+\)$/,
    ],
    [
      'secret data that is not base64',
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token' }, data: { token: 'plain text' } },
      'data.token is "plain text"',
    ],
  ])('refuses %s', refuses);
});

describe('by the schemas of Istio', () => {
  const http = virtualService.spec.http[0];
  const withRule = (rule: object) => withSpec(virtualService, { http: [{ ...http, ...rule }] });

  test.each<[string, unknown, string | RegExp]>([
    [
      'a selector typo in a Gateway',
      withSpec(gateway, { selector: undefined, selctor: {} }),
      'spec.selctor is not a field',
    ],
    [
      'a weight that is a string',
      withRule({ route: [{ ...toV2, weight: '100' }] }),
      'spec.http[0].route[0].weight is "100"',
    ],
    ['a match that is no list', withRule({ match: chrome }), 'spec.http[0].match is {"headers"'],
    ['a missing host', withSpec(destinationRule, { host: undefined }), 'spec.host is missing'],
    ['a missing spec', { ...virtualService, spec: undefined }, 'spec is missing'],
    ['a duration without unit', withRule({ timeout: '90' }), 'spec.http[0].timeout is "90"'],
    ['a duration of nothing', withRule({ timeout: '0s' }), 'spec.http[0].timeout is "0s"'],
    [
      'an unknown mTLS mode',
      withSpec(peerAuthentication, { mtls: { mode: 'Strict' } }),
      'must be one of UNSET, DISABLE',
    ],
    [
      'two kinds of match at once, in one sentence',
      withRule({ match: [{ uri: { exact: '/a', prefix: '/b' } }] }),
      /^VirtualService apis\/ingress: spec\.http\[0\]\.match\[0\]\.uri may have only one of exact, prefix, regex \(Istio\)$/,
    ],
    [
      'the same in the older API version',
      { ...withSpec(gateway, { selctor: {} }), apiVersion: 'networking.istio.io/v1beta1' },
      'spec.selctor is not a field',
    ],
  ])('refuses %s', refuses);
});

describe('by the rules of the server about names', () => {
  const port = service.spec.ports[0];

  test.each<[string, unknown, string | RegExp]>([
    ['capitals in a name', withMetadata(deployment, { name: 'Apis' }), 'metadata.name is "Apis"'],
    ['a name of 254 characters', withMetadata(deployment, { name: 'a'.repeat(254) }), 'not a DNS-1123 subdomain'],
    ['a Service that begins with a digit', withMetadata(service, { name: '1apis' }), 'not a DNS-1035 label'],
    ['a Service with a dot', withMetadata(service, { name: 'apis.v1' }), 'not a DNS-1035 label'],
    ['a namespace with a dot', withMetadata(service, { namespace: 'a.b' }), 'metadata.namespace is "a.b"'],
    [
      'a Namespace with a dot',
      { ...service, kind: 'Namespace', metadata: { name: 'a.b' }, spec: {} },
      'a DNS-1123 label',
    ],
    ['a bad label value', withMetadata(service, { labels: { app: 'a b' } }), 'metadata.labels.app is "a b"'],
    ['a bad label key', withMetadata(service, { labels: { 'a/b/c': 'd' } }), 'metadata.labels is "a/b/c"'],
    ['a bad annotation key', withMetadata(service, { annotations: { '-a': '' } }), 'metadata.annotations is "-a"'],
    ['a bad label in a selector', withSpec(service, { selector: { app: '-' } }), 'spec.selector.app is "-"'],
    [
      'a bad label of a subset',
      withSpec(destinationRule, { subsets: [{ name: 'v1', labels: { a: '*' } }] }),
      'labels.a',
    ],
    ['capitals in a container name', withContainer({ name: 'Main' }), 'containers[0].name is "Main"'],
    [
      'a port name of 16 characters',
      withContainer({ ports: [...container.ports, { name: 'http-0123456789a', containerPort: 1 }] }),
      'IANA_SVC',
    ],
    [
      'a target port without letter',
      withSpec(service, { ports: [{ ...port, targetPort: '80' }] }),
      'targetPort is "80"',
    ],
    ['port 0', withSpec(service, { ports: [{ ...port, port: 0 }] }), 'spec.ports[0].port is 0'],
    ['a port too high', withContainer({ ports: [{ name: 'http', containerPort: 65536 }] }), 'containerPort is 65536'],
    ['two ports of which one has no name', withSpec(service, { ports: [port, { port: 81 }] }), 'a name of its own'],
    ['a Service without ports', withSpec(service, { ports: [] }), 'spec.ports is missing'],
  ])('refuses %s', refuses);
});

describe('by the rules of the server about what must agree', () => {
  const resources = { requests: { cpu: '1100m' }, limits: { cpu: '1' } };
  const inSh = { exec: { command: ['/bin/sh', '-c', 'sleep 30'] } };

  test.each<[string, unknown, string | RegExp]>([
    [
      'a selector that is not in the template',
      withSpec(deployment, { selector: { matchLabels: { app: 'b' } } }),
      'does not match',
    ],
    ['an empty selector', withSpec(deployment, { selector: {} }), 'spec.selector is empty'],
    [
      'a selector by expression that does not hold',
      withSpec(deployment, { selector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['apis'] }] } }),
      'does not match',
    ],
    ['two containers of one name', withPod({ initContainers: [container] }), 'several containers with the name "main"'],
    [
      'two ports of one name',
      withContainer({ ports: [1, 2].map((n) => ({ name: 'http', containerPort: n })) }),
      'several ports',
    ],
    ['a mount without its volume', withPod({ volumes: [] }), 'volumeMounts[0] mounts "tmp"'],
    ['a probe of an unknown port', withContainer({ ports: [] }), 'readinessProbe.httpGet.port is "http"'],
    [
      'a request above the limit',
      withContainer({ resources }),
      'resources.requests.cpu is 1100m, more than the limit of 1',
    ],
    ['a preStop hook that sleeps too long', withContainer({ lifecycle: { preStop: inSh } }), 'sleeps 30 s'],
    ['a grace period that is too short', withPod({ terminationGracePeriodSeconds: 5 }), 'killed after 5 s'],
    [
      'a capability that no runtime knows',
      withContainer({ securityContext: { capabilities: { drop: ['CAP_ALL'] } } }),
      'CAP_ALL',
    ],
    ['a budget that says two things', withSpec(budget, { minAvailable: 1 }), 'both minAvailable and maxUnavailable'],
    ['bounds the wrong way round', withSpec(autoscaler, { minReplicas: 6 }), 'more than the maxReplicas of 5'],
    [
      'a rolling update that cannot move',
      withSpec(deployment, { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } } }),
      'rollingUpdate lets no pod',
    ],
  ])('refuses %s', refuses);
});

/** One mistake makes one complaint. */
function refuses(_what: string, manifest: unknown, complaint: string | RegExp): void {
  // As from a file, where a field that is undefined is not there.
  expect(complaintsAbout(JSON.parse(JSON.stringify(manifest)))).toEqual([
    typeof complaint === 'string' ? expect.stringContaining(complaint) : expect.stringMatching(complaint),
  ]);
}

function withMetadata<T extends { metadata: object }>(manifest: T, metadata: object): T {
  return { ...manifest, metadata: { ...manifest.metadata, ...metadata } };
}

function withSpec<T extends { spec: object }>(manifest: T, spec: object): T {
  return { ...manifest, spec: { ...manifest.spec, ...spec } };
}

function withPod(fields: object): object {
  return withSpec(deployment, { template: { ...deployment.spec.template, spec: { ...pod, ...fields } } });
}

function withContainer(fields: object): object {
  return withPod({ containers: [{ ...container, ...fields }] });
}
