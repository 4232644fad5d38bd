import { Severity } from '../../src/checks/finding';
import { gatewaySelectsNoWorkload } from '../../src/checks/gateway/gateway-selects-no-workload';
import { describeCheck } from './cases';
import { deployment, gateway, server } from './manifests';

const PROXY = { containers: [{ name: 'istio-proxy', image: 'auto' }] };
const selecting = (selector: object) => gateway('edge', [server('HTTP', 80)], { selector });

describeCheck(gatewaySelectsNoWorkload, {
  silent: {
    'no gateway pods are given': [selecting({ istio: 'ingressgateway' }), deployment('apis')],
    'the pods have the labels, in another namespace': [
      selecting({ istio: 'ingress' }),
      deployment('infra/gw', { app: 'gw', istio: 'ingress' }, PROXY),
    ],
    'no selector': [selecting({}), deployment('infra/gw', { istio: 'ingress' }, PROXY)],
    'labels of istioctl': [selecting({ app: 'istio-ingressgateway', istio: 'ingressgateway' })],
    'labels of Helm': [selecting({ app: 'istio-ingress', istio: 'ingress' })],
    'labels of one’s own': [selecting({ app: 'istio-ingress', istio: 'public' })],
    'mixed labels that a pod does have': [
      selecting({ app: 'istio-ingressgateway', istio: 'ingress' }),
      deployment('gw', { app: 'istio-ingressgateway', istio: 'ingress' }, PROXY),
    ],
  },
  found: {
    'the pods have others': [
      [selecting({ istio: 'ingressgateway' }), deployment('infra/gw', { istio: 'ingress' }, PROXY)],
      {
        severity: Severity.WARNING,
        path: 'spec.selector',
        istioCodes: ['IST0127', 'IST0101'],
        kialiCodes: ['KIA0302'],
        words: ['Deployment infra/gw', 'istio=ingress', "'istio: ingress'"],
      },
    ],
    'istioctl and Helm mixed': [
      [selecting({ app: 'istio-ingressgateway', istio: 'ingress' })],
      { severity: Severity.WARNING, words: ['Helm', "'istio: ingressgateway'"] },
    ],
  },
});
