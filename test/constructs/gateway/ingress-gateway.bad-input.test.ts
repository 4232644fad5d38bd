import { type GatewayServerOptions, IngressGateway, type IngressGatewayProps } from 'cdk8s-versioned-mesh';
import { refusalOf, testRefusals } from '../../support/refusal';
import { newChart } from '../../support/synth';

const tls = { credentialName: 'a' };
const served = ['a.example.com'];

describe('a gateway', () => {
  testRefusals([
    ['of an unknown option', () => made({ tsl: tls }), "chart/door: option 'tsl' is not known", "did you mean 'tls'?"],
    ['of an unknown option of TLS', () => made({ tls: { ...tls, mutal: true } }), "'tls.mutal'", "'mutual'"],
    ['of text for options', () => made('door'), "'door' is not an object of options"],
    ['with a name that is none', () => made({ name: 'A' }), "chart/door: name 'A'", "write 'a'"],
    ['by text for labels', () => made({ selector: 'ingress' }), "selector 'ingress' is not a map"],
    ['by all pods', () => made({ selector: {} }), 'selector is empty'],
    ['by a number', () => made({ selector: { istio: 5 } }), "selector['istio'] 5", 'quotes'],
    [
      'of an account without namespace',
      () => made({ serviceAccount: 'door' }),
      "serviceAccount 'door'",
      "'istio-ingress/",
    ],
    ['of an account that is none', () => made({ serviceAccount: 'a/b/c' }), "serviceAccount 'a/b/c'"],
    ['with text for a flag', () => made({ tls: { ...tls, mutual: 'false' } }), "tls.mutual 'false'", 'true nor false'],
    ['of TLS 1.1', () => made({ tls: { ...tls, minVersion: 'TLSV1_1' } }), "tls.minVersion 'TLSV1_1'", "'TLSV1_3'"],
    ['of an API that is none', () => made({ api: 'v1' }), "api 'v1'", "'networking.istio.io/v1'"],
    ['on port 0', () => made({ port: 0 }), 'chart/door: port 0'],
    [
      "called 'mesh' in no namespace",
      () => new IngressGateway(newChart({ namespace: undefined }), 'mesh'),
      "called 'mesh'",
      'set name, or the namespace',
    ],
  ]);

  test('that is refused leaves nothing behind', () => {
    const chart = newChart();
    expect(refusalOf(() => new IngressGateway(chart, 'door', { port: 0 }))).toContain('port 0');
    expect(chart.node.children).toEqual([]);
    expect(new IngressGateway(chart, 'door').resource.name).toBe('door');
  });

  test('without a server is refused at synthesis', () => {
    const chart = newChart();
    new IngressGateway(chart, 'door');
    expect(chart.node.findAll().flatMap(({ node }) => node.validate())).toEqual([
      "Gateway 'door' has no server, and Istio's webhook refuses it; add hosts with addServer.",
    ]);
  });
});

