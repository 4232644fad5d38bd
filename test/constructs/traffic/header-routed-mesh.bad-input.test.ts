import { HeaderMatch, HeaderRoutedMesh, type HeaderRoutedMeshProps, IngressGateway } from 'cdk8s-versioned-mesh';
import { Construct } from 'constructs';
import { testRefusals } from '../../support/refusal';
import { newChart } from '../../support/synth';
import { versioned } from '../../support/versioned';

const chart = newChart();
const apis = versioned(chart);
const { service: reviews, defaultVersion: reviewsV1 } = versioned(chart, 'reviews');
const beta = HeaderMatch.present('x-beta');

describe('hosts', () => {
  testRefusals([
    ['none, at a gateway', () => mesh({ hosts: [] }), 'mesh: hosts is empty', "['*']"],
    ['not said, at a gateway', () => mesh({ hosts: undefined }), 'mesh: hosts is empty', "['*']"],
    ['a short name', () => mesh({ hosts: ['apis'] }), "host 'apis'", 'apis.example.com'],
    [
      'a URL',
      () => mesh({ hosts: ['https://a.example.com'] }),
      "host 'https://a.example.com'",
      'URL',
      'apis.example.com',
    ],
    ['a path', () => mesh({ hosts: ['a.example.com/v1'] }), "host 'a.example.com/v1'", 'path'],
    ['a port', () => mesh({ hosts: ['a.example.com:80'] }), "host 'a.example.com:80'", 'belongs to the Gateway'],
    ['capitals', () => mesh({ hosts: ['A.example.com'] }), "host 'A.example.com'", "write 'a.example.com'"],
    ['a wildcard inside', () => mesh({ hosts: ['a.*.com'] }), "host 'a.*.com'", "leading '*.'"],
    ['half a wildcard', () => mesh({ hosts: ['*a.example.com'] }), "host '*a.example.com'", "leading '*.'"],
    ['a dot at the end', () => mesh({ hosts: ['a.example.com.'] }), "host 'a.example.com.'"],
    ['an empty one', () => mesh({ hosts: [''] }), "host ''"],
    ['an address that is none', () => mesh({ hosts: ['192.0.2.256'] }), "'192.0.2.256'", 'IPv4'],
    ['a label of 64 characters', () => mesh({ hosts: [`${'a'.repeat(64)}.com`] }), 'mesh: host', 'is not a DNS name'],
    ['more than 253 characters', () => mesh({ hosts: [`${'a.'.repeat(130)}com`] }), '(263 characters)'],
    ['letters beyond ASCII', () => mesh({ hosts: ['café.example.com'] }), "'café.example.com'", 'DNS name'],
    ['one twice', () => mesh({ hosts: ['a.b.c', 'a.b.c'] }), "'a.b.c' is listed twice"],
    ['one within another', () => mesh({ hosts: ['*.b.c', 'a.b.c'] }), "'*.b.c' and 'a.b.c' overlap", 'the wider one'],
    ['all and one', () => mesh({ hosts: ['a.b.c', '*'] }), "'a.b.c' and '*' overlap"],
    ['all, inside the mesh', () => mesh({ hosts: ['*'], traffic: 'mesh' }), "host '*'", 'name the hosts'],
    ['all, from both sides', () => mesh({ hosts: ['*'], traffic: 'gateway-and-mesh' }), "host '*'", 'gateway only'],
    [
      'one that covers the service itself',
      () => mesh({ hosts: ['*.shop.svc.cluster.local'], namespace: 'routing', traffic: 'mesh' }),
      "'*.shop.svc.cluster.local' and 'apis.shop.svc.cluster.local' overlap",
    ],
    ['no list', () => mesh({ hosts: 'apis.example.com' }), "hosts 'apis.example.com'", "['apis.example.com']"],
    ['numbers', () => mesh({ hosts: [5] }), 'hosts[0] 5 is not a string'],
    ['a number', () => mesh({ hosts: 5 }), 'hosts 5', "['apis.example.com']"],
  ]);
});

