import { Severity } from '../../src/checks/finding';
import { gatewayConflict } from '../../src/checks/gateway/gateway-conflict';
import { rejectedByEnvoy } from '../../src/checks/validation/rejected-by-envoy';
import { describeCheck } from './cases';
import { check, deployment, gateway, manifest, namespace, routeTo, server, service, virtualService } from './manifests';

const SIMPLE = { tls: { mode: 'SIMPLE', credentialName: 'cert' } };
const PASSTHROUGH = { tls: { mode: 'PASSTHROUGH' } };
const host = (...hosts: readonly string[]) => ({ hosts });
const https = (rest: object, number = 443) => server('HTTPS', number, { ...SIMPLE, ...rest });
const passing = (rest: object = {}) => server('TLS', 443, { ...PASSTHROUGH, ...rest });
const to = (name: string) => [{ destination: { host: name } }];
/** Routes of a gateway for TLS that passes through. */
const sni = (...names: readonly string[]) =>
  virtualService('sni', {
    hosts: ['*'],
    gateways: ['edge'],
    tls: [{ match: [{ sniHosts: names }], route: to('web') }],
  });
const aged = (object: { readonly [key: string]: unknown }, creationTimestamp: string) => ({
  ...object,
  metadata: { ...(object.metadata as object), creationTimestamp },
});
const redirectTo = (redirectCode: number) => ({ redirect: { uri: '/x', redirectCode } });
const bound = (http: readonly object[], gateways: readonly string[] = ['edge']) =>
  virtualService('web', { hosts: ['web.example.com'], gateways, http });

const WEB = [service('web'), deployment('web')];
const entry = (name: string, hosts: readonly string[], rest: object = {}) =>
  manifest('networking.istio.io/v1', 'ServiceEntry', name, {
    hosts,
    ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
    resolution: 'NONE',
    ...rest,
  });

