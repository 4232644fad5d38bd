import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Severity } from '../../src/checks/finding';
import { httpRoutesOnTcpServer } from '../../src/checks/gateway/http-routes-on-tcp-server';
import { check, fromYaml, gateway, type Manifest, routeTo, server, virtualService } from './manifests';

const ORIGINAL = readFileSync(join(__dirname, 'fixtures/apis-original.yaml'), 'utf8');
const PASSTHROUGH = { tls: { mode: 'PASSTHROUGH' } };
const SIMPLE = { tls: { mode: 'SIMPLE', credentialName: 'cert' } };
const TLS_ROUTE = { match: [{ port: 443, sniHosts: ['*'] }], ...routeTo('apis') };

function bound(spec: object, ...gateways: string[]): Manifest {
  return virtualService('apis', { hosts: ['*'], gateways: gateways.length > 0 ? gateways : ['edge'], ...spec });
}

test('the original apis system: its TCP server makes the http routes dead, and the connection is refused', () => {
  const findings = check(httpRoutesOnTcpServer, fromYaml(ORIGINAL));
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({
    check: 'http-routes-on-tcp-server',
    severity: Severity.ERROR,
    kind: 'VirtualService',
    name: 'apis-service-ingress',
    path: 'spec.http',
  });
  expect(findings[0].message).toContain('Gateway default/apis-gateway');
  expect(findings[0].message).toContain('the TCP server of port 80');
  expect(findings[0].message).toContain('refused connection');
  expect(findings[0].help).toContain("'protocol: HTTP'");
});

test('the original system is mended by the protocol alone; the name of the port does not matter', () => {
  const mended = ORIGINAL.replace('protocol: TCP', 'protocol: http');
  expect(mended).toContain('name: tcp');
  expect(check(httpRoutesOnTcpServer, fromYaml(mended))).toEqual([]);
});

test.each<[string, Manifest[]]>([
  ['http routes on HTTP', [gateway('edge', [server('HTTP', 80)]), bound({ http: [routeTo('apis')] })]],
  ['http routes on GRPC', [gateway('edge', [server('GRPC', 80)]), bound({ http: [routeTo('apis')] })]],
  [
    'http routes on HTTPS that ends here',
    [gateway('edge', [server('HTTPS', 443, SIMPLE)]), bound({ http: [routeTo('apis')] })],
  ],
  [
    'http beside TCP on another port',
    [gateway('edge', [server('TCP', 90), server('HTTP', 80)]), bound({ http: [routeTo('apis')] })],
  ],
  ['tcp routes on TCP', [gateway('edge', [server('TCP', 90)]), bound({ tcp: [routeTo('apis')] })]],
  [
    'tcp routes on TLS that ends here',
    [gateway('edge', [server('TLS', 443, SIMPLE)]), bound({ tcp: [routeTo('apis')] })],
  ],
  ['tls routes on passthrough', [gateway('edge', [server('TLS', 443, PASSTHROUGH)]), bound({ tls: [TLS_ROUTE] })]],
  [
    'tls without a mode passes through',
    [gateway('edge', [server('TLS', 443, { tls: {} })]), bound({ tls: [TLS_ROUTE] })],
  ],
  [
    'one VirtualService for both servers of a gateway',
    [
      gateway('edge', [server('HTTP', 80), server('TLS', 443, PASSTHROUGH)]),
      bound({ http: [routeTo('apis')], tls: [TLS_ROUTE] }),
    ],
  ],
  [
    'tcp routes for the mesh, http for the gateway',
    [gateway('edge', [server('HTTP', 80)]), bound({ http: [routeTo('apis')], tcp: [routeTo('apis')] }, 'edge', 'mesh')],
  ],
  [
    'each of two gateways reads its own kind',
    [
      gateway('edge', [server('HTTP', 80)]),
      gateway('raw', [server('TCP', 90)]),
      bound({ http: [routeTo('apis')], tcp: [routeTo('apis')] }, 'edge', 'raw'),
    ],
  ],
  [
    'the TCP server is for another host',
    [
      gateway('edge', [server('TCP', 80, { hosts: ['db.example.com'] })]),
      virtualService('apis', { hosts: ['apis.example.com'], gateways: ['edge'], http: [routeTo('apis')] }),
    ],
  ],
  ['a gateway that is not given', [bound({ http: [routeTo('apis')] })]],
  [
    'a protocol that Istio does not know, which is refused',
    [gateway('edge', [server('HTTPX', 80)]), bound({ http: [routeTo('apis')] })],
  ],
  [
    'HTTPS without tls, which is refused',
    [gateway('edge', [server('HTTPS', 443)]), bound({ http: [routeTo('apis')] })],
  ],
  [
    'a rule for another gateway only',
    [
      gateway('edge', [server('TCP', 80)]),
      gateway('web', [server('HTTP', 80)]),
      bound({ http: [{ match: [{ gateways: ['web'] }], ...routeTo('apis') }], tcp: [routeTo('apis')] }, 'edge', 'web'),
    ],
  ],
  ['no routes at all', [gateway('edge', [server('TCP', 80)]), bound({})]],
])('silent: %s', (_, manifests) => {
  expect(check(httpRoutesOnTcpServer, manifests)).toEqual([]);
});

