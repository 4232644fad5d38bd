import { Severity } from '../../src/checks/finding';
import { gatewayConflict } from '../../src/checks/gateway/gateway-conflict';
import { describeCheck } from './cases';
import { gateway, server } from './manifests';

const SIMPLE = { tls: { mode: 'SIMPLE', credentialName: 'cert' } };
const host = (name: string) => ({ hosts: [name] });
const OTHER_PODS = { selector: { istio: 'egressgateway' } };

describeCheck(gatewayConflict, {
  silent: {
    'one Gateway': [gateway('edge', [server('HTTP', 80), server('TCP', 90)])],
    'different ports': [gateway('a', [server('HTTP', 80)]), gateway('b', [server('TCP', 90)])],
    'different pods': [gateway('a', [server('HTTP', 80)]), gateway('b', [server('TCP', 80)], OTHER_PODS)],
    'selectors that may or may not share pods': [
      gateway('a', [server('HTTP', 80)], { selector: { app: 'x' } }),
      gateway('b', [server('TCP', 80)], { selector: { istio: 'y' } }),
    ],
    'plain HTTP for different hosts': [
      gateway('a', [server('HTTP', 80, host('a.com'))]),
      gateway('b', [server('HTTP', 80, host('b.com'))]),
    ],
    'HTTP and GRPC for different hosts': [
      gateway('a', [server('HTTP', 80, host('a.com'))]),
      gateway('b', [server('GRPC', 80, host('b.com'))]),
    ],
    'TLS for different hosts': [
      gateway('a', [server('HTTPS', 443, { ...SIMPLE, ...host('a.com') })]),
      gateway('b', [server('TLS', 443, { tls: { mode: 'PASSTHROUGH' }, ...host('b.com') })]),
    ],
    'one host for different namespaces': [
      gateway('a', [server('HTTP', 80, host('x/a.com'))]),
      gateway('b', [server('HTTP', 80, host('y/a.com'))]),
    ],
    'no servers': [gateway('a', []), gateway('b', [])],
  },
  found: {
    'protocols that do not mix': [
      [gateway('a', [server('HTTP', 80)]), gateway('b', [server('TCP', 80)])],
      {
        severity: Severity.ERROR,
        name: 'b',
        path: 'spec.servers[0]',
        words: ['leaves this server out', 'shop/a', 'older'],
      },
    ],
    'within one Gateway': [
      [gateway('a', [server('HTTP', 80), server('TCP', 80)])],
      { severity: Severity.ERROR, path: 'spec.servers[1]' },
    ],
    'a selector that contains the other': [
      [
        gateway('a', [server('HTTP', 80)]),
        gateway('b', [server('TCP', 80)], { selector: { istio: 'ingressgateway', app: 'x' } }),
      ],
      { severity: Severity.ERROR, name: 'b' },
    ],
    'the empty selector takes all pods': [
      [gateway('a', [server('HTTP', 80)], { selector: {} }), gateway('b', [server('TCP', 80)])],
      { name: 'b' },
    ],
    'TLS for one host': [
      [
        gateway('a', [server('HTTPS', 443, { ...SIMPLE, ...host('a.com') })]),
        gateway('b', [server('HTTPS', 443, { ...SIMPLE, ...host('a.com') })]),
      ],
      { severity: Severity.ERROR, name: 'b', words: ['a.com'] },
    ],
    'plain HTTP for one host is mixed': [
      [gateway('a', [server('HTTP', 80)]), gateway('b', [server('HTTP', 80)])],
      { severity: Severity.WARNING, name: 'b', istioCodes: ['IST0145'], kialiCodes: ['KIA0301'], words: ['merges'] },
    ],
    'between namespaces it is a warning': [
      [gateway('a', [server('HTTP', 80)]), gateway('other/b', [server('TCP', 80)])],
      { severity: Severity.WARNING, namespace: 'other', words: ['assumes'] },
    ],
  },
});
