import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import {
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  type IIngressGateway,
  VersionedService,
} from 'cdk8s-versioned-mesh';
import type { IConstruct } from 'constructs';
import { Mesh } from '../../../src/mesh';

const CHECK = 'http-routes-on-tcp-server';
const CLUSTER = 'cdk8s-versioned-mesh/cluster';

let written: string[];

beforeEach(() => {
  written = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});

afterEach(() => jest.restoreAllMocks());

describe('a clean app', () => {
  test('synthesizes, and prints nothing', () => {
    const app = Testing.app();
    meshIn(chartIn(app, 'shop'));
    app.synth();
    expect(written).toEqual([]);
  });
});

test('names in full are read in the domain that the services were given', () => {
  const app = Testing.app();
  const service = new VersionedService(chartIn(app, 'shop'), 'apis', { clusterDomain: 'corp.local' });
  const v1 = service.addVersion('v1', { image: 'apis:1' });
  const chart = new Chart(app, 'routing', { namespace: 'routing' });
  new HeaderRoutedMesh(chart, 'routes', { hosts: ['apis.example.com'], service, defaultVersion: v1 });
  app.synth();
  expect(written).toEqual([]);
});

describe('an error', () => {
  test('stops synthesis, and says what, where and what to write', () => {
    const app = Testing.app();
    meshNobodyReads(chartIn(app, 'shop'));
    const message = refusalOf(() => app.synth());
    expect(message).toContain(`error ${CHECK}  VirtualService shop/ingress spec.http (shop/ingress/VirtualService)\n`);
    expect(message).toMatch(/^ {4}help: .*'protocol: HTTP'/m);
  });

  test('stops the synthesis of one chart, of YAML, and of a test too', () => {
    const app = Testing.app();
    const chart = chartIn(app, 'shop');
    meshNobodyReads(chart);
    for (const synthesize of [() => app.synthYaml(), () => chart.toJson(), () => Testing.synth(chart)]) {
      expect(synthesize).toThrow(CHECK);
    }
  });

  test('comes together with all others of the app, those of other validations included', () => {
    const app = Testing.app();
    for (const id of ['shop', 'books']) {
      meshNobodyReads(chartIn(app, id));
    }
    app.node.addValidation({ validate: () => ['the moon is full'] });
    const message = refusalOf(() => app.synth());
    expect(message).toContain('VirtualService shop/ingress');
    expect(message).toContain('VirtualService books/ingress');
    expect(message).toContain('the moon is full');
  });

  test('is found in objects that no construct of this library made', () => {
    const app = Testing.app();
    meshIn(chartIn(app, 'shop'));
    const other = chartIn(app, 'other');
    const server = { port: { number: 90, name: 'tcp', protocol: 'TCP' }, hosts: ['other.example.com'] };
    istio(other, 'Gateway', { selector: { istio: 'ingressgateway' }, servers: [server] });
    istio(other, 'VirtualService', {
      hosts: ['other.example.com'],
      gateways: ['thing'],
      http: [{ route: [{ destination: { host: 'thing' } }] }],
    });
    expect(refusalOf(() => app.synth())).toContain(
      `${CHECK}  VirtualService other/thing spec.http (other/VirtualService)`,
    );
  });

  test('is seen once it is there, and no more once it is gone', () => {
    const chart = chartIn(Testing.app(), 'shop');
    const mesh = meshIn(chart);
    Testing.synth(chart);
    gatewayOf(mesh).addJsonPatch(JsonPatch.replace('/spec/servers/0/port/protocol', 'TCP'));
    expect(() => Testing.synth(chart)).toThrow(CHECK);
    gatewayOf(mesh).addJsonPatch(JsonPatch.replace('/spec/servers/0/port/protocol', 'HTTP'));
    Testing.synth(chart);
  });

  test('of an object that cannot be serialized is left to cdk8s, after all other validations', () => {
    const app = Testing.app();
    const mesh = meshIn(chartIn(app, 'shop'));
    gatewayOf(mesh).addJsonPatch(JsonPatch.replace('/spec/nothing/here', 1));
    app.node.addValidation({ validate: () => ['the moon is full'] });
    expect(() => app.synth()).toThrow('the moon is full');
  });
});

