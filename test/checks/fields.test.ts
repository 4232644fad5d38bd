/*
 * unknown-field and mistyped-field.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { Mesh } from 'cdk8s-versioned-mesh';
import * as fc from 'fast-check';
import { ISTIO_SPECS } from '../../imports/istio.schema';
import { schemaModule } from '../../scripts/istio-schema';
import { Severity } from '../../src/checks/finding';
import { mistypedField } from '../../src/checks/validation/mistyped-field';
import { nullValue } from '../../src/checks/validation/null-value';
import { unknownField } from '../../src/checks/validation/unknown-field';
import type { Schema } from '../../src/istio/complaint';
import { complaints } from '../../src/istio/schema';
import { Node } from '../../src/manifests/node';
import { describeCheck } from './cases';
import { deployment, destinationRule, gateway, manifest, routeTo, server, service, virtualService } from './manifests';

const IMPORTS = join(__dirname, '../../imports');
const route = (fields: object) =>
  virtualService('apis', { hosts: ['apis'], http: [{ ...routeTo('apis'), ...fields }] });
const serviceEntry = (spec: object) => manifest('networking.istio.io/v1', 'ServiceEntry', 'x', { ...spec });
const workloadEntry = (spec: object) => manifest('networking.istio.io/v1', 'WorkloadEntry', 'x', { ...spec });
const PLAIN = [
  gateway('edge', [server('HTTP', 80)]),
  route({ timeout: '1m30s' }),
  destinationRule('apis', 'apis', ['v1']),
];

describeCheck(unknownField, {
  silent: {
    'only known fields': PLAIN,
    'any label': [destinationRule('apis', 'apis', [], { subsets: [{ name: 'v1', labels: { anything: 'x' } }] })],
    'any header': [route({ match: [{ headers: { anything: { exact: 'x' } } }] })],
    'a status': [{ ...PLAIN[0], status: { conditions: [] } }],
    'a kind without schema': [
      manifest('networking.istio.io/v1', 'Chariot', 'x', { anything: 1 }),
      manifest('example.com/v1', 'Gateway', 'x', { anything: 1 }),
    ],
    'nothing at all': [{ apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'x' } }],
  },
  found: {
    misspelt: [
      [route({ timout: '5s' })],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].timout',
        istioCodes: ['IST0106'],
        words: ['Did you mean timeout?'],
      },
    ],
    'one that a newer Istio may have': [
      [route({ teleport: true })],
      { severity: Severity.WARNING, words: ['Istio 1.31', "Istio's fields here are"] },
    ],
    'in a kind that this library does not write': [
      [manifest('networking.istio.io/v1', 'ServiceEntry', 'x', { hosts: ['a.example.com'], resolutions: 'DNS' })],
      { severity: Severity.ERROR, path: 'spec.resolutions', words: ['Did you mean resolution?'] },
    ],
    'at the top': [
      [{ ...PLAIN[0], specs: {} }],
      { severity: Severity.ERROR, path: 'specs', words: ['Did you mean spec?'] },
    ],
    'with a name that JavaScript knows': [
      [
        route({ toString: 1 }),
        JSON.parse(
          '{"apiVersion":"networking.istio.io/v1","kind":"Gateway","metadata":{"name":"g"},"spec":{"__proto__":{"x":1}}}',
        ),
      ],
      { path: 'spec.http[0].toString' },
      { name: 'g' },
    ],
  },
});

describeCheck(mistypedField, {
  silent: {
    'the right types': PLAIN,
    'null, which Kubernetes takes for absent': [route({ timeout: null, match: null })],
    'the longest duration': [route({ timeout: '2562047h' })],
    'a percentage with a fraction': [route({ mirrorPercentage: { value: 0.5 } })],
    'what a schema leaves open': [
      manifest('networking.istio.io/v1alpha3', 'EnvoyFilter', 'x', {
        configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE', value: { lb_policy: 'RANDOM' } } }],
      }),
    ],
    presence: [route({ match: [{ headers: { 'x-beta': {} } }] })],
    'a Service in order': [service('apis')],
    'a pod that has what Kubernetes takes as number or text, and fields that are not known here': [
      manifest('v1', 'Pod', 'x', {
        containers: [
          {
            name: 'x',
            args: [null],
            resources: { limits: { cpu: 1, memory: '1Gi' } },
            livenessProbe: { httpGet: { port: 'http' }, tcpSocket: { port: 80 } },
            ofTomorrow: [],
          },
        ],
      }),
      manifest('example.com/v1', 'Pod', 'x', { containers: 3 }),
    ],
    'a kind that is not known': [manifest('example.com/v1', 'Service', 'x', { ports: 'many' })],
    'a file for a tool on the desk, which needs no name': [
      { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: ['apis.yaml'] },
      { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec: { profile: 'minimal' } },
      { apiVersion: 'kind.x-k8s.io/v1alpha4', kind: 'Cluster', nodes: [{ role: 'worker' }] },
      { apiVersion: 'v1', kind: 'Config', clusters: [] },
      { kind: 'Recipe', steps: [] },
    ],
  },
  found: {
    'keys of tokens in two places, which a rule of CEL forbids': [
      [
        manifest('security.istio.io/v1', 'RequestAuthentication', 'x', {
          jwtRules: [{ issuer: 'a', jwks: '{"keys":[]}', jwksUri: 'https://a.example.com' }],
        }),
      ],
      { path: 'spec.jwtRules[0]', words: ["'jwksUri' and 'jwks'", 'Keep one'] },
    ],
    'a number in quotes': [
      [virtualService('apis', { hosts: ['apis'], http: [routeTo('apis', { port: { number: '80' } })] })],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].route[0].destination.port.number',
        istioCodes: ['IST0106'],
        words: ['the string "80" where a whole number is expected'],
      },
    ],
    'a string for a list': [
      [virtualService('apis', { hosts: 'apis' })],
      { path: 'spec.hosts', words: ['where a list is expected'] },
    ],
    'a label that YAML reads as a number': [
      [destinationRule('apis', 'apis', [], { subsets: [{ name: 'v1', labels: { version: 1 } }] })],
      { path: 'spec.subsets[0].labels.version', words: ['the number 1 where a string'] },
    ],
    'a word in the wrong case': [
      [gateway('edge', [server('HTTPS', 443, { tls: { mode: 'Simple' } })])],
      { path: 'spec.servers[0].tls.mode', words: ['Did you mean SIMPLE?'] },
    ],
    'what is required': [
      [gateway('edge', [{ hosts: ['*'], port: { number: 80, protocol: 'HTTP' } }])],
      { path: 'spec.servers[0].port', words: ["has no 'name'"] },
    ],
    'two forms at once': [
      [route({ match: [{ uri: { exact: '/', prefix: '/' } }] })],
      { path: 'spec.http[0].match[0].uri', words: ["'exact' and 'prefix'", 'Keep one'] },
    ],
    'no duration': [[route({ timeout: '5 seconds' })], { path: 'spec.http[0].timeout', words: ['5s or 250ms'] }],
    'a duration of more nanoseconds than 64 bits hold': [
      [route({ timeout: '2562048h' })],
      { path: 'spec.http[0].timeout' },
    ],
    'a number of more than 32 bits': [
      [route({ retries: { attempts: 4294967295 } }), route({ retries: { attempts: -2147483649 } })],
      { path: 'spec.http[0].retries.attempts', words: ['Write 2147483647 or less'] },
      { path: 'spec.http[0].retries.attempts', words: ['Write -2147483648 or more'] },
    ],
    'a text that is too short, too long, or of the wrong form': [
      [
        workloadEntry({ address: '10.0.0.1', weight: -1 }),
        manifest('extensions.istio.io/v1alpha1', 'WasmPlugin', 'x', { url: 'a', sha256: 'nothing' }),
        manifest('extensions.istio.io/v1alpha1', 'WasmPlugin', 'y', { url: 'a', pluginName: 'a'.repeat(257) }),
        manifest('extensions.istio.io/v1alpha1', 'WasmPlugin', 'z', { url: '' }),
        route({ directResponse: { status: 200, body: { bytes: 'no!' } } }),
      ],
      { path: 'spec.weight', words: ['is -1', 'Write 0 or more'] },
      { path: 'spec.sha256', words: ['does not fit the pattern', 'Write a text that fits'] },
      { path: 'spec.pluginName', words: ['257 characters', 'Write at most 256'] },
      { path: 'spec.url', words: ['0 characters', 'Write at least 1'] },
      { path: 'spec.http[0].directResponse.body.bytes', words: ['base64', 'Write its bytes'] },
    ],
    'entries of a list with one key': [
      [
        manifest('extensions.istio.io/v1alpha1', 'WasmPlugin', 'x', {
          url: 'a',
          match: [{ ports: [{ number: 80 }, { number: 80 }] }],
        }),
      ],
      { path: 'spec.match[0].ports[1]', words: ["'number'", 'entry 0', 'Take one out'] },
    ],
    'a list or map with too few entries': [
      [serviceEntry({ hosts: [] }), manifest('security.istio.io/v1', 'PeerAuthentication', 'x', { portLevelMtls: {} })],
      { path: 'spec.hosts', words: ['has 0 entries', 'Write at least 1'] },
      { path: 'spec.portLevelMtls', words: ['Write at least 1'] },
    ],
    'too short a duration': [[route({ timeout: '10us' })], { words: ['shorter than 1ms', 'Write 1ms or more'] }],
    'a list with nothing behind a dash': [
      [
        serviceEntry({ hosts: ['a.example.com'], ports: [null] }),
        gateway('edge', [server('HTTP', 80, { hosts: [null] })]),
      ],
      { path: 'spec.ports[0]', words: ['is empty where a map is expected', 'take it out of the list'] },
      { path: 'spec.servers[0].hosts[0]', words: ['is empty where a string is expected'] },
    ],
    'nothing at all, where something is required': [
      [{ apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'x' } }],
      { kind: 'DestinationRule', path: '', words: ["DestinationRule default/x has no 'spec'", 'Add it to the object'] },
    ],
    'no name': [
      [{ ...PLAIN[1], metadata: { namespace: 'shop' } }],
      { path: 'metadata.name', words: ['every object needs a name'] },
    ],
    'no name, in a kind of Kubernetes': [
      [{ apiVersion: 'batch/v1', kind: 'Job', metadata: { namespace: 'shop' } }],
      { path: 'metadata.name' },
    ],
    'metadata of any kind': [
      [
        manifest(
          'networking.istio.io/v1',
          'Gateway',
          'edge',
          { servers: [server('HTTP', 80)] },
          { labels: { x: true } },
        ),
        manifest('example.com/v1', 'Other', 'x', {}, { annotations: { z: 1 } }),
      ],
      { path: 'metadata.labels.x', words: ['the word true where a string'] },
      { path: 'metadata.annotations.z' },
    ],
    'in a pod, where a check of ours reads it and where none does': [
      [
        manifest('apps/v1', 'Deployment', 'x', {
          template: { spec: { containers: [{ imagePullPolicy: 3, env: [{ name: 'PORT', value: 8080 }] }] } },
        }),
        manifest('batch/v1', 'CronJob', 'x', {
          jobTemplate: { spec: { template: { spec: { securityContext: { runAsUser: 'root' } } } } },
        }),
      ],
      {
        path: 'spec.template.spec.containers[0].imagePullPolicy',
        words: ['is the number 3 where a string is expected. The API server refuses'],
      },
      { path: 'spec.template.spec.containers[0].env[0].value', words: ['in quotes'] },
      {
        path: 'spec.jobTemplate.spec.template.spec.securityContext.runAsUser',
        words: ['is the string "root" where a whole number'],
      },
    ],
    'in a Service': [[service('apis', { ports: [{ port: '80' }] })], { kind: 'Service', path: 'spec.ports[0].port' }],
  },
});

const spec = (kind: string, fields: object) => manifest('networking.istio.io/v1', kind, 'x', { ...fields });
const MATCH = 'spec.http[0].match[0]';

/** Each tried on a kube-apiserver 1.36 with Istio's CRDs, by `kubectl create`, and by `apply` with and without --server-side. */
describeCheck(nullValue, {
  silent: {
    'fields that may as well not be written': [
      route({ timeout: null, match: null, headers: null }),
      route({ match: [{ headers: null, gateways: null, port: null, sourceLabels: null }] }),
      spec('DestinationRule', { host: 'apis', trafficPolicy: { loadBalancer: null, connectionPool: null } }),
    ],
    'what the schema allows to be null': [
      spec('DestinationRule', { host: 'apis', trafficPolicy: { tls: { mode: 'SIMPLE', insecureSkipVerify: null } } }),
    ],
    'a label of a Service, where Kubernetes reads it': [service('apis', { selector: { app: null } })],
  },
  found: {
    'a header': [
      [route({ match: [{ headers: { 'x-v': null, y: { exact: '1' } } }] })],
      {
        severity: Severity.WARNING,
        path: `${MATCH}.headers.x-v`,
        istioCodes: ['IST0106'],
        words: ['removes it', 'the match lacks this condition', "Write '{}'", '--server-side'],
      },
    ],
    'whatever a match can ask': [
      [route({ match: [{ withoutHeaders: { a: null }, queryParams: { 'b.c': null }, uri: null, method: null }] })],
      { path: `${MATCH}.withoutHeaders.a`, words: ['the match lacks this condition'] },
      { path: `${MATCH}.queryParams["b.c"]`, words: ['the match lacks this condition'] },
      { path: `${MATCH}.uri`, words: ['the match lacks this condition'] },
      { path: `${MATCH}.method`, words: ['the match lacks this condition'] },
    ],
    'what a value is compared with': [
      [route({ match: [{ headers: { 'x-v': { exact: null } }, uri: { prefix: null } }] })],
      { path: `${MATCH}.headers.x-v.exact`, words: ['{} is left, which matches any value'] },
      { path: `${MATCH}.uri.prefix` },
    ],
    'labels of pods': [
      [
        route({ match: [{ sourceLabels: { app: null } }] }),
        spec('DestinationRule', { host: 'apis', subsets: [{ name: 'v1', labels: { version: null } }] }),
        gateway('edge', [server('HTTP', 80)], { selector: { istio: null } }),
      ],
      { path: `${MATCH}.sourceLabels.app` },
      { path: 'spec.subsets[0].labels.version', words: ['as if the entry were not there'] },
      { path: 'spec.selector.istio' },
    ],
  },
});

