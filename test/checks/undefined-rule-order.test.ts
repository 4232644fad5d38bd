import { Severity } from '../../src/checks/finding';
import { undefinedRuleOrder } from '../../src/checks/rules/undefined-rule-order';
import { describeCheck } from './cases';
import { gateway, type Manifest, routeTo, server, virtualService } from './manifests';

function one(name: string, match: object | undefined, spec: object = {}, metadata?: object): Manifest {
  const http = [{ match: match === undefined ? undefined : [match], ...routeTo(name) }];
  return virtualService(
    name,
    { hosts: ['x.example.com'], gateways: ['shop/edge'], http, ...spec },
    metadata as Manifest,
  );
}

const api = { uri: { prefix: '/api' } };
const v2 = { uri: { prefix: '/api/v2' } };
const aged = (day: number) => ({ creationTimestamp: `2024-01-0${day}T00:00:00Z` });

describeCheck(undefinedRuleOrder, {
  silent: {
    'paths apart': [one('a', { uri: { prefix: '/a/' } }), one('b', { uri: { prefix: '/b/' } })],
    'a default goes last by itself': [one('a', undefined), one('b', api)],
    'uri prefix / is a default, too': [one('a', { uri: { prefix: '/' } }), one('b', v2)],
    'other hosts': [one('a', api), one('b', v2, { hosts: ['y.example.com'] })],
    'other gateways': [one('a', api), one('b', v2, { gateways: ['shop/inner'] })],
    'inside the mesh nothing is merged': [one('a', api, { gateways: ['mesh'] }), one('b', v2, { gateways: ['mesh'] })],
    'the same action': [
      one('a', api, { http: [{ match: [api], ...routeTo('z') }] }),
      one('b', v2, { http: [{ match: [v2], ...routeTo('z') }] }),
    ],
    'the age of both is known': [one('a', api, {}, aged(1)), one('b', v2, {}, aged(2))],
    'other ports': [one('a', { ...api, port: 80 }), one('b', { ...v2, port: 443 })],
    'never seen by one gateway': [one('one/a', api, { exportTo: ['.'] }), one('two/b', v2, { exportTo: ['.'] })],
    'one is exported to fewer namespaces, and so comes first where both are seen': [
      one('one/a', api, { exportTo: ['istio-system'] }),
      one('two/b', v2, { exportTo: ['*'] }),
    ],
    'a host that the Gateway does not serve': [
      gateway('edge', [server('HTTP', 80, { hosts: ['y.example.com'] })]),
      one('a', api),
      one('b', v2),
    ],
    'a host that the Gateway serves to one of them on a port, to the other on another port': [
      gateway('edge', [
        server('HTTP', 80, { hosts: ['shop/x.example.com'] }),
        server('HTTP', 8080, { hosts: ['other/x.example.com'] }),
      ]),
      one('a', api),
      one('other/b', v2),
    ],
    'a server that reads no http rules': [gateway('edge', [server('TCP', 80)]), one('a', api), one('b', v2)],
    'a pattern that cannot be decided': [
      one('a', { headers: { h: { regex: '\\ba\\b' } } }),
      one('b', { headers: { h: { exact: 'b' } } }),
    ],
  },
  found: {
    'one path below another': [
      [one('a', api), one('b', v2)],
      {
        severity: Severity.WARNING,
        name: 'b',
        path: 'spec.http[0].match[0]',
        words: ['VirtualService shop/a', 'GET http://x.example.com/api/v2', 'sent to a', 'sent to b'],
      },
    ],
    'a header here, a path there': [
      [one('a', api), one('b', { headers: { 'x-beta': { exact: '1' } } })],
      { name: 'b', words: ['http://x.example.com/api', "'x-beta: 1'"] },
    ],
    'hosts in other case, which a gateway does not tell apart': [
      [one('a', api), one('b', v2, { hosts: ['X.Example.com'] })],
      { name: 'b', words: ['VirtualService shop/a'] },
    ],
    'a Gateway that serves the host to both on one port, by servers of their own': [
      [
        gateway('edge', [
          server('HTTP', 80, { hosts: ['shop/x.example.com'] }),
          server('HTTP', 80, { hosts: ['other/*.example.com'] }),
        ]),
        one('a', api),
        one('other/b', v2),
      ],
      { name: 'b' },
    ],
    'two defaults': [[one('a', undefined), one('b', undefined)], { name: 'b', path: 'spec.http[0]' }],
    'once for each two': [
      [one('a', api), one('b', v2), one('c', undefined), one('d', undefined)],
      { name: 'b' },
      { name: 'd' },
    ],
  },
});
