import { duplicateDestination } from '../../src/checks/destination/duplicate-destination';
import { singleDestinationWeight } from '../../src/checks/destination/single-destination-weight';
import { Severity } from '../../src/checks/finding';
import { ingressRulesNotAffected } from '../../src/checks/gateway/ingress-rules-not-affected';
import { meshHostConflict } from '../../src/checks/rules/mesh-host-conflict';
import { MeshModel } from '../../src/model/model';
import { describeCheck } from './cases';
import { deployment, destinationRule, type Manifest, manifest, routeTo, service, virtualService } from './manifests';

const to = (subset: string, rest: object = {}) => ({ destination: { host: 'apis', subset }, ...rest });
const route = (...destinations: object[]) => [
  virtualService('apis', { hosts: ['apis'], http: [{ route: destinations }] }),
];

describeCheck(singleDestinationWeight, {
  silent: {
    'no weight': route(to('v1')),
    '100': route(to('v1', { weight: 100 })),
    'several destinations': route(to('v1', { weight: 90 }), to('v2', { weight: 10 })),
  },
  found: {
    'a part of the requests': [
      route(to('v2', { weight: 10 })),
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].route[0].weight',
        kialiCodes: ['KIA1104'],
        words: ['every request', '90 percent'],
      },
    ],
  },
});

describeCheck(duplicateDestination, {
  silent: {
    'two subsets': route(to('v1', { weight: 1 }), to('v2', { weight: 1 })),
    'two ports': route(
      { destination: { host: 'apis', port: { number: 80 } }, weight: 1 },
      { destination: { host: 'apis', port: { number: 81 } }, weight: 1 },
    ),
    'headers of their own': route(
      to('v1', { weight: 1 }),
      to('v1', { weight: 1, headers: { request: { set: { a: 'b' } } } }),
    ),
    'in two rules': [
      virtualService('apis', {
        hosts: ['apis'],
        http: [{ match: [{ port: 80 }], ...routeTo('apis') }, routeTo('apis')],
      }),
    ],
  },
  found: {
    'one subset twice': [
      route(to('v1', { weight: 90 }), to('v1', { weight: 10 })),
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].route[1]',
        kialiCodes: ['KIA1105'],
        words: ['apis, subset v1', 'spec.http[0].route[0]'],
      },
    ],
    'by a longer name': [
      route(
        { destination: { host: 'apis' }, weight: 1 },
        { destination: { host: 'apis.shop.svc.cluster.local' }, weight: 1 },
      ),
      { path: 'spec.http[0].route[1]' },
    ],
  },
});

const claim = (name: string, spec: object = {}, metadata?: object): Manifest =>
  virtualService(
    name,
    { hosts: ['apis.shop.svc.cluster.local'], http: [routeTo('apis')], ...spec },
    metadata as Manifest,
  );

const tls = (name: string, match: object, exportTo?: readonly string[]) =>
  claim(name, { http: undefined, tls: [{ match: [match], ...routeTo('apis') }], ...(exportTo && { exportTo }) });
const tcp = (name: string, match?: readonly object[]) =>
  claim(name, { http: undefined, tcp: [{ ...(match && { match }), ...routeTo('apis') }] });

const egress = (home: string, hosts: readonly string[]): Manifest =>
  manifest('networking.istio.io/v1', 'Sidecar', `${home}/imports`, { egress: [{ hosts }] });

/** Bound to the mesh as well, where none of its rules can hold. */
const FOR_GATEWAYS = {
  gateways: ['edge', 'mesh'],
  http: [
    { match: [{ gateways: ['edge'] }], ...routeTo('apis') },
    { match: [{ gateways: ['shop/edge'] }, { gateways: ['other/edge'] }], ...routeTo('apis') },
  ],
};