const port = (fields: object) => service('apis', { ports: [{ port: 80, ...fields }] });
const container = (fields: object) =>
  deployment('apis', { app: 'apis' }, { containers: [{ name: 'app', image: 'a', ...fields }] });
const PORT = 'spec.ports[0]';
const CONTAINER = 'spec.template.spec.containers[0]';

/** What kube-apiserver 1.36 says of each. */
describeCheck(mistypedField, {
  silent: {
    'ports of Services': [
      port({ targetPort: 'http', nodePort: 30000 }),
      port({ targetPort: 65535 }),
      port({ port: 1 }),
    ],
    '0 where it stands for none': [
      port({ targetPort: 0, nodePort: 0 }),
      port({ targetPort: '' }),
      container({ ports: [{ containerPort: 80, hostPort: 0 }] }),
    ],
    'ports of probes': [
      container({
        livenessProbe: { httpGet: { port: 'http' } },
        readinessProbe: { tcpSocket: { port: '1a' } },
        startupProbe: { grpc: { port: 9090 } },
      }),
    ],
  },
  found: {
    ...Object.fromEntries(
      [70000, 0, -1, 1.5, Number.POSITIVE_INFINITY, 1e26].map((value) => [
        `the port ${value}`,
        [
          [
            port({ port: value }),
            container({ ports: [{ containerPort: value }], livenessProbe: { httpGet: { port: value } } }),
            spec('ServiceEntry', {
              hosts: ['a.example.com'],
              ports: [{ number: value, name: 'a' }],
              resolution: 'DNS',
            }),
          ],
          { severity: Severity.ERROR, path: `${PORT}.port`, words: ['The API server refuses'] },
          { path: `${CONTAINER}.ports[0].containerPort` },
          { path: `${CONTAINER}.livenessProbe.httpGet.port` },
          // Of 0 and 70000, Istio's own rule speaks: rejected-by-istio.
          ...([0, 70000].includes(value) ? [] : [{ kind: 'ServiceEntry', path: `${PORT}.number` }]),
        ] as [unknown[], ...object[]],
      ]),
    ),
    'a number in quotes': [
      [port({ targetPort: '8080' }), container({ livenessProbe: { tcpSocket: { port: '80' } } }), port({ port: '80' })],
      { path: `${PORT}.targetPort`, words: ['not the name of a port', 'without quotes'] },
      { path: `${CONTAINER}.livenessProbe.tcpSocket.port` },
      { path: `${PORT}.port`, words: ['Write 80 without quotes.'] },
    ],
    'names that no port can have': [
      [port({ targetPort: 'HTTP' }), port({ targetPort: 'a--b' }), port({ targetPort: 'more-than-15-chars' })],
      { path: `${PORT}.targetPort` },
      { path: `${PORT}.targetPort` },
      { path: `${PORT}.targetPort` },
    ],
    'too large for a node, and for what a container runs when it starts and ends': [
      [
        port({ nodePort: 70000 }),
        container({ lifecycle: { preStop: { httpGet: { port: 0 } }, postStart: { tcpSocket: { port: 70000 } } } }),
        container({ startupProbe: { grpc: { port: 0 } }, ports: [{ containerPort: 80, hostPort: 70000 }] }),
      ],
      { path: `${PORT}.nodePort` },
      { path: `${CONTAINER}.lifecycle.preStop.httpGet.port` },
      { path: `${CONTAINER}.lifecycle.postStart.tcpSocket.port` },
      { path: `${CONTAINER}.startupProbe.grpc.port` },
      { path: `${CONTAINER}.ports[0].hostPort` },
    ],
  },
});

