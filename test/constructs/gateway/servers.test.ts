/*
 * Which servers a Gateway gets for the hosts that it is to serve.
 */
import { type GatewayServerOptions, IngressGateway, type IngressGatewayProps, TlsVersion } from 'cdk8s-versioned-mesh';
import { fullGateway } from '../../support/full';
import { newChart, only, synth } from '../../support/synth';
import { expectValid } from '../../support/valid';

type Call = readonly [hosts: string[], options?: GatewayServerOptions];

const shop = { tls: { credentialName: 'shop-cert' } };
const blog = { tls: { credentialName: 'blog-cert' } };

test('a Gateway of which all is said is this', () => {
  const chart = newChart();
  fullGateway(chart);
  const manifests = synth(chart);
  expectValid(manifests);
  expect(manifests).toMatchSnapshot();
});

test.each<[string, object | undefined, string]>([
  ['its name', undefined, 'door'],
  ['what it is told', { 'app.kubernetes.io/name': 'shop' }, 'shop'],
])('is labelled by %s', (_, labels, value) => {
  const chart = newChart();
  new IngressGateway(chart, 'door', { labels: { ...labels } }).addServer(['a.example.com']);
  expect(only(synth(chart), 'Gateway').metadata.labels).toEqual({ 'app.kubernetes.io/name': value });
});

test('hosts that are served alike share a server, by whichever calls', () => {
  const servers = serversOf([[['a.example.com']], [['b.example.com', 'c.example.com']]]);
  expect(servers).toEqual([
    {
      port: { name: 'http', number: 80, protocol: 'HTTP' },
      hosts: ['a.example.com', 'b.example.com', 'c.example.com'],
    },
  ]);
});

test('a certificate each: one server that redirects, and one for each certificate', () => {
  const servers = serversOf([
    [['shop.example.com', 'www.example.com'], shop],
    [['blog.example.com'], blog],
    [['pay.example.com'], shop],
  ]);
  expect(servers).toEqual([
    {
      port: { name: 'http-redirect', number: 80, protocol: 'HTTP' },
      tls: { httpsRedirect: true },
      hosts: ['shop.example.com', 'www.example.com', 'blog.example.com', 'pay.example.com'],
    },
    {
      port: { name: 'https-shop-cert', number: 443, protocol: 'HTTPS' },
      tls: { mode: 'SIMPLE', credentialName: 'shop-cert' },
      hosts: ['shop.example.com', 'www.example.com', 'pay.example.com'],
    },
    {
      port: { name: 'https-blog-cert', number: 443, protocol: 'HTTPS' },
      tls: { mode: 'SIMPLE', credentialName: 'blog-cert' },
      hosts: ['blog.example.com'],
    },
  ]);
});

test('beside hosts with a certificate, others speak HTTP', () => {
  expect(named([[['a.example.com']], [['shop.example.com'], shop]])).toEqual({
    http: ['a.example.com'],
    'http-redirect': ['shop.example.com'],
    'https-shop-cert': ['shop.example.com'],
  });
});

test('the certificate of the gateway is for hosts that name none', () => {
  const calls: Call[] = [[['a.example.com']], [['shop.example.com'], shop], [['b.example.com'], { tls: blog.tls }]];
  expect(named(calls, blog)).toEqual({
    http: ['a.example.com', 'shop.example.com', 'b.example.com'],
    https: ['a.example.com', 'b.example.com'],
    'https-shop-cert': ['shop.example.com'],
  });
});

test('clients show a certificate, and speak a version, where that is asked for, and nothing of it is written where not', () => {
  const strict = { credentialName: 'a', mutual: true, minVersion: TlsVersion.TLS_1_3 };
  const lax = { credentialName: 'b', mutual: false, minVersion: TlsVersion.TLS_1_2 };
  const servers = serversOf([
    [['a.example.com'], { tls: strict }],
    [['b.example.com'], { tls: lax }],
  ]);
  expect(servers.map(({ tls }) => tls)).toEqual([
    { httpsRedirect: true },
    { mode: 'MUTUAL', credentialName: 'a', minProtocolVersion: 'TLSV1_3' },
    { mode: 'SIMPLE', credentialName: 'b', minProtocolVersion: 'TLSV1_2' },
  ]);
});