describeCheck(meshHostConflict, {
  silent: {
    'one for the mesh, one for a gateway': [claim('a'), claim('b', { gateways: ['edge'] })],
    'other hosts': [claim('a'), claim('b', { hosts: ['web'] })],
    'short names of two namespaces': [claim('one/a', { hosts: ['apis'] }), claim('two/b', { hosts: ['apis'] })],
    'a host and a wildcard': [claim('a'), claim('b', { hosts: ['*.shop.svc.cluster.local'] })],
    'private to two namespaces': [claim('one/a', { exportTo: ['.'] }), claim('two/b', { exportTo: ['.'] })],
    'exported to nobody': [claim('a'), claim('b', { exportTo: ['~'] })],
    'only tcp routes': [claim('a'), claim('b', { http: undefined, tcp: [routeTo('apis')] })],
    'tls rules for different names': [tls('a', { sniHosts: ['a.com'] }), tls('b', { sniHosts: ['b.com'] })],
    'tls rules of which the older one is for some clients': [
      tls('a', { sniHosts: ['a.com'], sourceLabels: { app: 'x' } }),
      tls('b', { sniHosts: ['a.com'] }),
    ],
    'tls rules of which the older one is for gateways': [
      tls('a', { sniHosts: ['a.com'], gateways: ['edge'] }),
      tls('b', { sniHosts: ['a.com'] }),
    ],
    'tcp rules of which the older one is for another port': [tcp('a', [{ port: 80 }]), tcp('b')],
    'tcp rules of which the older one is for an address': [tcp('a', [{ destinationSubnets: ['10.0.0.1'] }]), tcp('b')],
    'a delegate': [claim('a'), claim('b', { hosts: undefined })],
    'the older one has rules for gateways alone': [claim('a', FOR_GATEWAYS), claim('b')],
    'the younger one has rules for gateways alone': [claim('a'), claim('b', FOR_GATEWAYS)],
    'the more narrowly exported one has rules for gateways alone': [
      claim('a'),
      claim('b', { ...FOR_GATEWAYS, exportTo: ['.'] }),
    ],
    'of a wildcard, the younger one has rules for gateways alone': [
      claim('a', { hosts: ['*.example.com'] }),
      claim('b', { ...FOR_GATEWAYS, hosts: ['*.example.com'] }),
    ],
  },
  found: {
    'the same host': [
      [claim('a'), claim('b')],
      {
        severity: Severity.ERROR,
        name: 'b',
        path: 'spec.hosts[0]',
        istioCodes: ['IST0109'],
        words: ['VirtualService shop/a', 'The manifests do not say'],
      },
    ],
    'by its short name': [[claim('a', { hosts: ['apis'] }), claim('b')], { name: 'b' }],
    'in other case': [[claim('a', { hosts: ['APIs.shop.svc.cluster.local'] }), claim('b')], { name: 'b' }],
    'the mesh beside a gateway': [[claim('a', { gateways: ['edge', 'mesh'] }), claim('b')], { name: 'b' }],
    'private, beside one for all: the private one counts in its namespace': [
      [claim('one/a', { exportTo: ['.'] }), claim('two/b')],
      { severity: Severity.INFO, name: 'b', words: ['for clients in namespace one', 'more narrowly exported'] },
    ],
    'private, and so before an older one': [
      [
        claim('a', {}, { creationTimestamp: '2024-01-01T00:00:00Z' }),
        claim('b', { exportTo: ['.'] }, { creationTimestamp: '2024-02-01T00:00:00Z' }),
      ],
      {
        severity: Severity.INFO,
        name: 'a',
        words: ['VirtualService shop/b', 'namespace shop', 'here those of this one'],
      },
    ],
    'both exported, one to fewer, and those who see both are all of its clients': [
      [claim('one/a', { exportTo: ['two'] }), claim('two/b', { exportTo: ['.'] })],
      { severity: Severity.ERROR, name: 'a', words: ['VirtualService two/b', 'more narrowly'] },
    ],
    'tls rules for the same name': [
      [tls('a', { sniHosts: ['a.com'] }), tls('b', { sniHosts: ['a.com'], port: 443 })],
      {
        severity: Severity.ERROR,
        name: 'b',
        path: 'spec.tls[0].match[0]',
        istioCodes: ['IST0109'],
        words: ['VirtualService shop/a takes the same connections', 'by spec.tls[0].match[0]'],
      },
    ],
    'tcp rules': [
      [tcp('a'), tcp('b', [{ port: 80 }])],
      { severity: Severity.ERROR, name: 'b', path: 'spec.tcp[0]', words: ['the tcp rules of both'] },
    ],
    'the older one is known': [
      [
        claim('a', {}, { creationTimestamp: '2024-02-01T00:00:00Z' }),
        claim('b', {}, { creationTimestamp: '2024-01-01T00:00:00Z' }),
      ],
      { name: 'a', words: ['here those of this one'] },
    ],
    'the older one has no rule for some clients, whose sidecars then use the other': [
      [claim('a', { http: [{ match: [{ sourceNamespace: 'one' }, { port: 80 }], ...routeTo('apis') }] }), claim('b')],
      { severity: Severity.WARNING, name: 'b', words: ['where one of its rules applies'] },
    ],
    'one of the rules of the older one holds in the mesh': [
      [claim('a', { ...FOR_GATEWAYS, http: [...FOR_GATEWAYS.http, routeTo('apis')] }), claim('b')],
      { severity: Severity.ERROR, name: 'b' },
    ],
    'the older one has rules for gateways alone, and a third conflicts': [
      [claim('a', FOR_GATEWAYS), claim('b'), claim('c')],
      { severity: Severity.ERROR, name: 'c', words: ['VirtualService shop/b also claims'] },
    ],
    'of a wildcard, the older one has rules for gateways alone, and has its services all the same': [
      [claim('a', { ...FOR_GATEWAYS, hosts: ['*.example.com'] }), claim('b', { hosts: ['*.example.com'] })],
      { severity: Severity.WARNING, name: 'b' },
    ],
    'private ones of many namespaces, of which two meet': [
      [claim('one/a', { exportTo: ['.'] }), claim('two/b', { exportTo: ['.'] }), claim('two/c', { exportTo: ['.'] })],
      { severity: Severity.ERROR, name: 'c', words: ['VirtualService two/b', 'the older of the two'] },
    ],
    'tls rules, private, exported and for all': [
      [
        tls('one/a', { sniHosts: ['a.com'] }, ['.']),
        tls('two/b', { sniHosts: ['a.com'] }, ['one']),
        tls('three/c', { sniHosts: ['a.com'] }, ['.']),
        tls('four/d', { sniHosts: ['a.com'] }),
      ],
      { severity: Severity.ERROR, name: 'b', words: ['VirtualService one/a', 'more narrowly'] },
      { severity: Severity.INFO, name: 'd', words: ['VirtualService one/a', 'for clients in namespace one'] },
    ],
    'some sidecars do not import the older one, and use the other': [
      [claim('one/a'), claim('two/b'), egress('three', ['two/*'])],
      { severity: Severity.WARNING, name: 'b', words: ['that import it'] },
    ],
    'a Sidecar that imports both, or neither': [
      [claim('one/a'), claim('two/b'), egress('three', ['*/*']), egress('four', ['./*'])],
      { severity: Severity.ERROR, name: 'b' },
    ],
  },
});