test('what is written is said as it is written, where the text is known', () => {
  const text = `
apiVersion: v1
kind: List
items:
  - apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: { name: x, namespace: shop, labels: { since: 1.10 } }
    spec:
      host: a
      subsets: [{ name: v1, labels: { version: 1.0, build: 0x1F, ok: yes } }]
`;
  expect(
    Mesh.fromYaml(text)
      .check()
      .filter(({ check }) => check === 'mistyped-field')
      .map(({ help }) => help),
  ).toEqual(['1.0', '0x1F', 'yes', '1.10'].map((written) => `Write '${written}', in quotes.`));
});

test('imports/istio.schema.ts says what imports/*.crds.yaml say', () => {
  expect(readFileSync(join(IMPORTS, 'istio.schema.ts'), 'utf8')).toBe(schemaModule());
});

test('finds fault with exactly the Gateways that a full validator finds fault with', () => {
  const schema = ISTIO_SPECS['networking.istio.io/Gateway'];
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant({}),
    fc.constant([]),
  );
  const maybe = (usual: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: value });
  const port = fc.record(
    { number: maybe(fc.nat()), name: maybe(fc.string()), protocol: maybe(fc.string()), extra: value },
    { requiredKeys: ['number'] },
  );
  const tls = fc.record(
    { mode: maybe(fc.constantFrom('SIMPLE', 'MUTUAL', 'simple')), credentialNames: maybe(fc.array(fc.string())) },
    { requiredKeys: [] },
  );
  const one = fc.record(
    { port: maybe(port), hosts: maybe(fc.array(fc.string())), tls: maybe(tls) },
    { requiredKeys: ['port'] },
  );
  fc.assert(
    fc.property(
      fc.record({
        servers: maybe(fc.array(fc.option(maybe(one), { freq: 20 }), { maxLength: 3 })),
        selector: maybe(fc.dictionary(fc.string(), fc.string())),
      }),
      (spec) => {
        expect(complaints(Node.root(spec, []), schema as Schema).length === 0).toBe(validate(spec));
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});
