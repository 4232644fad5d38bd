import { destinationPort } from '../../src/checks/destination-port';
import { Severity } from '../../src/checks/finding';
import { describeCheck } from './cases';
import { gateway, manifest, routeTo, server, service, virtualService } from './manifests';

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

describeCheck(destinationPort, {
  silent: {
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
        words: ['port 80, which it does not have', '503'],
      },
    ],
    'a port of the ExternalName that what it stands for lacks': [
      [EDGE, alias(8080), service('front', ports(80)), to(8080)],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].route[0].destination.port.number',
        words: ['Service shop/front, for which Service shop/apis stands, has no port 8080, only 80'],
      },
    ],
    'the only port of the ExternalName, which Istio takes, and what it stands for lacks': [
      [EDGE, alias(8080), service('front', ports(80, 90)), to()],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].route[0].destination',
        words: ['the only one of the ExternalName, 8080', 'only 80 and 90', "'port: {number: 80}'"],
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
    'in the mesh, the only port of a Service on another than the request’s': [
      [
        service('front', ports(80)),
        service('apis', ports(8080)),
        to(undefined, { hosts: ['front'], gateways: ['mesh'] }),
      ],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].route[0].destination',
        words: ['has the port 8080', 'Even of a single one, a sidecar', 'come in on port 80', "'port: {number: 8080}'"],
      },
    ],
    'in the mesh, where requests come in on the only port and on others': [
      [
        service('front', ports(80, 8080)),
        service('apis', ports(8080)),
        to(undefined, { hosts: ['front'], gateways: ['mesh'] }),
      ],
      { severity: Severity.WARNING, words: ['such as 80'] },
    ],
    'in the mesh each port leads to itself': [
      [service('apis', ports(80, 9000)), to(undefined, { hosts: ['apis'], gateways: ['mesh'] })],
      { severity: Severity.INFO, words: ['itself'] },
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