/** Rules for http and for bytes. */
const BOTH = { http: [routeTo('apis')], tls: [{ match: [{ sniHosts: ['a.com'] }], ...routeTo('apis') }] };

test('mesh-host-conflict ranks private VirtualServices of many namespaces without comparing all with all', () => {
  let looks = 0;
  const looksAmong = (count: number): number => {
    const many = Array.from({ length: count }, (_, index) => claim(`ns${index}/own`, { exportTo: ['.'], ...BOTH }));
    const mesh = new MeshModel(many.map((raw, document) => ({ raw, source: { document } })));
    const watched = mesh.effectiveVirtualServices.map((one) => ({
      ...one,
      get exportTo() {
        looks += 1;
        return one.exportTo;
      },
    }));
    const report = jest.fn();
    looks = 0;
    meshHostConflict.run(Object.create(mesh, { effectiveVirtualServices: { value: watched } }), report);
    expect(report).not.toHaveBeenCalled();
    return looks;
  };
  const some = looksAmong(20);
  expect(some).toBeGreaterThan(0);
  // Twice as many namespaces: twice the work.
  expect(looksAmong(40)).toBeLessThanOrEqual(2 * some);
});

const splits = (spec: object = {}) =>
  virtualService('split', {
    hosts: ['apis'],
    http: [{ match: [{ headers: { a: {} } }], route: [to('v2')] }, { route: [to('v1')] }],
    ...spec,
  });
const ingress = (destination: object, spec: object = {}) =>
  virtualService('ingress', {
    hosts: ['apis.example.com'],
    gateways: ['edge'],
    http: [{ route: [{ destination }] }],
    ...spec,
  });

describeCheck(ingressRulesNotAffected, {
  silent: {
    'a subset of its own': [splits(), ingress({ host: 'apis', subset: 'v1' })],
    'rules that hold for the gateway, too': [splits({ gateways: ['edge', 'mesh'] }), ingress({ host: 'apis' })],
    'no choice between versions': [
      virtualService('split', { hosts: ['apis'], http: [routeTo('apis')] }),
      ingress({ host: 'apis' }),
    ],
    'another service': [splits(), ingress({ host: 'web' })],
    'subsets that are all the pods there are': [
      service('apis'),
      deployment('apis', { app: 'apis', version: 'v1' }),
      destinationRule('apis', 'apis', ['v1']),
      virtualService('only', { hosts: ['apis'], http: [{ route: [to('v1')] }] }),
      ingress({ host: 'apis' }),
    ],
    'only the mesh': [splits(), ingress({ host: 'apis' }, { gateways: undefined })],
  },
  found: {
    'all versions alike': [
      [splits(), ingress({ host: 'apis' })],
      {
        severity: Severity.WARNING,
        name: 'ingress',
        path: 'spec.http[0].route[0].destination',
        istioCodes: ['IST0140'],
        words: ['VirtualService shop/split', 'v2 or v1'],
      },
    ],
    'subsets of which each is a part': [
      [
        service('apis'),
        deployment('apis-v1', { app: 'apis', version: 'v1' }),
        deployment('apis-v2', { app: 'apis', version: 'v2' }),
        destinationRule('apis', 'apis', ['v1', 'v2']),
        splits(),
        ingress({ host: 'apis' }),
      ],
      { name: 'ingress' },
    ],
  },
});