describe('a server', () => {
  testRefusals([
    ['for no host', add([]), 'addServer: hosts is empty', "['*']"],
    ['for text', add('a.example.com'), "addServer: hosts 'a.example.com' is not a list"],
    ['for nothing', add(undefined), 'addServer: hosts is missing'],
    ['for a number', add([5]), 'addServer: hosts[0] 5'],
    ['for a short name', add(['shop']), "addServer: host 'shop'", 'shop.example.com'],
    ['for a host of a namespace', add(['shop/b.example.com']), "'shop/b.example.com'", "write 'b.example.com'"],
    ['for a host of any namespace', add(['*/b.example.com']), "'*/b.example.com'", "write 'b.example.com'"],
    ['for a URL', add(['https://b.example.com']), "'https://b.example.com'", 'URL'],
    ['for one host twice', add(['b.example.com', 'b.example.com']), "'b.example.com' is listed twice"],
    ['for a host that is served', add(served), "host 'a.example.com' is served on port 80 already"],
    ['of an unknown option', add(['b.example.com'], { tsl: tls }), "option 'addServer: options.tsl'", "'tls'"],
    ['without a certificate', add(['b.example.com'], { tls: {} }), 'options.tls.credentialName is missing'],
    ['on one port for both', add(['b.example.com'], { tls: { ...tls, port: 80 } }), 'options.tls.port 80', 'different'],
    ['for HTTP where HTTPS is', add(['b.example.com'], { port: 443 }), 'port 443 speaks HTTPS', "'s.example.com'"],
    ['for HTTPS where HTTP is', add(['b.example.com'], { port: 81, tls: { ...tls, port: 80 } }), 'port 80 speaks HTTP'],
    ['for HTTPS at an address', add(['192.0.2.7'], { tls }), "'192.0.2.7'", "serve '*'"],
    [
      'that is answered, of a host that is redirected',
      add(['b.s.example.org']),
      "host 'b.s.example.org' is to be answered on port 80",
      "'*.s.example.org'",
      'tls.redirectHttp',
    ],
    [
      'that redirects more than it may',
      add(['*.example.com'], { tls }),
      "host 'a.example.com' is to be answered",
      "'*.example.com'",
    ],
    [
      'for one certificate in two ways',
      add(['b.example.com'], { tls: { credentialName: 's', mutual: true } }),
      "certificate 's'",
      '404',
      'a certificate each',
    ],
    [
      'that would have the certificate of another',
      add(['*', 'b.s.example.org'], { port: 81, tls }),
      "host 'b.s.example.org' is to have the certificate 'a'",
      "'*.s.example.org'",
      "Give '*' a Secret",
    ],
    [
      'that anybody could get around',
      add(['b.s.example.org'], { tls: { credentialName: 'b', mutual: true } }),
      "host 'b.s.example.org' asks clients for a certificate",
      "'*.s.example.org'",
      'mutual for both',
    ],
  ]);

  test('that is refused leaves nothing behind', () => {
    const gateway = made({});
    gateway.addServer(served);
    const before = gateway.resource.toJson();
    const options = { tls: { ...tls, port: 80, redirectHttp: false }, port: 8080 };
    expect(refusalOf(() => gateway.addServer(['b.example.com'], options))).toContain('port 80 speaks HTTP');
    expect(gateway.resource.toJson()).toEqual(before);
  });
});

describe('a gateway that is there', () => {
  const existing = (name: unknown, options?: object, chart = newChart()) =>
    IngressGateway.fromGatewayName(chart, 'door', name as string, options);
  testRefusals([
    ['of no name', () => existing(undefined), 'chart/door: gatewayName is missing'],
    ['with its namespace in the name', () => existing('istio-ingress/public'), "gatewayName 'istio-ingress/public'"],
    ['of an unknown option', () => existing('public', { nmespace: 'a' }), "'namespace'"],
    ['in a namespace that is none', () => existing('public', { namespace: 'A' }), "namespace 'A'"],
    ['of an account that is none', () => existing('public', { serviceAccount: 'a' }), "serviceAccount 'a'"],
    ["called 'mesh'", () => existing('mesh', {}, newChart({ namespace: undefined })), "called 'mesh'", 'another name'],
  ]);

  test('that is refused leaves nothing behind', () => {
    const chart = newChart();
    expect(refusalOf(() => existing('A', {}, chart))).toContain("'A'");
    expect(chart.node.children).toEqual([]);
  });
});

/** A server more, beside one for HTTP and one for HTTPS. */
function add(hosts: unknown, options?: unknown): () => void {
  return () => {
    const gateway = made({});
    gateway.addServer(served);
    gateway.addServer(['s.example.com', '*.s.example.org'], { tls: { credentialName: 's' } });
    gateway.addServer(hosts as string[], options as GatewayServerOptions);
  };
}

function made(props: unknown): IngressGateway {
  return new IngressGateway(newChart(), 'door', props as IngressGatewayProps);
}
