/*
 * Whatever hosts are to be served, each call of addServer is refused by a sentence, or gives hosts that are served as asked.
 */
import {
  type GatewayOptions,
  type GatewayServerOptions,
  type GatewayTls,
  HeaderRoutedMesh,
  IngressGateway,
  Mesh,
  TlsVersion,
} from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { few } from '../../support/arbitraries';
import { refusalOf } from '../../support/refusal';
import { newChart } from '../../support/synth';
import { versioned } from '../../support/versioned';

interface Call {
  readonly hosts: string[];
  readonly options: GatewayServerOptions;
}

const HOSTS = [
  'a.example.com',
  'b.example.com',
  '*.example.com',
  '*.b.example.com',
  'x.b.example.com',
  'c.example.org',
  '*',
  '192.0.2.7',
];
const NO_HOSTS = ['shop/a.example.com', 'short', ''];

const hosts = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...HOSTS) },
  { weight: 1, arbitrary: fc.constantFrom(...NO_HOSTS) },
);
const tls: fc.Arbitrary<GatewayTls> = fc
  .tuple(
    fc.constantFrom('x', 'y', 'y.z', 'y-z'),
    few<GatewayTls>({
      port: fc.constantFrom(80, 443, 8443),
      redirectHttp: fc.boolean(),
      mutual: fc.boolean(),
      minVersion: fc.constantFrom(...Object.values(TlsVersion)),
    }),
  )
  .map(([credentialName, more]) => ({ ...more, credentialName }));
const server = { port: fc.constantFrom(80, 81, 443, 8443), tls };
const call: fc.Arbitrary<Call> = fc.record({
  hosts: fc.array(hosts, { minLength: 1, maxLength: 2 }),
  options: few<GatewayServerOptions>(server),
});
const defaults = fc.oneof(fc.constant({}), few<GatewayOptions>(server));

test('any servers', () => {
  let served = 0;
  fc.assert(
    fc.property(defaults, fc.array(call, { minLength: 1, maxLength: 5 }), (props, calls) => {
      const chart = newChart();
      let gateway: IngressGateway;
      try {
        gateway = new IngressGateway(chart, 'door', props);
      } catch {
        expect(refusalOf(() => new IngressGateway(chart, 'door', props))).toMatch(/[.]$/);
        return;
      }
      const accepted = calls.filter((one) => isAccepted(gateway, one));
      const routed = versioned(chart);
      // One mesh for each host: hosts that overlap may not be in one VirtualService.
      const names = [...new Set(accepted.flatMap((one) => one.hosts))];
      names.forEach((host, index) => {
        new HeaderRoutedMesh(chart, `routes-${index}`, { ...routed, hosts: [host], gateway, checks: false });
      });
      if (accepted.length > 0) {
        served += 1;
        const mesh = Mesh.fromChart(chart);
        expect(mesh.check({ disable: ['version-without-route'] }).map(({ message }) => message)).toEqual([]);
        const isAmbiguous = gateway.node.validate().length > 0;
        for (const one of accepted) {
          expectServed(mesh, gateway, one, props, isAmbiguous ? undefined : names);
        }
      }
    }),
    { numRuns: 150 },
  );
  expect(served).toBeGreaterThan(50);
});

/** Adds a server. Those that are there keep their names and hosts; where it is refused, nothing changes at all. */
function isAccepted(gateway: IngressGateway, { hosts, options }: Call): boolean {
  const before = serversOf(gateway);
  try {
    gateway.addServer(hosts, options);
  } catch {
    expect(refusalOf(() => gateway.addServer(hosts, options))).toMatch(/^chart\/door: .*[.]$/);
    expect(serversOf(gateway)).toEqual(before);
    return false;
  }
  const after = serversOf(gateway);
  expect(after.slice(0, before.length)).toMatchObject(before.map(({ port }) => ({ port })));
  expect(new Set(after.map(({ port }) => port.name)).size).toBe(after.length);
  return true;
}

function serversOf(gateway: IngressGateway): { port: { name: string }; tls?: object }[] {
  return gateway.resource.toJson().spec.servers ?? [];
}

/** Each host is answered as was asked for: by its own routes, where `names` says the hosts of all. */
function expectServed(
  mesh: Mesh,
  gateway: IngressGateway,
  { hosts, options }: Call,
  props: GatewayOptions,
  names?: readonly string[],
): void {
  const { port = props.port ?? 80, tls = props.tls } = options;
  const tlsPort = tls?.port ?? 443;
  const isRedirect = tls !== undefined && (tls.redirectHttp ?? (port === 80 && tlsPort === 443));
  for (const host of hosts) {
    const name = host.replace(/^\*(\.|$)/, (_, dot) => (dot === '' ? 'elsewhere.net' : 'probe.'));
    const routes = names && { virtualService: { name: `routes-${names.indexOf(host)}` } };
    const answered = { outcome: 'FORWARD', ...routes };
    const plain = mesh.route({ url: `http://${name}:${port}/` });
    expect(plain).toMatchObject(isRedirect ? { outcome: 'REDIRECT' } : answered);
    if (tls !== undefined) {
      const secure = mesh.route({ url: `https://${name}:${tlsPort}/` });
      expect(secure).toMatchObject(answered);
      const server = /\d+/.exec(secure.trace[0].path ?? '')?.[0];
      expect(serversOf(gateway)[Number(server)].tls).toMatchObject({ credentialName: tls.credentialName });
    }
  }
}