describeCheck(rejectedByEnvoy, {
  silent: {
    'TLS that ends and TLS that passes, for different names': [
      gateway('edge', [https(host('a.com')), passing(host('*.b.com'))]),
      sni('x.b.com'),
    ],
    'a name and a wildcard for it': [gateway('edge', [https(host('a.b.com')), https(host('*.b.com'))])],
    'one name on two ports': [gateway('edge', [https(host('a.com')), https(host('a.com'), 8443)])],
    'one name on two addresses': [
      gateway('edge', [https({ ...host('a.com'), bind: '10.0.0.1' }), https({ ...host('a.com'), bind: '10.0.0.2' })]),
    ],
    'a server that Istio leaves out': [
      gateway('edge', [https(host('a.com')), server('HTTPS', 443, { ...SIMPLE, ...host('a.com') })]),
    ],
    'TLS after plain HTTP, which Istio leaves out': [gateway('edge', [server('HTTP', 443), https(host('*'))])],
    'plain HTTP after TLS for some names': [gateway('edge', [https(host('a.com')), server('HTTP', 443)])],
    'a server for TCP that no route makes a chain of': [
      gateway('edge', [https(host('*')), server('TCP', 443, { port: { number: 443, name: 'x', protocol: 'TCP' } })]),
    ],
    'two rules for one name, of which Istio takes the first': [
      gateway('edge', [passing(host('*'))]),
      virtualService('sni', {
        hosts: ['*'],
        gateways: ['edge'],
        tls: [
          { match: [{ sniHosts: ['a.com'] }], route: to('web') },
          { match: [{ sniHosts: ['a.com', 'b.com'] }], route: to('web') },
        ],
      }),
    ],
    'other pods': [
      gateway('edge', [https(host('*'))]),
      gateway('inner', [server('HTTP', 443)], { selector: { istio: 'inner' } }),
    ],
    'redirects with codes that Envoy knows': [
      gateway('edge', [server('HTTP', 80)]),
      bound([301, 302, 303, 307, 308, 0].map(redirectTo)),
    ],
    'a redirect that no gateway and no sidecar gets': [
      gateway('edge', [server('HTTP', 80)]),
      bound([redirectTo(304)], ['none']),
    ],
    'a redirect behind a rule that takes everything': [
      gateway('edge', [server('HTTP', 80)]),
      bound([routeTo('web'), redirectTo(304)]),
    ],
    'ServiceEntries for different names': [...WEB, entry('e', ['a.com', 'b.com']), entry('f', ['*.c.com'])],
    'rules for different names': [
      ...WEB,
      entry('e', ['a.com', 'b.com']),
      virtualService('v', {
        hosts: ['a.com'],
        tls: [
          { match: [{ sniHosts: ['a.com'] }], route: to('web') },
          { match: [{ sniHosts: ['a.com'], port: 8443 }], route: to('web') },
        ],
      }),
    ],
    'pods without a sidecar': [
      namespace('shop', { 'istio-injection': 'disabled' }),
      ...WEB,
      entry('e', ['A.com', 'a.com']),
    ],
  },
  found: {
    'TLS that ends and passes for one name': [
      [gateway('edge', [https(host('a.com')), passing(host('*.com'))]), sni('a.com', 'b.com')],
      {
        severity: Severity.ERROR,
        kind: 'Gateway',
        name: 'edge',
        path: 'spec.servers[1]',
        istioCodes: [],
        words: [
          'spec.servers[0] of Gateway shop/edge (TLS mode SIMPLE)',
          'spec.tls[0] of VirtualService shop/sni',
          'TLS connections to a.com on port 443',
          'keeps its previous listener',
          'does not become ready',
          'out of sniHosts in VirtualService shop/sni',
        ],
      },
    ],
    'several names, once': [
      [gateway('edge', [https(host('a.com', 'b.com')), passing(host('*.com'))]), sni('a.com', 'b.com')],
      { words: ['TLS connections to a.com and b.com'] },
    ],
    'one name for VirtualServices of different namespaces': [
      [
        gateway('edge', [
          https(host('shop/a.com')),
          https({ ...host('other/a.com'), port: { number: 443, name: 'b', protocol: 'HTTPS' } }),
        ]),
      ],
      { severity: Severity.ERROR, path: 'spec.servers[1]', words: ['without a namespace'] },
    ],
    'names that differ in capitals': [
      [gateway('edge', [https(host('a.com', 'A.com'))])],
      { path: 'spec.servers[0]', words: ['asks twice', 'capitals'] },
    ],
    'a name twice in one match': [
      [gateway('edge', [passing()]), sni('a.com', 'a.com')],
      { path: 'spec.servers[0]', words: ['asks twice', 'in sniHosts'] },
    ],
    'plain HTTP after TLS for every name': [
      [gateway('edge', [https(host('*')), server('HTTP', 443)])],
      { path: 'spec.servers[0]', words: ['all connections on port 443', 'another port'] },
    ],
    'plain HTTP after TLS, of a Gateway that may be the older one': [
      [gateway('a', [https(host('*'))]), gateway('b', [server('HTTP', 443)])],
      { name: 'a', words: ['the older one'] },
    ],
    'all addresses, with and without saying so': [
      [gateway('edge', [server('HTTP', 80, host('a.com')), server('HTTP', 80, { ...host('b.com'), bind: '0.0.0.0' })])],
      { path: 'spec.servers[1]', words: ['write both without bind'] },
    ],
    'AUTO_PASSTHROUGH for a wildcard inside the mesh': [
      [
        manifest('networking.istio.io/v1', 'ServiceEntry', 'wide', {
          hosts: ['*.example.com'],
          location: 'MESH_INTERNAL',
          ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
        }),
        gateway('edge', [passing({ tls: { mode: 'AUTO_PASSTHROUGH' }, ...host('*') })]),
      ],
      {
        path: 'spec.servers[0].hosts',
        words: ['outbound_.443_._.*.example.com', 'ServiceEntry shop/wide', "'location: MESH_EXTERNAL'"],
      },
    ],
    'AUTO_PASSTHROUGH for one service twice': [
      [
        ...WEB,
        gateway('edge', [
          passing({ tls: { mode: 'AUTO_PASSTHROUGH' }, ...host('*.local') }),
          passing({
            tls: { mode: 'AUTO_PASSTHROUGH' },
            ...host('*.cluster.local'),
            port: { number: 443, name: 'b', protocol: 'TLS' },
          }),
        ]),
      ],
      { path: 'spec.servers[1]', words: ['Keep one server with AUTO_PASSTHROUGH'] },
    ],
    'two ports of a Service that lead to one port of the pods': [
      [
        gateway('edge', [https(host('*'), 443), server('HTTP', 80)]),
        manifest('apps/v1', 'Deployment', 'gw', {
          selector: { matchLabels: { istio: 'ingressgateway' } },
          template: {
            metadata: { labels: { istio: 'ingressgateway' } },
            spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] },
          },
        }),
        service('gw', {
          selector: { istio: 'ingressgateway' },
          ports: [
            { name: 'tcp-https', port: 443, targetPort: 8443 },
            { name: 'http', port: 80, targetPort: 8443 },
          ],
        }),
      ],
      { path: 'spec.servers[0]', words: ['ports 80 and 443, which lead to one port of the pods, 8443'] },
    ],
    'between namespaces it is a warning': [
      [
        gateway('edge', [https(host('a.com'))]),
        gateway('other/edge', [passing(host('*.com'))]),
        virtualService('other/sni', {
          hosts: ['*.com'],
          gateways: ['edge'],
          tls: [{ match: [{ sniHosts: ['a.com'] }], route: to('web') }],
        }),
      ],
      { severity: Severity.WARNING, namespace: 'shop', words: ['limit Gateways to the pods of their own namespace'] },
    ],
    'selectors of the usual pods, by different labels': [
      [
        gateway('a', [https(host('A.com'))]),
        gateway('b', [https(host('a.com'))], { selector: { app: 'istio-ingressgateway' } }),
      ],
      { severity: Severity.WARNING, name: 'b', words: ['assumes', 'app=istio-ingressgateway'] },
    ],
    'a redirect with a code that Envoy does not know': [
      [
        gateway('edge', [server('HTTP', 80)]),
        bound([{ match: [{ uri: { prefix: '/r' } }], ...redirectTo(304) }, routeTo('web')]),
      ],
      {
        severity: Severity.ERROR,
        kind: 'VirtualService',
        path: 'spec.http[0].redirect.redirectCode',
        words: ['304', '404', 'Write 301'],
      },
    ],
    'and once for gateway and sidecars': [
      [...WEB, gateway('edge', [server('HTTP', 80)]), bound([redirectTo(300)], ['edge', 'mesh'])],
      { path: 'spec.http[0].redirect.redirectCode' },
    ],
    'in sidecars, hosts that differ in capitals': [
      [...WEB, entry('e', ['A.com', 'a.com'])],
      {
        severity: Severity.ERROR,
        kind: 'ServiceEntry',
        path: 'spec.hosts',
        words: ['namespace shop', 'port 443', 'a.com'],
      },
    ],
    'in sidecars, a name for two rules': [
      [
        ...WEB,
        entry('e', ['*.com']),
        virtualService('v', {
          hosts: ['*.com'],
          tls: [
            { match: [{ sniHosts: ['a.com'] }], route: to('web') },
            { match: [{ sniHosts: ['b.com', 'a.com'] }], route: to('web') },
          ],
        }),
      ],
      {
        kind: 'VirtualService',
        path: 'spec.tls[1].match[0]',
        words: ['spec.tls[0].match[0] of VirtualService shop/v', 'a.com'],
      },
    ],
    'in sidecars of a namespace of which no pods are known, as a warning': [
      [entry('e', ['A.com', 'a.com'])],
      { severity: Severity.WARNING, words: ['assumes', 'namespace shop'] },
    ],
    'in sidecars, a wildcard for part of a label': [
      [...WEB, entry('e', ['*foo.com'])],
      { path: 'spec.hosts', words: ['a wildcard inside a name', 'whole labels'] },
    ],
    'in sidecars, a wildcard that is short for all names of a namespace': [
      [...WEB, entry('e', ['*.shop.svc.cluster.local'], { ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] })],
      { kind: 'ServiceEntry', path: 'spec.hosts', words: ["expands to '*' on port 80", 'one by one'] },
    ],
  },
});

test('one cause makes one finding: what Istio leaves out, Envoy never sees', () => {
  const older = aged(gateway('a', [https(host('*'))]), '2025-01-01T00:00:00Z');
  const younger = aged(gateway('b', [server('HTTP', 443)]), '2026-01-01T00:00:00Z');
  const both = (manifests: readonly unknown[]) =>
    [gatewayConflict, rejectedByEnvoy].map((each) => check(each, manifests).length);
  expect(both([older, younger])).toEqual([0, 1]);
  expect(both([aged(older, '2026-01-01T00:00:00Z'), aged(younger, '2025-01-01T00:00:00Z')])).toEqual([1, 0]);
});