test.each<[string, Manifest[], object, string[]]>([
  [
    'MONGO is TCP',
    [gateway('edge', [server('MONGO', 80)]), bound({ http: [routeTo('apis')] })],
    { path: 'spec.http' },
    ['MONGO server', 'refused'],
  ],
  [
    'passthrough',
    [gateway('edge', [server('HTTPS', 443, PASSTHROUGH)]), bound({ http: [routeTo('apis')] })],
    { path: 'spec.http' },
    ['PASSTHROUGH', 'tls routes only', 'refused connection', 'mode: SIMPLE'],
  ],
  [
    'only the rules for the port of the TCP server',
    [
      gateway('edge', [server('HTTP', 80), server('TCP', 90)]),
      bound({ http: [{ match: [{ port: 90 }], ...routeTo('apis') }, routeTo('apis')] }),
    ],
    { path: 'spec.http[0]' },
    ['the TCP server of port 90'],
  ],
  [
    'tls routes on HTTP',
    [gateway('edge', [server('HTTP', 443)]), bound({ tls: [TLS_ROUTE] })],
    { path: 'spec.tls' },
    ['http routes only', 'PASSTHROUGH'],
  ],
  [
    'tcp routes on HTTP',
    [gateway('edge', [server('HTTP', 80)]), bound({ tcp: [routeTo('apis')] })],
    { path: 'spec.tcp' },
    ['http routes only'],
  ],
  [
    'tcp routes on passthrough',
    [gateway('edge', [server('TLS', 443, PASSTHROUGH)]), bound({ tcp: [routeTo('apis')] })],
    { path: 'spec.tcp' },
    ['tls routes only', 'sniHosts'],
  ],
  [
    'all servers are of the wrong kind',
    [gateway('edge', [server('TCP', 80), server('TLS', 443, PASSTHROUGH)]), bound({ http: [routeTo('apis')] })],
    { path: 'spec.http' },
    ['tcp routes only and tls routes only', 'port 80 and 443'],
  ],
])('an error: %s', (_, manifests, where, words) => {
  const findings = check(httpRoutesOnTcpServer, manifests);
  expect(findings).toMatchObject([{ severity: Severity.ERROR, kind: 'VirtualService', name: 'apis', ...where }]);
  for (const word of words) {
    expect(`${findings[0].message} ${findings[0].help}`).toContain(word);
  }
});

test('a warning when the mesh reads the routes that the gateway does not', () => {
  const manifests = [gateway('edge', [server('TCP', 80)]), bound({ http: [routeTo('apis')] }, 'edge', 'mesh')];
  expect(check(httpRoutesOnTcpServer, manifests)).toMatchObject([{ severity: Severity.WARNING, path: 'spec.http' }]);
});

test('says nothing of a refused connection when somebody else gives the server a tcp route', () => {
  const other = virtualService('db', { hosts: ['*'], gateways: ['edge'], tcp: [routeTo('db')] });
  const manifests = [gateway('edge', [server('TCP', 80)]), bound({ http: [routeTo('apis')] }), other];
  const findings = check(httpRoutesOnTcpServer, manifests);
  expect(findings).toHaveLength(1);
  expect(findings[0].message).not.toContain('refused');
});