describe('the service and its default', () => {
  testRefusals([
    ['no default', () => mesh({ defaultVersion: undefined }), 'mesh: defaultVersion is missing', '404', 'addVersion'],
    ['a default by name', () => mesh({ defaultVersion: 'v1' }), 'mesh: defaultVersion', "service.version('v1')"],
    ['a default of another service', () => mesh({ defaultVersion: reviewsV1 }), "'v1'", "'reviews'", "not of 'apis'"],
    ['no service', () => mesh({ service: undefined }), 'mesh: service is missing', 'VersionedService'],
    ['a service by name', () => mesh({ service: 'apis' }), "mesh: service 'apis'", 'VersionedService'],
    ['nothing', () => new HeaderRoutedMesh(newChart(), 'mesh', undefined as never), 'chart/mesh', '{ hosts:'],
    ['null', () => new HeaderRoutedMesh(newChart(), 'mesh', null as never), 'chart/mesh', '{ hosts:'],
    [
      'a service without namespace, from elsewhere',
      () => mesh({ ...versioned(newChart({ namespace: undefined })), namespace: 'routing' }),
      "'routing'",
      'set namespace',
    ],
  ]);
});

describe('rules', () => {
  const routed = (): HeaderRoutedMesh => mesh({});
  testRefusals([
    ['for a version of another service', () => routed().route(reviewsV1, beta), "'v1'", "'reviews'", 'addService'],
    ['for a version by name', () => routed().route('v2' as never, beta), "route: 'v2'", 'service.version(name)'],
    ['for a version that does not exist', () => routed().route(apis.service.version('v9'), beta), "'v9'", "'v1', 'v2'"],
    ['for nothing', () => routed().route(undefined as never, beta), 'route: undefined', 'addVersion'],
    ['without a match', () => routed().route(apis.defaultVersion, undefined as never), 'undefined', 'every request'],
    [
      'with an empty match',
      () => routed().route(apis.defaultVersion, {} as never),
      'every request',
      "HeaderMatch.exact('x-version', 'v1')",
    ],
    ['with null for options', () => routed().route(apis.defaultVersion, beta, null as never), 'route.options null'],
    [
      'with a number for a name',
      () => routed().route(apis.defaultVersion, beta, { name: 5 as never }),
      'name 5',
      'quotes',
    ],
  ]);
});

describe('more services', () => {
  const add = (service: unknown, options: unknown) => () => mesh({}).addService(service as never, options as never);
  testRefusals([
    [
      'the first once more',
      add(apis.service, { defaultVersion: apis.defaultVersion }),
      "'apis' is routed by this mesh",
    ],
    [
      'a default of another',
      add(reviews, { defaultVersion: apis.defaultVersion }),
      "'v1'",
      "'apis'",
      "not of 'reviews'",
    ],
    ['no default', add(reviews, {}), 'addService.options.defaultVersion is missing'],
    ['no options', add(reviews, undefined), 'addService.options undefined', '{ defaultVersion:'],
    ['a service by name', add('reviews', {}), "service 'reviews'", 'VersionedService'],
    ['a name that is none', add(reviews, { defaultVersion: reviewsV1, name: 'A' }), "name 'A'", "write 'a'"],
  ]);
});

