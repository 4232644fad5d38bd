import { destinationPort } from '../../src/checks/destination/destination-port';
import { Severity } from '../../src/checks/finding';
import { describeCheck } from './cases';
import { deployment, gateway, manifest, routeTo, server, service, virtualService } from './manifests';

const EDGE = gateway('edge', [server('HTTP', 80)]);
const ports = (...numbers: number[]) => ({
  ports: numbers.map((port) => ({ name: `http-${port}`, port, targetPort: 8080 })),
});
const to = (number?: number, spec: object = {}) =>
  virtualService('apis', {
    hosts: ['*'],
    gateways: ['edge'],
    http: [routeTo('apis', number === undefined ? {} : { port: { number } })],
    ...spec,
  });

const atEdge = { match: [{ gateways: ['edge'] }], ...routeTo('apis') };
const alias = (...numbers: number[]) =>
  service('apis', { type: 'ExternalName', externalName: 'front.shop.svc.cluster.local', ...ports(...numbers) });

const entry = (
  name: string,
  number: number,
  spec: object = {},
  metadata: { readonly creationTimestamp?: string } = {},
) =>
  manifest(
    'networking.istio.io/v1',
    'ServiceEntry',
    name,
    { hosts: ['x.com'], ports: [{ number, name: 'p', protocol: 'HTTP' }], ...spec },
    metadata,
  );
const born = (year: number) => ({ creationTimestamp: `${year}-01-01T00:00:00Z` });
const toX = (number?: number, spec: object = {}) =>
  virtualService('apis', {
    hosts: ['*'],
    gateways: ['edge'],
    http: [routeTo('x.com', number === undefined ? {} : { port: { number } })],
    ...spec,
  });
const GATEWAY_PODS = deployment(
  'istio-system/ingress',
  { istio: 'ingressgateway' },
  { containers: [{ name: 'istio-proxy' }] },
);

const inMesh = (spec: object = {}) => to(undefined, { hosts: ['front'], gateways: ['mesh'], ...spec });

