import { Severity } from '../../src/checks/finding';
import { hostNotInGateway } from '../../src/checks/gateway/host-not-in-gateway';
import { describeCheck } from './cases';
import { gateway, routeTo, server, virtualService } from './manifests';

const serving = (name: string, ...hosts: string[]) => gateway(name, [server('HTTP', 80, { hosts })]);
const of = (hosts: string[], ...gateways: string[]) =>
  virtualService('apis', { hosts, gateways, http: [routeTo('apis')] });

describeCheck(hostNotInGateway, {
  silent: {
    'the same host': [serving('edge', 'a.example.com'), of(['a.example.com'], 'edge')],
    'a wildcard in the Gateway': [serving('edge', '*.example.com'), of(['a.b.example.com'], 'edge')],
    'a wildcard in the VirtualService': [serving('edge', 'a.example.com'), of(['*.example.com'], 'edge')],
    everything: [serving('edge', '*'), of(['a.example.com'], 'edge')],
    'everything, for its namespace': [serving('edge', './*'), of(['a.example.com'], 'edge')],
    'for its namespace by name': [serving('edge', 'shop/a.example.com'), of(['a.example.com'], 'edge')],
    'a Gateway that is not given': [of(['a.example.com'], 'edge')],
    'each of two Gateways has one of the hosts': [
      serving('one', 'a.example.com'),
      serving('two', 'b.example.com'),
      of(['a.example.com', 'b.example.com'], 'one', 'two'),
    ],
    'a host for the mesh beside one for the Gateway': [
      serving('edge', 'a.example.com'),
      of(['a.example.com', 'apis'], 'edge', 'mesh'),
    ],
    'a delegate has no hosts': [serving('edge', 'a.example.com'), virtualService('apis', { http: [routeTo('apis')] })],
  },
  found: {
    'another host': [
      [serving('edge', 'a.example.com'), of(['b.example.com'], 'edge')],
      {
        severity: Severity.ERROR,
        path: 'spec.hosts[0]',
        istioCodes: ['IST0132'],
        words: ['only a.example.com', '404'],
      },
    ],
    'a wildcard does not cover its own name': [
      [serving('edge', '*.example.com'), of(['example.com'], 'edge')],
      { path: 'spec.hosts[0]' },
    ],
    'only one of the hosts': [
      [serving('edge', 'a.example.com'), of(['a.example.com', 'b.example.com'], 'edge')],
      { path: 'spec.hosts[1]' },
    ],
    'for another namespace': [
      [serving('edge', 'other/a.example.com'), of(['a.example.com'], 'edge')],
      { words: ['namespace other only', "'shop/a.example.com'"] },
    ],
    'a short name is completed': [
      [serving('edge', 'a.example.com'), of(['a'], 'edge')],
      { words: ["'a' means a.shop.svc.cluster.local"] },
    ],
    'one of two Gateways has none of the hosts': [
      [serving('one', 'a.example.com'), serving('two', 'b.example.com'), of(['a.example.com'], 'one', 'two')],
      { severity: Severity.WARNING, path: 'spec.gateways[1]', words: ['shop/two'] },
    ],
    'a Gateway beside the mesh': [
      [serving('edge', 'a.example.com'), of(['apis'], 'edge', 'mesh')],
      { severity: Severity.WARNING, path: 'spec.gateways[0]' },
    ],
  },
});