describe('a warning', () => {
  test('is printed once, and stops nothing', () => {
    const app = Testing.app();
    meshAndRouteAt(chartIn(app, 'shop'), 'absent');
    meshIn(chartIn(app, 'other'));
    app.synth();
    expect(written).toEqual([
      expect.stringMatching(
        /^warning gateway-not-found {2}VirtualService shop\/thing spec.gateways\[0\] \(shop\/VirtualService\)\n {2}.*\n {2}help: .*\n$/,
      ),
    ]);
  });

  test('is not printed anew when the same app is synthesized again', () => {
    const chart = chartIn(Testing.app(), 'shop');
    meshAndRouteAt(chart, 'absent');
    Testing.synth(chart);
    Testing.synth(chart);
    expect(written).toHaveLength(1);
  });
});

test('what is only worth knowing, such as a gateway that somebody else owns, is not printed', () => {
  const chart = chartIn(Testing.app(), 'shop');
  meshAndRouteAt(chart, 'istio-system/public');
  Testing.synth(chart);
  expect(Mesh.fromChart(chart).check()).toEqual([expect.objectContaining({ severity: 'info' })]);
  expect(written).toEqual([]);
});

describe('the checks can be switched off', () => {
  test('by the mesh', () => {
    const app = Testing.app();
    meshNobodyReads(chartIn(app, 'shop'), { checks: false });
    app.synth();
  });

  test('but not by one mesh for another', () => {
    const app = Testing.app();
    meshNobodyReads(chartIn(app, 'shop'), { checks: false });
    meshIn(chartIn(app, 'other'));
    expect(() => app.synth()).toThrow(CHECK);
  });

  test('for the app, by context', () => {
    const app = Testing.app();
    app.node.setContext('cdk8s-versioned-mesh/checks', 'off');
    meshNobodyReads(chartIn(app, 'shop'));
    app.synth();
  });

  test('by no other value of the context', () => {
    const app = Testing.app();
    app.node.setContext('cdk8s-versioned-mesh/checks', 'false');
    meshIn(chartIn(app, 'shop'));
    expect(() => app.synth()).toThrow(/'cdk8s-versioned-mesh\/checks' is "false".*'off'/);
  });

  test('one by one for the app, and a misspelt one is refused', () => {
    const app = Testing.app();
    app.node.setContext('cdk8s-versioned-mesh/ignore', `gateway-not-found, ${CHECK}`);
    meshNobodyReads(chartIn(app, 'shop'));
    app.synth();

    const misspelt = Testing.app();
    misspelt.node.setContext('cdk8s-versioned-mesh/ignore', 'http-routes-on-tcp');
    meshIn(chartIn(misspelt, 'shop'));
    expect(() => misspelt.synth()).toThrow("There is no check 'http-routes-on-tcp'");
  });

  test('one by one for an object, by annotation', () => {
    const app = Testing.app();
    const mesh = meshNobodyReads(chartIn(app, 'shop'));
    mesh.routeObjects[0].metadata.addAnnotation('cdk8s-versioned-mesh/ignore', CHECK);
    app.synth();
  });
});

describe('charts for different clusters', () => {
  test('are looked at apart', () => {
    const app = Testing.app();
    const broken = chartIn(app, 'broken', 'eu');
    const mesh = meshIn(broken, { namespace: 'shop' });
    gatewayOf(mesh).addJsonPatch(JsonPatch.replace('/spec/servers/0/port/protocol', 'TCP'));
    meshIn(chartIn(app, 'sound', 'us'), { namespace: 'shop' });
    const message = refusalOf(() => app.synth());
    expect(message).toContain('(broken/ingress/VirtualService)');
    expect(message).not.toContain('(sound/ingress/VirtualService)');
  });
});