describeCheck(destinationPort, {
  silent: {
    'in the mesh, the only port, on which the request comes in': [
      service('front', ports(80)),
      service('apis', ports(80)),
      inMesh(),
    ],
    'in the mesh, the only port, where the match asks for it': [
      service('front', ports(80, 9000)),
      service('apis', ports(9000)),
      inMesh({ http: [{ match: [{ port: 9000 }], ...routeTo('apis') }] }),
    ],
    'in the mesh, the only port of a tcp rule': [
      service('front', ports(80)),
      service('apis', ports(9000)),
      inMesh({ http: undefined, tcp: [routeTo('apis')] }),
    ],
    'each of two ServiceEntries for its own namespace, and the clients have that with the port': [
      entry('shop/own', 443),
      entry('other/foreign', 80),
      toX(443, { hosts: ['x.com'], gateways: ['mesh'] }),
    ],
    'the only port of the one of two that gateways take': [
      EDGE,
      service('apis', ports(80)),
      entry('e', 9000, { hosts: ['apis.shop.svc.cluster.local'] }),
      to(),
    ],
    'the port of the older of two ServiceEntries': [
      EDGE,
      GATEWAY_PODS,
      entry('a/e', 80, {}, born(2025)),
      entry('b/e', 443, {}, born(2024)),
      toX(443),
    ],
    'two ServiceEntries, and which one an unknown gateway sees is open': [
      EDGE,
      entry('other/a', 443, { exportTo: ['other'] }),
      entry('shop/b', 80, { exportTo: ['shop'] }),
      toX(443),
    ],
    'a port of the Service': [EDGE, service('apis', ports(80, 90)), to(90)],
    'the only port need not be named': [EDGE, service('apis', ports(8000)), to()],
    'a Service that is not given': [EDGE, to(1)],
    'a Service without ports': [EDGE, service('apis', { ports: [] }), to(80)],
    'ExternalName has the ports of what it stands for': [
      EDGE,
      service('apis', { type: 'ExternalName', externalName: 'a.example.com', ...ports(80) }),
      to(443),
    ],
    'the only port of a Service, for a rule that sidecars do not read': [
      EDGE,
      service('front', ports(80)),
      service('apis', ports(8080)),
      to(undefined, { hosts: ['front'], gateways: ['edge', 'mesh'], http: [atEdge] }),
    ],
    'the only port of a Service, for a rule of requests on that port': [
      service('front', ports(80, 8080)),
      service('apis', ports(8080)),
      to(undefined, { hosts: ['front'], gateways: ['mesh'], http: [{ match: [{ port: 8080 }], ...routeTo('apis') }] }),
    ],
    'the only port of a Service, for connections that no proxy reads': [
      service('front', ports(80)),
      service('apis', ports(8080)),
      virtualService('apis', { hosts: ['front'], gateways: ['mesh'], tcp: [routeTo('apis')] }),
    ],
    'the only port of a Service, where hosts are unknown': [
      service('apis', ports(8080)),
      to(undefined, { hosts: ['front'], gateways: ['mesh'] }),
    ],
    'a port of what an ExternalName stands for': [EDGE, alias(9000), service('front', ports(80, 90)), to(90)],
    'the only port of an ExternalName, which is there': [EDGE, alias(90), service('front', ports(80, 90)), to()],
    'an alias of an alias has none, which is said elsewhere': [
      EDGE,
      alias(80),
      service('front', { type: 'ExternalName', externalName: 'x.com' }),
      to(1),
    ],
    'one of two ServiceEntries has it': [
      EDGE,
      ...[80, 443].map((number) =>
        manifest('networking.istio.io/v1', 'ServiceEntry', `e${number}`, {
          hosts: ['x.com'],
          ports: [{ number, name: 'p', protocol: 'HTTP' }],
        }),
      ),
      virtualService('apis', { hosts: ['*'], gateways: ['edge'], http: [routeTo('x.com', { port: { number: 443 } })] }),
    ],
  },
  found: {
    'in the mesh, not even the only port, where the request comes in on another': [
      [service('front', ports(80)), service('apis', ports(9000)), inMesh()],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].route[0].destination',
        istioCodes: [],
        words: ['has only 9000', 'Requests on port 80', "'port: {number: 9000}'"],
      },
    ],
    'in the mesh, the only port, for some of the requests': [
      [service('front', ports(80, 9000)), service('apis', ports(9000)), inMesh()],
      { severity: Severity.WARNING, words: ['Requests on port 80'] },
    ],
    'several ports in a delegate, and the request comes in on none of them': [
      [
        EDGE,
        service('apis', ports(8000, 9000)),
        to(undefined, { http: [{ delegate: { name: 'part' } }] }),
        virtualService('part', { http: [routeTo('apis')] }),
      ],
      { severity: Severity.ERROR, name: 'part', words: ['port 80, which the Service does not have'] },
    ],
    'a port that only a ServiceEntry for the host of a Service has': [
      [EDGE, service('apis', ports(80)), entry('e', 9000, { hosts: ['apis.shop.svc.cluster.local'] }), to(9000)],
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].route[0].destination.port.number',
        istioCodes: ['IST0101'],
        words: ['only ServiceEntry shop/e has port 9000', 'gateways use Service shop/apis, with only 80'],
      },
    ],
    'a port that the gateway’s pods do not see': [
      [EDGE, GATEWAY_PODS, entry('istio-system/a', 80, { exportTo: ['.'] }), entry('shop/b', 443), toX(443)],
      {
        severity: Severity.ERROR,
        words: ['clients in namespace istio-system use ServiceEntry istio-system/a'],
      },
    ],
    'a port of the younger of two ServiceEntries': [
      [EDGE, GATEWAY_PODS, entry('a/e', 80, {}, born(2025)), entry('b/e', 443, {}, born(2024)), toX(80)],
      {
        severity: Severity.ERROR,
        words: ['clients in namespace istio-system use ServiceEntry b/e, with only 443'],
      },
    ],
    ...Object.fromEntries(
      [
        { port: 443, other: 'a/e', only: 80 },
        { port: 80, other: 'b/e', only: 443 },
      ].flatMap(({ port, other, only }) => [
        [
          `port ${port} of one of two ServiceEntries of unknown age`,
          [
            [EDGE, GATEWAY_PODS, entry('a/e', 80), entry('b/e', 443), toX(port)],
            {
              severity: Severity.WARNING,
              words: [
                `clients in namespace istio-system use ServiceEntry ${other}, with only ${only}, if that is the older`,
                'the manifests do not say which one is older',
              ],
            },
          ],
        ],
        [
          `port ${port} of one of two ServiceEntries of unknown age, in the mesh`,
          [
            [entry('a/e', 80), entry('b/e', 443), toX(port, { hosts: ['x.com'], gateways: ['mesh'] })],
            {
              severity: Severity.WARNING,
              words: [`in namespace shop use ServiceEntry ${other}`, 'the manifests do not say'],
            },
          ],
        ],
      ]),
    ),
    'a port of neither of two ServiceEntries of unknown age that are seen': [
      [EDGE, GATEWAY_PODS, entry('a/e', 80), entry('b/e', 81), entry('far/e', 443, { exportTo: ['.'] }), toX(443)],
      { severity: Severity.ERROR, words: ['ServiceEntry a/e, with only 80: Envoy'] },
    ],
    'a port that sidecars see in their namespace, and a gateway there does not': [
      [
        EDGE,
        GATEWAY_PODS,
        entry('a/e', 80, {}, born(2024)),
        entry('istio-system/e', 443, {}, born(2025)),
        virtualService('istio-system/apis', {
          hosts: ['x.com'],
          gateways: ['shop/edge', 'mesh'],
          http: [routeTo('x.com', { port: { number: 443 } })],
        }),
      ],
      { severity: Severity.ERROR, words: ['ServiceEntry a/e, with only 80: Envoy'] },
    ],
    'a port of another namespace’s ServiceEntry, in a delegate': [
      [
        entry('shop/own', 80),
        entry('other/foreign', 443),
        virtualService('root', { hosts: ['x.com'], http: [{ delegate: { name: 'part' } }] }),
        virtualService('part', { http: [routeTo('x.com', { port: { number: 443 } })] }),
      ],
      { severity: Severity.WARNING, name: 'part', words: ['clients in namespace shop', 'ServiceEntry shop/own'] },
    ],
    'the container’s port': [
      [EDGE, service('apis', ports(80)), to(8080)],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].route[0].destination.port.number',
        istioCodes: ['IST0101'],
        words: ['no port 8080, only 80', '503', "'number: 80'"],
      },
    ],
    'several ports, and the request comes in on none of them': [
      [EDGE, service('apis', ports(8000, 9000)), to()],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].route[0].destination',
        istioCodes: ['IST0112'],
        words: ['port 80, which the Service does not have', '503'],
      },
    ],
    'a port of the ExternalName that what it stands for lacks': [
      [EDGE, alias(8080), service('front', ports(80)), to(8080)],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].route[0].destination.port.number',
        words: ['Service shop/front, to which Service shop/apis points, has no port 8080, only 80'],
      },
    ],
    'the only port of the ExternalName, which Istio takes, and what it stands for lacks': [
      [EDGE, alias(8080), service('front', ports(80, 90)), to()],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].route[0].destination',
        words: ['the only port of the ExternalName, 8080', 'only 80 and 90', "'port: {number: 80}'"],
      },
    ],
    'no port, and an ExternalName of several, even if what it stands for has one': [
      [EDGE, alias(80, 90), service('front', ports(70)), to()],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].route[0].destination',
        istioCodes: ['IST0112'],
        words: ['the port 70, and the destination names none', 'come in on port 80'],
      },
    ],
    'several ports, and it comes in on one of them': [
      [EDGE, service('apis', ports(80, 9000)), to()],
      { severity: Severity.INFO },
    ],
    'several ports, and the gateway is unknown': [
      [service('apis', ports(80, 9000)), to()],
      { severity: Severity.WARNING },
    ],
    'in the mesh each port leads to itself': [
      [service('apis', ports(80, 9000)), to(undefined, { hosts: ['apis'], gateways: ['mesh'] })],
      { severity: Severity.INFO, words: ['the same port'] },
    ],
    'in the mesh, and the host has other ports': [
      [
        service('front', ports(80, 70)),
        service('apis', ports(80, 9000)),
        to(undefined, { hosts: ['front'], gateways: [] }),
      ],
      { severity: Severity.WARNING, words: ['such as 70'] },
    ],
  },
});
