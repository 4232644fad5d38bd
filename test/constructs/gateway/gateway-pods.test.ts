/*
 * A gateway whose pods the same app makes.
 */
import { App, Chart } from 'cdk8s';
import {
  type Finding,
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  IngressGateway,
  type IngressGatewayProps,
  Mesh,
  MeshSecurity,
  RouteOutcome,
} from 'cdk8s-versioned-mesh';
import { GatewayPods } from '../../support/gateway-pods';
import { refusalOf, testRefusals } from '../../support/refusal';
import { newChart, only, synth, titles } from '../../support/synth';
import { versioned } from '../../support/versioned';

test('they say by which labels they are selected, and whose they are', () => {
  const chart = newChart();
  const pods = new GatewayPods(chart, 'pods');
  const gateway = new IngressGateway(chart, 'door', { pods });
  gateway.addServer(['shop.example.com']);
  expect(gateway.selector).toEqual(pods.selector);
  expect(gateway.serviceAccount).toBe('edge/edge');
  expect(gateway.callerIdentity()).toEqual({ namespace: 'edge', serviceAccounts: ['edge'], podLabels: pods.selector });
  expect(only(synth(chart), 'Gateway').spec.selector).toEqual(pods.selector);
});

test('the gateway that a mesh makes can have them, and is let in', () => {
  const chart = newChart();
  const security = MeshSecurity.strict();
  new HeaderRoutedMesh(chart, 'ingress', {
    ...versioned(chart),
    hosts: ['shop.example.com'],
    gatewayOptions: { pods: new GatewayPods(chart, 'pods'), namespace: 'edge' },
    security,
  });
  const manifests = synth(chart);
  expect(only(manifests, 'Gateway').spec.selector).toEqual({ app: 'edge', istio: 'edge' });
  const { rules } = only(manifests, 'AuthorizationPolicy').spec as { rules: unknown[] };
  expect(JSON.stringify(rules)).toContain('ns/edge/sa/edge');
  const ingress = JSON.stringify(only(manifests, 'NetworkPolicy').spec.ingress);
  expect(ingress).toContain('{"app":"edge","istio":"edge"}');
});

test('requests come in by them', () => {
  const chart = routed({});
  const decision = Mesh.fromChart(chart).route({ url: 'http://shop.example.com/' });
  expect(decision.outcome).toBe(RouteOutcome.FORWARD);
  expect(Mesh.fromChart(chart).check().filter(isOfGateway)).toEqual([]);
});

test.each([{ port: 8080 }, { tls: { credentialName: 'shop', port: 8443 } }])(
  'a port that their Service does not open is found: %j',
  (options) => {
    const [finding, ...more] = Mesh.fromChart(routed(options)).check().filter(isOfGateway);
    expect(finding.check).toBe('gateway-port-not-on-service');
    expect(finding.message).toContain('is not a port of Service edge');
    expect(more).toEqual([]);
  },
);

describe('the Gateway comes after them', () => {
  test('in one chart', () => {
    const chart = newChart();
    const apis = versioned(chart);
    const gateway = new IngressGateway(chart, 'door', { pods: new GatewayPods(chart, 'pods') });
    gateway.addServer(['shop.example.com']);
    new HeaderRoutedMesh(chart, 'ingress', { ...apis, hosts: ['shop.example.com'], gateway });
    const order = titles(synth(chart));
    expect(order.indexOf('Gateway door')).toBeGreaterThan(order.indexOf('Deployment edge'));
    expect(order.indexOf('Gateway door')).toBeGreaterThan(order.indexOf('Service edge'));
    expect(order.indexOf('Gateway door')).toBeLessThan(order.indexOf('VirtualService ingress'));
  });

  test('in a chart that was made before theirs', () => {
    const app = new App();
    const [doors, istio] = [new Chart(app, 'doors'), new Chart(app, 'istio')];
    new IngressGateway(doors, 'door', { pods: new GatewayPods(istio, 'pods') }).addServer(['shop.example.com']);
    app.synthYaml();
    expect(app.charts.map(({ node }) => node.id)).toEqual(['istio', 'doors']);
  });

  test('or it is said why not', () => {
    const app = new App();
    const [doors, istio] = [new Chart(app, 'doors'), new Chart(app, 'istio')];
    new IngressGateway(doors, 'door', { pods: new GatewayPods(istio, 'pods') }).addServer(['shop.example.com']);
    istio.addDependency(doors);
    const message = refusalOf(() => app.synthYaml());
    expect(message).toContain(
      "The pods of Gateway 'door' are made in chart 'istio' (istio/pods), which comes after chart 'doors'",
    );
    expect(message).toContain("in a chart of their own, or in 'doors'");
  });

  test('unless another app makes them', () => {
    const chart = newChart();
    new IngressGateway(chart, 'door', { pods: new GatewayPods(newChart(), 'pods') }).addServer(['shop.example.com']);
    expect(titles(synth(chart))).toEqual(['Gateway door']);
  });
});

describe('what is refused', () => {
  const made = (props: object) => {
    const chart = newChart();
    return new IngressGateway(chart, 'door', { pods: new GatewayPods(chart, 'pods'), ...props } as IngressGatewayProps);
  };
  const mesh = (gatewayOptions: object) => {
    const chart = newChart();
    const pods = new GatewayPods(chart, 'pods');
    const hosts = ['shop.example.com'];
    const props = { ...versioned(chart), hosts, gatewayOptions: { pods, ...gatewayOptions } } as HeaderRoutedMeshProps;
    return new HeaderRoutedMesh(chart, 'ingress', props);
  };
  testRefusals([
    ['a selector beside', () => made({ selector: { istio: 'edge' } }), 'chart/door: pods and selector are both set'],
    [
      'an account beside',
      () => made({ serviceAccount: 'edge/edge' }),
      'pods and serviceAccount',
      'leave out serviceAccount',
    ],
    [
      'a selector beside, of a mesh',
      () => mesh({ selector: { istio: 'edge' } }),
      'chart/ingress: gatewayOptions.pods and gatewayOptions.selector are both set',
    ],
    ['labels', () => made({ pods: { istio: 'edge' } }), 'pods (an object of class Object)', 'platform.gateway'],
    ['a chart', () => made({ pods: newChart() }), 'pods (an object of class Chart)', 'platform.gateway'],
  ]);
});

/** A mesh behind a gateway whose pods are reached by ports 80 and 443. */
function routed(options: Pick<IngressGatewayProps, 'port' | 'tls'>): Chart {
  const chart = newChart();
  const gateway = new IngressGateway(chart, 'door', { pods: new GatewayPods(chart, 'pods'), ...options });
  gateway.addServer(['shop.example.com']);
  new HeaderRoutedMesh(chart, 'ingress', { ...versioned(chart), hosts: ['shop.example.com'], gateway });
  return chart;
}

function isOfGateway({ check }: Finding): boolean {
  return check.startsWith('gateway');
}
