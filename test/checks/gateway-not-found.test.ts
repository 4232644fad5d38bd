import { Severity } from '../../src/checks/finding';
import { gatewayNotFound } from '../../src/checks/gateway/gateway-not-found';
import { describeCheck } from './cases';
import { gateway, routeTo, server, service, virtualService } from './manifests';

const EDGE = gateway('edge', [server('HTTP', 80)]);
const bound = (...gateways: string[]) =>
  virtualService('apis', { hosts: ['a.example.com'], gateways, http: [routeTo('apis')] });

describeCheck(gatewayNotFound, {
  silent: {
    'a name alone, of the same namespace': [EDGE, bound('edge')],
    'its namespace written out': [EDGE, bound('shop/edge')],
    './name': [EDGE, bound('./edge')],
    'the old form with dots': [EDGE, bound('edge.shop.svc.cluster.local')],
    mesh: [bound('mesh')],
    'no gateways': [virtualService('apis', { hosts: ['apis'], http: [routeTo('apis')] })],
    'gateways that are no list': [virtualService('apis', { hosts: ['apis'], gateways: 'edge' })],
  },
  found: {
    'none of that name': [
      [service('apis'), bound('edge')],
      {
        severity: Severity.WARNING,
        path: 'spec.gateways[0]',
        istioCodes: ['IST0101'],
        kialiCodes: ['KIA1102'],
        words: ['shop/edge', 'Unless the cluster'],
      },
    ],
    'one of that name in another namespace': [
      [gateway('infra/edge', [server('HTTP', 80)]), bound('mesh', 'edge')],
      { severity: Severity.WARNING, path: 'spec.gateways[1]', words: ['write infra/edge', 'name alone'] },
    ],
    misspelt: [[EDGE, bound('egde')], { words: ['Did you mean shop/edge?'] }],
    'a namespace of which nothing is given is only a remark': [
      [bound('istio-system/public')],
      { severity: Severity.INFO, words: ['istio-system'] },
    ],
    'in a match': [
      [
        EDGE,
        virtualService('apis', {
          hosts: ['*'],
          gateways: ['edge'],
          http: [{ match: [{ gateways: ['inner'] }], ...routeTo('apis') }],
        }),
      ],
      { path: 'spec.http[0].match[0].gateways[0]' },
    ],
    'once for one name': [
      [
        virtualService('apis', {
          hosts: ['*'],
          gateways: ['inner'],
          http: [{ match: [{ gateways: ['inner'] }], ...routeTo('apis') }],
        }),
      ],
      { path: 'spec.gateways[0]' },
    ],
  },
});
