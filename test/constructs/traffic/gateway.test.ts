/*
 * The Gateway that a mesh makes.
 */
import { Chart, Testing } from 'cdk8s';
import { type GatewayOptions, HeaderRoutedMesh, type HeaderRoutedMeshProps } from 'cdk8s-versioned-mesh';
import { manifestsOf, only } from '../../support/synth';
import { expectValid } from '../../support/valid';
import { versioned } from '../../support/versioned';

const hosts = ['apis.example.com', 'www.apis.example.com'];

test('accepts the hosts that the routes are for', () => {
  const manifests = mesh({});
  expect(only(manifests, 'Gateway')).toHaveProperty('spec.servers.0.hosts', hosts);
  expect(only(manifests, 'VirtualService').spec.hosts).toEqual(hosts);
});

test.each(['*', '*.example.com', 'apis.example.com', '192.0.2.7'])('accepts %s', (host) => {
  const manifests = mesh({ hosts: [host] });
  expectValid(manifests);
  expect(only(manifests, 'Gateway')).toHaveProperty('spec.servers.0.hosts', [host]);
});

test('listens where it was told, by the pods that were told', () => {
  expect(gateway({ port: 8080, selector: { app: 'istio-ingressgateway' } })).toMatchObject({
    selector: { app: 'istio-ingressgateway' },
    servers: [{ port: { number: 8080, protocol: 'HTTP' } }],
  });
});

describe('with a certificate', () => {
  const tls = { credentialName: 'apis-certificate' };

  test('answers HTTPS, and leads HTTP there', () => {
    expect(gateway({ tls }).servers).toEqual([
      { port: { name: 'http', number: 80, protocol: 'HTTP' }, tls: { httpsRedirect: true }, hosts },
      {
        port: { name: 'https', number: 443, protocol: 'HTTPS' },
        tls: { mode: 'SIMPLE', credentialName: 'apis-certificate' },
        hosts,
      },
    ]);
  });

  test('may be called as a Secret may, with dots', () => {
    const [, https] = gateway({ tls: { credentialName: 'apis.example.com' } }).servers;
    expect(https).toHaveProperty('tls.credentialName', 'apis.example.com');
  });

  test('does not lead away from a port of its own, since the redirect would keep that port', () => {
    const [http] = gateway({ port: 8080, tls: { ...tls, port: 8443 } }).servers;
    expect(http).not.toHaveProperty('tls');
  });

  test('answers both alike where redirection is off', () => {
    const [http, https] = gateway({ tls: { ...tls, port: 8443, redirectHttp: false } }).servers;
    expect(http).not.toHaveProperty('tls');
    expect(https).toMatchObject({ port: { number: 8443 } });
  });
});

describe('of another name or namespace', () => {
  test.each<[GatewayOptions, string, string]>([
    // Without its namespace, 'mesh' would be Istio's word for all sidecars.
    [{}, 'shop/mesh', 'shop/mesh'],
    [{ name: 'door' }, 'shop/door', 'door'],
    [{ namespace: 'istio-ingress' }, 'istio-ingress/mesh', 'istio-ingress/mesh'],
    [{ name: 'door', namespace: 'istio-ingress' }, 'istio-ingress/door', 'istio-ingress/door'],
    [{ name: 'door', namespace: 'shop' }, 'shop/door', 'door'],
    [{ name: undefined, namespace: undefined }, 'shop/mesh', 'shop/mesh'],
  ])('%j is the one that the routes name', (gatewayOptions, made, named) => {
    const manifests = mesh({ gatewayOptions });
    const { metadata } = only(manifests, 'Gateway');
    expect(`${metadata.namespace}/${metadata.name}`).toBe(made);
    expect(only(manifests, 'VirtualService').spec.gateways).toEqual([named]);
  });

  test('the name mesh is refused where no namespace can tell it from the sidecars', () => {
    const chart = new Chart(Testing.app(), 'shop');
    expect(() => new HeaderRoutedMesh(chart, 'mesh', { hosts, ...versioned(chart) })).toThrow(
      /^shop\/mesh: .*called 'mesh'.*set gatewayOptions\.name, or the namespace\.$/,
    );
  });

  test('an undefined namespace is the one of the mesh, not of the chart', () => {
    const manifests = mesh({ namespace: 'routing', gatewayOptions: { namespace: undefined } });
    expect(only(manifests, 'Gateway').metadata.namespace).toBe('routing');
  });
});

function mesh(props: Partial<HeaderRoutedMeshProps>) {
  return manifestsOf((chart) => new HeaderRoutedMesh(chart, 'mesh', { hosts, ...versioned(chart), ...props }));
}

function gateway(gatewayOptions: GatewayOptions) {
  const manifests = mesh({ gatewayOptions });
  expectValid(manifests);
  return only(manifests, 'Gateway').spec as { selector: object; servers: object[] };
}