describe('what has not changed is not checked again', () => {
  test.each(['synth', 'synthYaml'] as const)('by %s, however many charts there are', (synthesize) => {
    const app = appOfShops(5);
    const checked = jest.spyOn(Mesh.prototype, 'check');
    app[synthesize]();
    app[synthesize]();
    expect(checked).toHaveBeenCalledTimes(1);
  });

  test('nor serialized more than twice beside what is written, however many charts there are', () => {
    const app = appOfShops(6);
    const objects = app.node.findAll().filter((construct) => ApiObject.isApiObject(construct)).length;
    const serialized = jest.spyOn(ApiObject.prototype, 'toJson');
    app.synthYaml();
    expect(serialized).toHaveBeenCalledTimes(3 * objects);
  });

  test('and is refused again', () => {
    const app = Testing.app();
    meshNobodyReads(chartIn(app, 'shop'));
    const checked = jest.spyOn(Mesh.prototype, 'check');
    expect(refusalOf(() => app.synth())).toBe(refusalOf(() => app.synth()));
    expect(checked).toHaveBeenCalledTimes(1);
  });
});

describe('what has changed is checked again:', () => {
  test('an object more', () => {
    const chart = chartIn(Testing.app(), 'shop');
    meshIn(chart);
    Testing.synth(chart);
    routesTo('nowhere', chart);
    Testing.synth(chart);
    expect(written.join()).toContain('routes to nowhere.shop');
  });

  test('a manifest that its object hands out each time, and that was changed in place', () => {
    const spec = { hosts: ['thing'], http: [{ route: [{ destination: { host: 'shop' } }] }] };
    class OwnObject extends ApiObject {
      public override toJson() {
        return { apiVersion: this.apiVersion, kind: this.kind, metadata: { name: this.name, namespace: 'shop' }, spec };
      }
    }
    const chart = chartIn(Testing.app(), 'shop');
    meshIn(chart);
    new OwnObject(chart, 'own', { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' });
    Testing.synth(chart);
    spec.http[0].route[0].destination.host = 'nowhere';
    Testing.synth(chart);
    expect(written.join()).toContain('routes to nowhere.shop');
  });

  test('a patch in one of many charts, right after the app was synthesized', () => {
    const app = appOfShops(4);
    app.synthYaml();
    const [chart] = app.charts;
    const gateway = chart.node
      .findAll()
      .find((construct) => ApiObject.isApiObject(construct) && construct.kind === 'Gateway');
    (gateway as ApiObject).addJsonPatch(JsonPatch.replace('/spec/servers/0/port/protocol', 'TCP'));
    expect(refusalOf(() => Testing.synth(chart))).toContain(CHECK);
    expect(refusalOf(() => app.synthYaml())).toContain(CHECK);
  });

  test('by a validation, between the first look and what is written', () => {
    const app = Testing.app();
    const mesh = meshIn(chartIn(app, 'shop'));
    app.node.addValidation({
      validate: () => {
        ApiObject.of(mesh.gateway as IIngressGateway).addJsonPatch(
          JsonPatch.replace('/spec/servers/0/port/protocol', 'TCP'),
        );
        return [];
      },
    });
    expect(() => app.synth()).toThrow(CHECK);
  });

  test('what JSON has no words for', () => {
    const chart = chartIn(Testing.app(), 'shop');
    meshIn(chart);
    const data = { size: 1n };
    new ApiObject(chart, 'numbers', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'numbers' }, data });
    const checked = jest.spyOn(Mesh.prototype, 'check');
    Testing.synth(chart);
    Testing.synth(chart);
    expect(checked).toHaveBeenCalledTimes(2);
  });
});

