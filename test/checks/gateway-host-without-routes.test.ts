import { Severity } from '../../src/checks/finding';
import { gatewayHostWithoutRoutes } from '../../src/checks/gateway/gateway-host-without-routes';
import { describeCheck } from './cases';
import { gateway, routeTo, server, virtualService } from './manifests';

const A = 'a.example.com';
const B = 'b.example.com';
const serving = (protocol: string, hosts: string[], tls?: object) =>
  gateway('edge', [server(protocol, 80, { hosts, ...(tls === undefined ? {} : { tls }) })]);
const of = (hosts: string[], gateways: string[] = ['edge'], kind = 'http', name = 'apis') =>
  virtualService(name, { hosts, gateways, [kind]: [routeTo('apis')] });
const PASSTHROUGH = { mode: 'PASSTHROUGH' };

describeCheck(gatewayHostWithoutRoutes, {
  silent: {
    'routes for each host': [serving('HTTP', [A, B]), of([A]), of([B], ['edge'], 'http', 'second')],
    'routes for a part of a wildcard': [serving('HTTP', ['*.example.com']), of([A])],
    'routes for more than the host': [serving('HTTP', [A]), of(['*.example.com'])],
    'a Gateway whose routes are kept elsewhere': [serving('HTTP', [A, B])],
    'a host of a namespace whose routes are kept elsewhere': [serving('HTTP', [A, 'blog/b.example.com']), of([A])],
    'a Gateway to which only delegates could belong': [serving('HTTP', [A]), of([])],
    'a server that redirects all its hosts': [serving('HTTP', [A, B], { httpsRedirect: true }), of([A])],
    'a server for TCP, which looks at no host': [serving('TCP', [A, B]), of([A], ['edge'], 'tcp')],
    'routes that the server does not read, which is said elsewhere': [serving('TCP', [A]), of([A])],
    'a server that routes by SNI on its own': [serving('TLS', [A, B], { mode: 'AUTO_PASSTHROUGH' }), of([A])],
    'a Gateway of the same pods has the routes': [
      serving('HTTP', [A, B]),
      of([A]),
      gateway('other', [server('HTTP', 80, { hosts: ['*'] })]),
      of([B], ['other'], 'http', 'second'),
    ],
    'a name that is passed through, unless another server of the port takes it': [
      gateway('edge', [
        server('TLS', 443, { hosts: [A, B], tls: PASSTHROUGH }),
        server('HTTPS', 443, { hosts: ['*'], tls: { mode: 'SIMPLE', credentialName: 'c' } }),
      ]),
      of([A], ['edge'], 'tls'),
    ],
    'a host for another namespace beside the same one for all': [
      serving('HTTP', ['A.Example.com', 'other/a.example.com']),
      of(['A.Example.com']),
    ],
    'the host in another case': [serving('HTTP', ['A.Example.com']), of([A])],
  },
  found: {
    'a host without routes': [
      [serving('HTTP', [A, B]), of([A])],
      {
        severity: Severity.WARNING,
        kind: 'Gateway',
        name: 'edge',
        path: 'spec.servers[0].hosts',
        words: [
          'has http routes for b.example.com',
          'requests for it on port 80 get 404',
          'names shop/edge under gateways',
        ],
      },
    ],
    'several of them': [
      [serving('HTTP', [A, B, 'c.example.com']), of([A])],
      { words: ['b.example.com or c.example.com', 'requests for them'] },
    ],
    'a host for another namespace than the routes’': [
      [
        serving('HTTP', [A, 'other/*.example.com', 'c.org']),
        of([A]),
        of(['c.org'], ['shop/edge'], 'http', 'other/apis'),
      ],
      { words: ['has http routes for other/*.example.com', 'Write *.example.com', 'of namespace other'] },
    ],
    'a server for bytes, where the VirtualService has http routes for another server': [
      [
        gateway('edge', [
          server('HTTP', 80, { hosts: [A] }),
          server('TLS', 443, { hosts: [A], tls: PASSTHROUGH }),
          server('TCP', 5432, { hosts: ['*'] }),
        ]),
        of([A]),
      ],
      { path: 'spec.servers[1].hosts', words: ['has tls routes for a.example.com'] },
      { path: 'spec.servers[2].hosts', words: ['has tcp routes for *', 'does not open port 5432'] },
    ],
    'a server for TCP, where the routes are for another port': [
      [
        gateway('edge', [server('TCP', 5432, { hosts: ['*'] }), server('TCP', 6379, { hosts: ['*'] })]),
        virtualService('apis', {
          hosts: [A],
          gateways: ['edge'],
          tcp: [{ match: [{ port: 5432 }], ...routeTo('apis') }],
        }),
      ],
      { path: 'spec.servers[1].hosts', words: ['does not open port 6379'] },
    ],
    'a host on a port with TLS, whose routes are for plain HTTP of another Gateway': [
      [
        serving('HTTP', [A]),
        of([A]),
        gateway('secure', [server('HTTPS', 443, { hosts: [A, B], tls: { mode: 'SIMPLE', credentialName: 'c' } })]),
        of([B], ['secure'], 'http', 'second'),
      ],
      { name: 'secure', words: ['has http routes for a.example.com', 'port 443'] },
    ],
    'a server for TCP none of whose hosts has routes': [
      [gateway('edge', [server('TCP', 9000, { hosts: [B] }), server('HTTP', 80, { hosts: [A] })]), of([A])],
      { path: 'spec.servers[0].hosts', words: ['does not open port 9000', 'refused'] },
    ],
    'a name that is passed through': [
      [serving('TLS', [A, B], PASSTHROUGH), of([A], ['edge'], 'tls')],
      { words: ['TLS connections for it on port 80 are closed'] },
    ],
    'a Gateway of other pods has the routes': [
      [
        serving('HTTP', [A, B]),
        of([A]),
        gateway('other', [server('HTTP', 80)], { selector: { istio: 'other' } }),
        of([B], ['other'], 'http', 'second'),
      ],
      { words: ['b.example.com'] },
    ],
  },
});
