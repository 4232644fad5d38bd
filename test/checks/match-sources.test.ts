import { Severity } from '../../src/checks/finding';
import { matchGatewayNotListed } from '../../src/checks/gateway/match-gateway-not-listed';
import { sourceMatchIgnored } from '../../src/checks/rules/source-match-ignored';
import { describeCheck } from './cases';
import { deployment, gateway, type Manifest, routeTo, server, virtualService } from './manifests';

function bound(gateways: string[] | undefined, match: object): Manifest {
  return virtualService('apis', { hosts: ['apis'], gateways, http: [{ match: [match], ...routeTo('apis') }] });
}

const EDGE = gateway('edge', [server('HTTP', 80)]);
const root = (name: string, gateways: string[]) =>
  virtualService(name, { hosts: [`${name}.example.com`], gateways, http: [{ delegate: { name: 'leaf' } }] });
const leaf = (gateways: string[]) => virtualService('leaf', { http: [{ match: [{ gateways }], ...routeTo('apis') }] });

describeCheck(matchGatewayNotListed, {
  silent: {
    'a gateway that is listed': [bound(['edge', 'mesh'], { gateways: ['edge'] })],
    'the same by its long name': [bound(['edge'], { gateways: ['shop/edge'] })],
    'the mesh without spec.gateways': [bound(undefined, { gateways: ['mesh'] })],
    'no gateways in the match': [bound(['edge'], { uri: { prefix: '/' } })],
    'a delegate, listed by one that delegates': [root('a', ['edge']), root('b', ['inner']), leaf(['inner'])],
    'a delegate that nobody uses': [leaf(['inner'])],
  },
  found: {
    'the mesh beside a gateway alone': [
      [bound(['edge'], { gateways: ['mesh'] })],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].match[0].gateways',
        words: ['the mesh', 'Gateway shop/edge only', "Add 'mesh'"],
      },
    ],
    'a gateway without spec.gateways': [
      [bound(undefined, { gateways: ['edge'] })],
      { words: ["Add 'edge'", 'the mesh only'] },
    ],
    'one of two': [
      [bound(['edge'], { gateways: ['edge', 'other/inner'] })],
      { severity: Severity.WARNING, words: ['Gateway other/inner', "'other/inner'"] },
    ],
    'a delegate, listed by nobody': [
      [root('a', ['edge']), leaf(['inner'])],
      { name: 'leaf', severity: Severity.ERROR },
    ],
  },
});

describeCheck(sourceMatchIgnored, {
  silent: {
    'sources of the mesh': [bound(undefined, { sourceLabels: { app: 'web' }, sourceNamespace: 'web' })],
    'the mesh beside a gateway': [EDGE, bound(['edge', 'mesh'], { sourceLabels: { app: 'web' } })],
    'labels that the selector names': [EDGE, bound(['edge'], { sourceLabels: { istio: 'ingressgateway' } })],
    'labels that the pods of the gateway carry': [
      EDGE,
      deployment('istio-system/gw', { istio: 'ingressgateway', zone: 'a' }),
      bound(['edge'], { sourceLabels: { zone: 'a' } }),
    ],
    'the namespace of the gateway': [EDGE, bound(['edge'], { sourceNamespace: 'istio-system' })],
  },
  found: {
    'labels beside gateways': [
      [bound(undefined, { gateways: ['mesh'], sourceLabels: { app: 'web' }, sourceNamespace: 'web' })],
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].match[0].sourceLabels',
        words: ['Istio ignores sourceLabels and sourceNamespace'],
      },
    ],
    'a namespace beside gateways': [
      [bound(undefined, { gateways: ['mesh'], sourceNamespace: 'web' })],
      { path: 'spec.http[0].match[0].sourceNamespace' },
    ],
    'labels of clients on a gateway': [
      [EDGE, bound(['edge'], { sourceLabels: { app: 'web' } })],
      { severity: Severity.WARNING, words: ["gateway's own pods", 'Unless those pods carry app=web'] },
    ],
    'labels that the selector contradicts': [
      [EDGE, bound(['edge'], { sourceLabels: { istio: 'web' } })],
      { severity: Severity.ERROR, words: ['no request ever fulfils istio=web'] },
    ],
  },
});