describe('the names of the servers', () => {
  test('say port, way and certificate, where these are not the usual ones', () => {
    const calls: Call[] = [
      [['a.example.com'], { port: 8080, tls: { ...shop.tls, port: 8443 } }],
      [['b.example.com'], { tls: { ...shop.tls, redirectHttp: false } }],
    ];
    expect(Object.keys(named(calls))).toEqual(['http-8080', 'https-8443-shop-cert', 'http', 'https-shop-cert']);
    expect(Object.keys(named([[['a.example.com'], { tls: { ...blog.tls, redirectHttp: false } }]], blog))).toEqual([
      'http-plain',
      'https',
    ]);
  });

  test('stay when another server comes first', () => {
    const first: Call = [['shop.example.com'], shop];
    const names = Object.keys(named([first]));
    const more = Object.keys(named([[['blog.example.com'], blog], [['a.example.com']], first]));
    expect(more).toEqual(expect.arrayContaining(names));
  });

  test('have no dot, at which Istio would cut them, and are told apart all the same', () => {
    const calls: Call[] = ['a.b', 'a-b'].map((credentialName) => [
      [`${credentialName}.c`],
      { tls: { credentialName } },
    ]);
    expect(Object.keys(named(calls))).toEqual(['http-redirect', 'https-a-b', 'https-a-b-2']);
  });
});

test('a host that belongs to another is not written, so that the routes for both stay apart', () => {
  const calls: Call[] = [[['a.example.com', 'b.example.org']], [['*.example.com']]];
  expect(named(calls)).toEqual({ http: ['b.example.org', '*.example.com'] });
  // Left out, a.b.example.com would get the certificate of *.b.example.com.
  const between: Call[] = [
    [['*.example.com', 'a.b.example.com', 'a.example.com'], shop],
    [['*.b.example.com'], blog],
  ];
  expect(named(between)).toMatchObject({
    'https-shop-cert': ['*.example.com', 'a.b.example.com'],
    'https-blog-cert': ['*.b.example.com'],
  });
});

test.each<[string, Call, Call]>([
  ['of a certificate for all', [['*.example.com'], shop], [['a.example.com'], blog]],
  ['that is answered, below one', [['*.example.com']], [['a.example.com']]],
  ['that is redirected, below one that is answered', [['*.example.com']], [['a.example.com'], shop]],
  [
    'without a certificate of the client, below one with',
    [['*.example.com'], { tls: { credentialName: 'a', mutual: true } }],
    [['a.example.com'], blog],
  ],
  ['on another port', [['a.example.com']], [['a.example.com'], { port: 8080 }]],
])('a host %s is served', (_, wide, narrow) => {
  const [first, second] = [
    [wide, narrow],
    [narrow, wide],
  ].map((calls) => Object.entries(named(calls)).map(([name, hosts]) => `${name}: ${hosts.sort()}`));
  expect(first.sort()).toEqual(second.sort());
});

/** Hosts by the name of the server, in the order of the servers. */
function named(calls: readonly Call[], props?: IngressGatewayProps): { [name: string]: string[] } {
  return Object.fromEntries(serversOf(calls, props).map(({ port, hosts }) => [port.name, hosts]));
}

function serversOf(calls: readonly Call[], props?: IngressGatewayProps) {
  const chart = newChart();
  const gateway = new IngressGateway(chart, 'door', props);
  for (const [hosts, options] of calls) {
    gateway.addServer(hosts, options);
  }
  const manifests = synth(chart);
  expectValid(manifests);
  return only(manifests, 'Gateway').spec.servers as { port: { name: string }; tls?: object; hosts: string[] }[];
}
