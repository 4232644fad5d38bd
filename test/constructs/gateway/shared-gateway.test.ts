/*
 * One Gateway, and the meshes behind it.
 */
import { App, Chart, Testing } from 'cdk8s';
import { HeaderMatch, HeaderRoutedMesh, IngressGateway, Mesh, RoutingApi } from 'cdk8s-versioned-mesh';
import { manifestsOf, newChart, only, synth, titles } from '../../support/synth';
import { expectValid } from '../../support/valid';
import { versioned } from '../../support/versioned';

describe('two meshes share it, with a certificate each', () => {
  const chart = newChart();
  const gateway = new IngressGateway(chart, 'door', { namespace: 'istio-ingress' });
  for (const id of ['shop', 'blog']) {
    const routed = versioned(chart, id);
    const mesh = new HeaderRoutedMesh(chart, `${id}-routes`, { ...routed, gateway, hosts: [`${id}.example.com`] });
    mesh.route(routed.service.version('v2'), HeaderMatch.exact('x-version', 'v2'));
    // After the mesh: what the gateway serves is asked for at synthesis.
    gateway.addServer([`${id}.example.com`], { tls: { credentialName: `${id}-cert`, mutual: id === 'blog' } });
  }
  const manifests = synth(chart);
  const mesh = Mesh.fromChart(chart);

  test('is what a cluster takes, and no check finds anything wrong', () => {
    expectValid(manifests);
    expect(mesh.check()).toEqual([]);
  });

  test('is named by both', () => {
    for (const name of ['shop-routes', 'blog-routes']) {
      expect(only(manifests, 'VirtualService', name).spec.gateways).toEqual(['istio-ingress/door']);
    }
  });

  test.each(['shop', 'blog'])('leads HTTPS for %s to its versions, and HTTP there', (id) => {
    const url = `https://${id}.example.com/`;
    expect(mesh.route({ url })).toMatchObject({ outcome: 'FORWARD', destinations: [{ subset: 'v1' }] });
    expect(mesh.route({ url, headers: { 'x-version': 'v2' } }).destinations).toMatchObject([
      { host: `${id}.shop.svc.cluster.local`, subset: 'v2' },
    ]);
    expect(mesh.route({ url: `http://${id}.example.com/a?b` })).toMatchObject({
      outcome: 'REDIRECT',
      status: 301,
      location: `https://${id}.example.com/a?b`,
    });
  });

  test('knows no other host, and listens on no other port', () => {
    expect(mesh.route({ url: 'https://other.example.com/' }).outcome).toBe('TLS_FAILURE');
    expect(mesh.route({ url: 'http://other.example.com/' }).outcome).toBe('NO_VIRTUAL_HOST');
    expect(mesh.route({ url: 'http://shop.example.com:8080/' }).outcome).toBe('NO_LISTENER');
  });

  test('is applied after the services and before the routes', () => {
    const order = titles(manifests);
    const door = order.indexOf('Gateway door');
    for (const id of ['shop', 'blog']) {
      expect(order.indexOf(`Deployment ${id}-v2`)).toBeLessThan(door);
      expect(order.indexOf(`VirtualService ${id}-routes`)).toBeGreaterThan(door);
    }
  });
});

