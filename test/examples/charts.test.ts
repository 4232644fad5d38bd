/*
 * The two systems, and Istio's sample: that the charts carry the original names, ports, replicas and rules, and none of
 * the original faults.
 */
import { App, Chart, Testing } from 'cdk8s';
import { ApisChart } from '../../examples/apis/chart';
import { jason } from '../../examples/bookinfo/tasks';
import { HelloChart } from '../../examples/hello/chart';
import { HelloworldChart } from '../../examples/helloworld/chart';
import {
  containerIn,
  deploymentIn,
  kinds,
  type Labels,
  type Manifest,
  only,
  podIn,
  podLabelsIn,
  selects,
  titles,
} from '../support/synth';
import { expectValid } from '../support/valid';

const CHARTS = { hello: HelloChart, apis: ApisChart, helloworld: HelloworldChart };

describe.each(Object.entries(CHARTS))('%s', (id, ExampleChart) => {
  const manifests = manifestsOf(id);

  test('is this', () => {
    expect(manifests).toMatchSnapshot();
  });

  test('would be accepted by a cluster', () => {
    expectValid(manifests);
  });

  test('is the same, byte by byte, a second time', () => {
    const yaml = () => {
      const app = new App();
      new ExampleChart(app, id);
      return String(app.synthYaml());
    };
    expect(yaml()).toBe(yaml());
  });

  test('begins with its namespace, whose pods get a sidecar, and is in it', () => {
    const [namespace, ...others] = manifests;
    expect(namespace).toMatchObject({
      kind: 'Namespace',
      metadata: { name: id, labels: { 'istio-injection': 'enabled' } },
    });
    expect(new Set(others.map(({ metadata }) => metadata.namespace))).toEqual(new Set([id]));
  });

  test('ends with the gateway and the routes', () => {
    expect(kinds(manifests).slice(-2)).toEqual(['Gateway', 'VirtualService']);
  });

  test('uses no API that is gone, and selects its own pods', () => {
    for (const { apiVersion, metadata } of manifests.filter(({ kind }) => kind === 'Deployment')) {
      expect(apiVersion).toBe('apps/v1');
      const { selector } = deploymentIn(manifests, metadata.name);
      expect(selects(selector.matchLabels as Labels, podLabelsIn(manifests, metadata.name))).toBe(true);
    }
  });

  test('names every port, so that Istio need not guess its protocol', () => {
    for (const { spec } of manifests.filter(({ kind }) => kind === 'Service')) {
      expect((spec.ports as { name?: string }[]).map(({ name }) => name)).toEqual(['http']);
    }
  });

  test('opens the gateway for HTTP, so that http routes count', () => {
    expect(only(manifests, 'Gateway')).toHaveProperty('spec.servers.0.port', {
      name: 'http',
      number: 80,
      protocol: 'HTTP',
    });
  });

  test('runs nothing as root', () => {
    for (const { metadata } of manifests.filter(({ kind }) => kind === 'Deployment')) {
      expect(podIn(manifests, metadata.name).securityContext?.runAsNonRoot).toBe(true);
    }
  });
});

describe('hello carries the first system', () => {
  const manifests = manifestsOf('hello');

  test('the Service hello-python-service: 5000 to 5000, by a load balancer', () => {
    const { spec } = only(manifests, 'Service', 'hello-python-service');
    expect(spec).toMatchObject({
      type: 'LoadBalancer',
      selector: { app: 'hello-python' },
      ports: [{ port: 5000, targetPort: 5000, name: 'http' }],
    });
    expect((spec.ports as { protocol?: string }[])[0].protocol ?? 'TCP').toBe('TCP');
  });

  test('the Deployment hello-python: four pods of an image that is only on the node', () => {
    expect(deploymentIn(manifests, 'hello-python').replicas).toBe(4);
    expect(only(manifests, 'Deployment').metadata.labels).toMatchObject({ app: 'hello-python' });
    expect(podLabelsIn(manifests)).toMatchObject({ app: 'hello-python' });
    expect(containerIn(manifests)).toMatchObject({
      image: 'hello-python:latest',
      imagePullPolicy: 'Never',
      ports: [{ containerPort: 5000 }],
    });
  });

  test('the selector of the Service reaches the pods', () => {
    const { selector } = only(manifests, 'Service').spec;
    expect(selects(selector as Labels, podLabelsIn(manifests))).toBe(true);
  });

  test('and the same app on Istio', () => {
    expect(only(manifests, 'VirtualService').spec).toMatchObject({
      gateways: ['hello-ingress'],
      http: [{ route: [{ destination: { host: 'hello-python-service', subset: 'v1', port: { number: 5000 } } }] }],
    });
    expect(only(manifests, 'DestinationRule').spec).toEqual({
      host: 'hello-python-service',
      subsets: [{ name: 'v1', labels: { version: 'v1' } }],
    });
  });
});