describe('the gateway', () => {
  const gateway = IngressGateway.fromGatewayName(chart, 'shared', 'shared');
  const tls = (options: unknown) => () => mesh({ gatewayOptions: { tls: options } });
  testRefusals([
    ['existing, and described', () => mesh({ gateway, gatewayOptions: {} }), 'gateway and gatewayOptions are both set'],
    ['existing, inside only', () => mesh({ gateway, traffic: 'mesh' }), 'traffic is MESH', 'GATEWAY_AND_MESH'],
    ['described, inside only', () => mesh({ gatewayOptions: {}, traffic: 'mesh' }), 'traffic is MESH', 'leave it out'],
    ['by name', () => mesh({ gateway: 'a/b' }), "gateway 'a/b' is not a gateway", 'IngressGateway.fromGatewayName('],
    ['a number', () => mesh({ gateway: 5 }), 'gateway 5', 'new IngressGateway'],
    ['another construct', () => mesh({ gateway: chart }), 'gateway (an object of class Chart) is not'],
    ['of a name that is none', () => mesh({ gatewayOptions: { name: 'A' } }), "name 'A'", "write 'a'"],
    ['in a namespace that is none', () => mesh({ gatewayOptions: { namespace: 'A b' } }), "namespace 'A b'", "'a-b'"],
    ['on port 0', () => mesh({ gatewayOptions: { port: 0 } }), 'gatewayOptions.port 0', '1 to 65535'],
    ['by all pods', () => mesh({ gatewayOptions: { selector: {} } }), 'gatewayOptions.selector is empty'],
    ['by a label that is none', () => mesh({ gatewayOptions: { selector: { istio: 'a b' } } }), "'istio': 'a b'"],
    ['by a word', () => mesh({ gatewayOptions: { selector: 'ingress' } }), "'ingress'"],
    ['a number for options', () => mesh({ gatewayOptions: 80 }), 'gatewayOptions 80', '{ port: 8080 }'],
    ['null for options', () => mesh({ gatewayOptions: null }), 'gatewayOptions null', '{ port: 8080 }'],
    ['without a certificate', tls({}), 'gatewayOptions.tls.credentialName is missing', 'Secret'],
    ['with a bad certificate name', tls({ credentialName: 'A.pem' }), "credentialName 'A.pem'", 'lower-case'],
    [
      'with a redirect from a port that HTTPS is not on',
      tls({ credentialName: 'a', port: 8443, redirectHttp: true }),
      'gatewayOptions.tls.redirectHttp',
      'use ports 80 and 443',
    ],
    ['with true for TLS', tls(true), 'gatewayOptions.tls true', '{ credentialName:'],
    ['with null for TLS', tls(null), 'gatewayOptions.tls null', '{ credentialName:'],
    ['with one port for both', tls({ credentialName: 'a', port: 80 }), 'gatewayOptions.tls.port 80', 'different'],
    ['with HTTPS on port 65536', tls({ credentialName: 'a', port: 65_536 }), 'gatewayOptions.tls.port 65536'],
  ]);
});

describe('the mesh itself', () => {
  testRefusals([
    ['a name that is none', () => mesh({ name: 'My.Mesh' }), "mesh: name 'My.Mesh'", "write 'my-mesh'"],
    ['a name of 64 characters', () => mesh({ name: 'a'.repeat(64) }), '64 characters', 'at most 63'],
    ['a namespace that is none', () => mesh({ namespace: '-' }), "mesh: namespace '-'"],
    ['traffic from nowhere', () => mesh({ traffic: 'both' }), "traffic 'both'", "'gateway-and-mesh'"],
    ['an API version that is none', () => mesh({ api: 'v1' }), "api 'v1'", "'networking.istio.io/v1beta1'"],
    ['a label that is none', () => mesh({ labels: { a: 'b c' } }), "label 'a': 'b c'", "write 'b-c'"],
    ['an annotation that is none', () => mesh({ annotations: { a: 5 } }), "annotations['a'] 5", 'quotes'],
  ]);
});

/** A mesh over the service `apis`, with props as a caller without types may give them. */
function mesh(props: object): HeaderRoutedMesh {
  const all = { hosts: ['apis.example.com'], ...apis, ...props } as HeaderRoutedMeshProps;
  return new HeaderRoutedMesh(freshScope(), 'mesh', all);
}

let scopes = 0;

/** A place within the chart of the services, where the id `mesh` is free. */
function freshScope() {
  scopes += 1;
  return new Construct(chart, `test-${scopes}`);
}