describe('hosts that no server takes', () => {
  const complaints = (hosts: string[], served: string[]) => {
    const chart = newChart();
    const gateway = new IngressGateway(chart, 'door');
    new HeaderRoutedMesh(chart, 'routes', { ...versioned(chart), gateway, hosts });
    gateway.addServer(served);
    return gateway.node.validate();
  };

  test('are a mistake, each of them', () => {
    expect(complaints(['a.example.com', 'b.example.com'], ['a.example.com'])).toEqual([
      "Gateway 'door' does not serve host 'b.example.com' of chart/routes, so clients would get 404; add it with addServer(['b.example.com']).",
    ]);
  });

  test.each([
    ['*.example.com', ['a.example.com', 'x.org', 'b.example.com'], "'a.example.com' and 'b.example.com'"],
    ['*', ['*.example.com'], "'*.example.com'"],
  ])('but in part are a mistake: %s', (host, served, part) => {
    expect(complaints([host], served)).toEqual([
      `Gateway 'door' serves only ${part} of host '${host}' of chart/routes, so clients that ask for another name would get 404; add it with addServer(['${host}']), or have the mesh name the hosts that are served.`,
    ]);
  });

  test.each([
    [['a.example.com'], ['*.example.com']],
    [['*.a.example.com'], ['*.example.com']],
    [['*.example.com'], ['a.example.com', '*.example.com']],
    [['a.example.com'], ['*']],
  ])('%j are taken by a server for %j', (hosts, served) => {
    expect(complaints(hosts, served)).toEqual([]);
  });

  test('of a Gateway that is there already are its own affair', () => {
    const chart = newChart();
    const gateway = IngressGateway.fromGatewayName(chart, 'door', 'public');
    const hosts = ['a.example.com'];
    new HeaderRoutedMesh(chart, 'routes', { ...versioned(chart), gateway, hosts, checks: false });
    expect(titles(synth(chart))).not.toContainEqual(expect.stringMatching(/^Gateway/));
  });
});

describe('a host that two meshes route', () => {
  const complaints = (...servers: [hosts: string[], credentialName: string][]) => {
    const chart = newChart();
    const gateway = new IngressGateway(chart, 'door');
    for (const [hosts, credentialName] of servers) {
      gateway.addServer(hosts, { tls: { credentialName } });
    }
    for (const [id, host] of Object.entries({ wide: '*.example.com', narrow: 'a.example.com' })) {
      new HeaderRoutedMesh(chart, id, { ...versioned(chart, `for-${id}`), gateway, hosts: [host] });
    }
    return gateway.node.validate();
  };

  test('is a mistake where it has a certificate of its own: one of the two would never be asked', () => {
    expect(complaints([['*.example.com'], 'wide'], [['a.example.com'], 'narrow'])).toEqual([
      "Gateway 'door' gets routes for host 'a.example.com' from chart/wide and from chart/narrow, and uses only those that are older in the cluster; route it by one mesh, or, where it belongs to a wildcard host, serve it with the wildcard's certificate.",
    ]);
  });

  test('is answered by those for its own name where it has none', () => {
    expect(complaints([['*.example.com'], 'wide'])).toEqual([]);
    expect(complaints([['a.example.com'], 'wide'], [['*.example.com'], 'wide'])).toEqual([]);
  });

  test('by the same name is a mistake', () => {
    const chart = newChart();
    const gateway = new IngressGateway(chart, 'door');
    gateway.addServer(['a.example.com']);
    for (const id of ['one', 'two']) {
      new HeaderRoutedMesh(chart, id, { ...versioned(chart, `for-${id}`), gateway, hosts: ['a.example.com'] });
    }
    expect(gateway.node.validate()).toEqual([
      expect.stringMatching(/'a\.example\.com' from chart\/one and from chart\/two, .*; route it by one mesh/),
    ]);
  });
});

describe('how routes name it', () => {
  test.each([
    ['public', undefined, 'public'],
    ['public', 'shop', 'public'],
    ['public', 'istio-ingress', 'istio-ingress/public'],
    // Without its namespace, 'mesh' would be Istio's word for all sidecars.
    ['mesh', 'shop', 'shop/mesh'],
  ])('%s in namespace %s as %s', (name, namespace, reference) => {
    const manifests = manifestsOf((chart) => {
      const gateways = {
        existing: IngressGateway.fromGatewayName(chart, 'existing-door', name, { namespace }),
        made: new IngressGateway(chart, 'made-door', { name, namespace }),
      };
      gateways.made.addServer(['*']);
      for (const [id, gateway] of Object.entries(gateways)) {
        new HeaderRoutedMesh(chart, `${id}-routes`, { ...versioned(chart, id), gateway, hosts: [`${id}.example.com`] });
      }
    });
    for (const id of ['existing', 'made']) {
      expect(only(manifests, 'VirtualService', `${id}-routes`).spec.gateways).toEqual([reference]);
    }
  });
});