describe('what is written is as it was last changed', () => {
  test('between two syntheses', () => {
    const app = Testing.app();
    const mesh = meshIn(chartIn(app, 'shop'));
    expect(app.synthYaml()).not.toContain('team: storefront');
    gatewayOf(mesh).metadata.addLabel('team', 'storefront');
    expect(app.synthYaml()).toContain('team: storefront');
    expect(gatewayOf(mesh).toJson().metadata.labels).toMatchObject({ team: 'storefront' });
  });

  test('after a synthesis that failed', () => {
    const app = Testing.app();
    const mesh = meshNobodyReads(chartIn(app, 'shop'));
    expect(() => app.synthYaml()).toThrow(CHECK);
    gatewayOf(mesh).addJsonPatch(JsonPatch.replace('/spec/servers/0/port/protocol', 'HTTP'));
    expect(app.synthYaml()).toContain('protocol: HTTP');
  });

  test('by a validation', () => {
    const app = Testing.app();
    const mesh = meshIn(chartIn(app, 'shop'));
    app.node.addValidation({
      validate: () => {
        gatewayOf(mesh).metadata.addLabel('team', 'storefront');
        return [];
      },
    });
    expect(app.synthYaml()).toContain('team: storefront');
  });

  test('by a chart that serializes itself', () => {
    class OwnChart extends Chart {
      public override toJson() {
        gatewayOf(mesh).metadata.addLabel('team', 'storefront');
        return super.toJson();
      }
    }
    const app = Testing.app();
    const mesh = meshIn(new OwnChart(app, 'shop', { namespace: 'shop' }));
    expect(app.synthYaml()).toContain('team: storefront');
  });

  test('by an object that was given its own way to be serialized', () => {
    const app = Testing.app();
    const mesh = meshIn(chartIn(app, 'shop'));
    const gateway = gatewayOf(mesh);
    gateway.toJson = () => ({ ...ApiObject.prototype.toJson.call(gateway), status: 'own' });
    expect(app.synthYaml()).toContain('status: own');
    expect(app.synthYaml()).toContain('status: own');
  });

  test('by an app that synthesizes more than once', () => {
    class OwnApp extends App {
      public override synthYaml() {
        const first = super.synthYaml();
        gatewayOf(mesh).metadata.addLabel('team', 'storefront');
        return `${first}---\n${super.synthYaml()}`;
      }
    }
    const app = new OwnApp({ outdir: Testing.app().outdir });
    const mesh = meshIn(chartIn(app, 'shop'));
    expect(app.synthYaml()).toContain('team: storefront');
  });
});

function appOfShops(count: number): App {
  const app = Testing.app();
  for (let chart = 0; chart < count; chart++) {
    meshIn(chartIn(app, `shop-${chart}`));
  }
  return app;
}

function chartIn(app: App, id: string, cluster?: string): Chart {
  const chart = new Chart(app, id, { namespace: id });
  if (cluster !== undefined) {
    chart.node.setContext(CLUSTER, cluster);
  }
  return chart;
}

function meshIn(chart: Chart, props: Partial<HeaderRoutedMeshProps> = {}): HeaderRoutedMesh {
  const service = new VersionedService(chart, 'shop', { port: 80, namespace: props.namespace });
  const defaultVersion = service.addVersion('v1', { image: 'ghcr.io/acme/shop:1' });
  return new HeaderRoutedMesh(chart, 'ingress', {
    hosts: [`${chart.node.id}.example.com`],
    service,
    defaultVersion,
    ...props,
  });
}

/** Its Gateway speaks TCP, so that nothing reads the routes. */
function meshNobodyReads(chart: Chart, props: Partial<HeaderRoutedMeshProps> = {}): HeaderRoutedMesh {
  const mesh = meshIn(chart, props);
  gatewayOf(mesh).addJsonPatch(JsonPatch.replace('/spec/servers/0/port/protocol', 'TCP'));
  return mesh;
}

/** Beside the mesh, a VirtualService at a Gateway that the app does not make. */
function meshAndRouteAt(chart: Chart, gateway: string): void {
  meshIn(chart);
  istio(chart, 'VirtualService', {
    hosts: ['thing.example.com'],
    gateways: [gateway],
    http: [{ route: [{ destination: { host: 'shop' } }] }],
  });
}

function routesTo(host: string, chart: Chart): void {
  istio(chart, 'VirtualService', { hosts: ['thing'], http: [{ route: [{ destination: { host } }] }] });
}

function istio(chart: Chart, kind: string, spec: object): void {
  new ApiObject(chart, kind, { apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'thing' }, spec });
}

function refusalOf(synthesize: () => void): string {
  try {
    synthesize();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
}

function gatewayOf({ gateway }: HeaderRoutedMesh): ApiObject {
  return ApiObject.of(gateway as IConstruct);
}