describe('apis carries the second system', () => {
  const manifests = manifestsOf('apis');

  test('two versions behind two Services, each reaching its own pods', () => {
    for (const [service, other] of [
      ['romo-valadez-kubernetes-service', 'romo-valadez-istio-service'],
      ['romo-valadez-istio-service', 'romo-valadez-kubernetes-service'],
    ]) {
      const selector = only(manifests, 'Service', service).spec.selector as Labels;
      expect(selects(selector, podLabelsIn(manifests, deploymentOf(selector)))).toBe(true);
      const otherSelector = only(manifests, 'Service', other).spec.selector as Labels;
      expect(selects(selector, podLabelsIn(manifests, deploymentOf(otherSelector)))).toBe(false);
    }
  });

  test('two images, one a version, which can be told apart', () => {
    const images = titles(manifests)
      .filter((title) => title.startsWith('Deployment '))
      .map((title) => containerIn(manifests, title.slice('Deployment '.length)))
      .map(({ image, env }) => [image, env?.[0].value]);
    expect(images).toEqual([
      [expect.stringMatching(/apis:v1$/), 'v1'],
      [expect.stringMatching(/apis:v2$/), 'v2'],
    ]);
  });

  test('the Gateway apis-gateway: for all hosts on port 80, by the pods of the ingress gateway', () => {
    expect(only(manifests, 'Gateway', 'apis-gateway').spec).toEqual({
      selector: { app: 'istio-ingressgateway' },
      servers: [{ port: { name: 'http', number: 80, protocol: 'HTTP' }, hosts: ['*'] }],
    });
  });

  test('the VirtualService apis-service-ingress: Chrome to the one, everything else to the other', () => {
    const destination = (host: string) => [{ destination: { host, port: { number: 80 } } }];
    expect(only(manifests, 'VirtualService', 'apis-service-ingress').spec).toEqual({
      hosts: ['*'],
      gateways: ['apis-gateway'],
      http: [
        {
          name: 'chrome',
          match: [{ headers: { 'user-agent': { regex: '.*Chrome.*' } } }],
          route: destination('romo-valadez-kubernetes-service'),
        },
        { route: destination('romo-valadez-istio-service') },
      ],
    });
  });

  function deploymentOf(selector: Labels): string {
    const found = manifests.filter(
      ({ kind, metadata }) => kind === 'Deployment' && selects(selector, podLabelsIn(manifests, metadata.name)),
    );
    expect(found).toHaveLength(1);
    return found[0].metadata.name;
  }
});

describe("helloworld carries Istio's sample", () => {
  const manifests = manifestsOf('helloworld');

  test.each(['v1', 'v2'])('%s: the published image, as a numeric user, on port 5000', (version) => {
    expect(containerIn(manifests, `helloworld-${version}`)).toMatchObject({
      image: `registry.istio.io/release/examples-helloworld-${version}:1.0`,
      imagePullPolicy: 'IfNotPresent',
      ports: [{ containerPort: 5000 }],
      readinessProbe: { httpGet: { path: '/health', port: 5000 } },
      volumeMounts: [{ mountPath: '/tmp' }],
    });
    expect(podIn(manifests, `helloworld-${version}`).securityContext?.runAsUser).toBeGreaterThan(0);
  });

  test('the header x-version picks v2, from outside and inside alike; v1 is the default', () => {
    const destination = (subset: string) => [{ destination: { host: 'helloworld', subset, port: { number: 5000 } } }];
    expect(only(manifests, 'VirtualService').spec).toEqual({
      hosts: ['helloworld.example.com', 'helloworld'],
      gateways: ['helloworld-gateway', 'mesh'],
      http: [
        { name: 'v2-by-header', match: [{ headers: { 'x-version': { exact: 'v2' } } }], route: destination('v2') },
        { route: destination('v1') },
      ],
    });
  });
});

test('all examples live in one app, as `npm run synth` has them', () => {
  const app = new App();
  for (const [id, ExampleChart] of Object.entries(CHARTS)) {
    new ExampleChart(app, id);
  }
  jason(app, 'bookinfo');
  expect(() => app.synthYaml()).not.toThrow();
  expect(app.node.children.every(Chart.isChart)).toBe(true);
});

function manifestsOf(id: string): Manifest[] {
  return Testing.synth(new CHARTS[id as keyof typeof CHARTS](new App(), id));
}