describe('charts', () => {
  const hosts = ['a.example.com'];

  /** Has a mesh in `inner` route by a gateway in `outer`. */
  function share(outer: Chart, inner: Chart): void {
    const gateway = new IngressGateway(outer, 'door');
    gateway.addServer(hosts);
    new HeaderRoutedMesh(inner, 'routes', { ...versioned(inner), gateway, hosts });
  }

  test.each<[string, () => Chart[]]>([
    ['beside each other', () => chartsIn(new App())],
    ['of which the one with the gateway holds the other', () => nested().reverse()],
    ['of which the other holds the one with the gateway', () => nested()],
  ])('%s share it without a cycle', (_, charts) => {
    const [outer, inner] = charts();
    share(outer, inner);
    expect([...Testing.synth(outer), ...Testing.synth(inner)].map(({ kind }) => kind)).toContain('Gateway');
    expect((outer.node.root as App).synthYaml()).toContain('kind: VirtualService');
  });

  test('of which each depends on the other already, by a mesh, share it without a cycle', () => {
    const [door, shop] = chartsIn(new App());
    const gateway = new IngressGateway(door, 'door');
    gateway.addServer(hosts);
    const routed = versioned(shop);
    new HeaderRoutedMesh(shop, 'routes', { ...routed, gateway, hosts });
    gateway.addServer(['b.example.com']);
    new HeaderRoutedMesh(door, 'more', { ...routed, gateway, hosts: ['b.example.com'] });
    expect((door.node.root as App).synthYaml()).toContain('name: more');
  });

  function chartsIn(app: App): Chart[] {
    return ['door', 'shop'].map((id) => new Chart(app, id, { namespace: 'shop' }));
  }

  function nested(): Chart[] {
    const holder = new Chart(new App(), 'holder', { namespace: 'shop' });
    return [new Chart(holder, 'held', { namespace: 'shop' }), holder];
  }
});

describe('by what services know it', () => {
  const account = 'istio-ingress/istio-ingress';

  test('the account and the labels of the pods that `istioctl install` makes', () => {
    expect(new IngressGateway(newChart(), 'door').callerIdentity()).toEqual({
      namespace: 'istio-system',
      serviceAccounts: ['istio-ingressgateway-service-account'],
      podLabels: { istio: 'ingressgateway' },
    });
  });

  test('what is said of its pods', () => {
    const gateway = new IngressGateway(newChart(), 'door', { selector: { istio: 'ingress' }, serviceAccount: account });
    expect(gateway.callerIdentity()).toEqual({
      namespace: 'istio-ingress',
      serviceAccounts: ['istio-ingress'],
      podLabels: { istio: 'ingress' },
    });
    expect(gateway).toMatchObject({ serviceAccount: account, selector: { istio: 'ingress' } });
  });

  test('the account of one that is there already', () => {
    const gateway = IngressGateway.fromGatewayName(newChart(), 'door', 'public', { serviceAccount: account });
    expect(gateway.serviceAccount).toBe(account);
  });

  test('for other pods it has to be said', () => {
    const gateway = new IngressGateway(newChart(), 'door', { selector: { istio: 'ingress' } });
    expect(gateway.serviceAccount).toBeUndefined();
    expect(() => gateway.callerIdentity()).toThrow(/^chart\/door: .* not known.*set serviceAccount.*\.$/);
  });
});

test('its lists and maps are copies', () => {
  const hosts = ['a.example.com'];
  const selector: { [key: string]: string } = { istio: 'ingress' };
  const chart = newChart();
  const gateway = new IngressGateway(chart, 'door', { selector, api: RoutingApi.ISTIO_V1BETA1 });
  gateway.addServer(hosts);
  hosts.push('b.example.com');
  for (const map of [selector, gateway.selector as typeof selector]) {
    map.istio = 'other';
  }
  expect(only(synth(chart), 'Gateway')).toMatchObject({
    apiVersion: 'networking.istio.io/v1beta1',
    spec: { selector: { istio: 'ingress' }, servers: [{ hosts: ['a.example.com'] }] },
  });
});
