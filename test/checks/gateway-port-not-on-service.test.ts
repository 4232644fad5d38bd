import { Severity } from '../../src/checks/finding';
import { gatewayPortNotOnService } from '../../src/checks/gateway/gateway-port-not-on-service';
import { describeCheck } from './cases';
import { deployment, gateway, server, service } from './manifests';

const PROXY = { containers: [{ name: 'istio-proxy', image: 'auto' }] };
const PODS = deployment('infra/gw', { istio: 'ingressgateway' }, PROXY);
const front = (...ports: number[]) =>
  service('infra/gw', {
    selector: { istio: 'ingressgateway' },
    ports: ports.map((port) => ({ name: `p-${port}`, port, targetPort: 8080 })),
  });

describeCheck(gatewayPortNotOnService, {
  silent: {
    'the Service has it': [PODS, front(80), gateway('edge', [server('HTTP', 80)])],
    'it is the port of the pods behind the Service': [PODS, front(80), gateway('edge', [server('HTTP', 8080)])],
    'it is such a port by its name': [
      deployment(
        'infra/gw',
        { istio: 'ingressgateway' },
        {
          containers: [{ name: 'istio-proxy', image: 'auto', ports: [{ name: 'http2', containerPort: 8080 }] }],
        },
      ),
      service('infra/gw', { selector: { istio: 'ingressgateway' }, ports: [{ port: 80, targetPort: 'http2' }] }),
      gateway('edge', [server('HTTP', 8080)]),
    ],
    'no Service is given': [PODS, gateway('edge', [server('HTTP', 9090)])],
    'no pods are given': [front(80), gateway('edge', [server('HTTP', 9090)])],
    'a second Service has it': [
      PODS,
      front(80),
      service('infra/more', { selector: { istio: 'ingressgateway' }, ports: [{ port: 9090 }] }),
      gateway('edge', [server('HTTP', 9090)]),
    ],
    'pods in the node’s network': [
      deployment('infra/gw', { istio: 'ingressgateway' }, { ...PROXY, hostNetwork: true }),
      front(80),
      gateway('edge', [server('HTTP', 9090)]),
    ],
    'pods that are no gateway': [
      deployment('infra/gw', { istio: 'ingressgateway' }),
      front(80),
      gateway('edge', [server('HTTP', 9090)]),
    ],
  },
  found: {
    'a port to which no Service leads': [
      [PODS, front(80, 443), gateway('edge', [server('HTTP', 80), server('HTTP', 9090)])],
      {
        severity: Severity.WARNING,
        path: 'spec.servers[1].port.number',
        istioCodes: ['IST0162'],
        words: ['Service infra/gw', '80 and 443'],
      },
    ],
  },
});
