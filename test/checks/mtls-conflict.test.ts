import { mtlsConflict } from '../../src/checks/destination/mtls-conflict';
import { Severity } from '../../src/checks/finding';
import { describeCheck } from './cases';
import {
  deployment,
  destinationRule,
  gateway,
  type Manifest,
  manifest,
  namespace,
  routeTo,
  server,
  service,
  virtualService,
} from './manifests';

const INJECTED = namespace('shop', { 'istio-injection': 'enabled' });
const PODS = deployment('apis');
const tls = (mode: string) => ({ trafficPolicy: { tls: { mode } } });
const rule = (mode: string, spec: object = {}) => destinationRule('apis', 'apis', [], { ...tls(mode), ...spec });
const peers = (mode: string, name = 'default', spec: object = {}) =>
  manifest('security.istio.io/v1', 'PeerAuthentication', name, { mtls: { mode }, ...spec });
const ofApis = { selector: { matchLabels: { app: 'apis' } } };
const withPods = (labels: { [key: string]: string }, annotations: object = {}): Manifest => ({
  ...PODS,
  spec: { template: { metadata: { labels: { app: 'apis', ...labels }, annotations }, spec: {} } },
});
const mesh = (...rest: Manifest[]) => [INJECTED, service('apis'), PODS, ...rest];
const outside = (...rest: Manifest[]) => [
  namespace('shop', { 'istio-injection': 'disabled' }),
  ...mesh(...rest).slice(1),
];

const APIS = 'apis.shop.svc.cluster.local';
const WEB = [namespace('web', { 'istio-injection': 'enabled' }), deployment('web/web')];
const INGRESS = [
  gateway('edge/ingress', [server('HTTP', 80)]),
  deployment('edge/ingress', { istio: 'ingressgateway' }, { containers: [{ name: 'istio-proxy', image: 'auto' }] }),
];

describeCheck(mtlsConflict, {
  silent: {
    'a rule for the clients of its own namespace, none of which has a proxy': mesh(
      namespace('web', { 'istio-injection': 'disabled' }),
      deployment('web/web'),
      destinationRule('web/apis', APIS, [], tls('DISABLE')),
      peers('STRICT'),
    ),
    'a rule in the namespace of a gateway that does not lead there': mesh(
      ...INGRESS,
      destinationRule('edge/apis', APIS, [], tls('DISABLE')),
      peers('STRICT'),
    ),
    'a rule for workloads that there are not': mesh(
      rule('DISABLE', { workloadSelector: { matchLabels: { app: 'web' } } }),
      peers('STRICT'),
    ),
    'Istio’s TLS towards a strict namespace': mesh(rule('ISTIO_MUTUAL'), peers('STRICT')),
    'a rule that says nothing of TLS': mesh(destinationRule('apis', 'apis', ['v1']), peers('STRICT')),
    'both are welcome': mesh(rule('DISABLE'), peers('PERMISSIVE')),
    'both are welcome where nothing is said': mesh(rule('DISABLE')),
    'plain text on both sides': mesh(rule('DISABLE'), peers('DISABLE')),
    'a strict namespace with an exception for these pods': mesh(
      rule('DISABLE'),
      peers('STRICT'),
      peers('PERMISSIVE', 'apis', ofApis),
    ),
    'an exception for the port': mesh(
      rule('DISABLE'),
      peers('STRICT', 'apis', { ...ofApis, portLevelMtls: { 8080: { mode: 'PERMISSIVE' } } }),
    ),
    'by a wildcard, with a rule for the host itself': mesh(
      destinationRule('istio-system/plain', '*.local', [], tls('DISABLE')),
      rule('ISTIO_MUTUAL'),
      peers('STRICT'),
    ),
    'strict elsewhere': mesh(rule('DISABLE'), peers('STRICT', 'other/default')),
    'strict for other pods': mesh(
      rule('DISABLE'),
      peers('STRICT', 'web', { selector: { matchLabels: { app: 'web' } } }),
    ),
    'a policy of the root namespace with a selector, which Istio ignores': [
      namespace('istio-system', { 'istio-injection': 'enabled' }),
      service('istio-system/apis'),
      deployment('istio-system/apis'),
      destinationRule('istio-system/apis', 'apis', [], tls('DISABLE')),
      peers('STRICT', 'istio-system/apis', ofApis),
    ],
    'a wildcard in front of which a rule for the host comes': mesh(
      destinationRule('all', '*.local', [], tls('DISABLE')),
      destinationRule('apis', 'apis', ['v1']),
      peers('STRICT'),
    ),
    'no sidecar that could be strict': outside(rule('DISABLE'), peers('STRICT')),
    'certificates of one’s own': mesh(rule('MUTUAL'), peers('STRICT')),
    'a port of its own for plain text': mesh(
      rule('ISTIO_MUTUAL', {
        trafficPolicy: { tls: { mode: 'DISABLE' }, portLevelSettings: [{ port: { number: 80 } }] },
      }),
      peers('STRICT'),
    ),
    'a port that the sidecar does not see': [
      INJECTED,
      service('apis'),
      withPods({}, { 'traffic.sidecar.istio.io/excludeInboundPorts': '8080' }),
      rule('DISABLE'),
      peers('STRICT'),
    ],
    'ambient, where a proxy of the node speaks for the pods': [
      namespace('shop', { 'istio.io/dataplane-mode': 'ambient', 'istio-injection': 'disabled' }),
      service('apis'),
      PODS,
      rule('ISTIO_MUTUAL'),
    ],
    'nobody knows whether there is a sidecar': [service('apis'), PODS, rule('ISTIO_MUTUAL')],
    'nobody knows the pods': [INJECTED, service('apis'), rule('DISABLE'), peers('STRICT')],
    'a policy that another rule comes before': mesh(
      destinationRule('a', 'apis', [], tls('ISTIO_MUTUAL')),
      rule('DISABLE'),
      peers('STRICT'),
    ),
  },
  found: {
    'by a rule for the clients of another namespace': [
      mesh(...WEB, rule('DISABLE', { exportTo: ['web'] }), peers('STRICT')),
      { severity: Severity.ERROR, words: [`clients of ${APIS}`] },
    ],
    'by a rule of the clients’ namespace': [
      mesh(...WEB, destinationRule('web/apis', APIS, [], tls('DISABLE')), peers('STRICT')),
      { severity: Severity.ERROR, name: 'apis', namespace: 'web' },
    ],
    'by a rule of a namespace of which the manifests contain no pods': [
      mesh(destinationRule('web/apis', APIS, [], tls('DISABLE')), peers('STRICT')),
      { severity: Severity.WARNING, words: ['do not show a client with a sidecar that uses the rule.'] },
    ],
    'by a rule in the namespace of a gateway that leads there': [
      mesh(
        ...INGRESS,
        virtualService('edge/apis', { hosts: ['apis.example.com'], gateways: ['ingress'], http: [routeTo(APIS)] }),
        destinationRule('edge/apis', APIS, [], tls('DISABLE')),
        peers('STRICT'),
      ),
      { severity: Severity.ERROR, namespace: 'edge' },
    ],
    'by a rule for some workloads': [
      mesh(rule('DISABLE', { workloadSelector: { matchLabels: { app: 'apis' } } }), peers('STRICT')),
      { severity: Severity.ERROR },
    ],
    'by a rule of the root namespace for a wildcard': [
      mesh(
        destinationRule('istio-system/plain', '*.local', [], tls('DISABLE')),
        service('shop/other', { selector: { app: 'none' } }),
        peers('STRICT', 'istio-system/default'),
      ),
      { severity: Severity.ERROR, name: 'plain', words: ['clients of apis.shop.svc.cluster.local', 'DISABLE', '503'] },
    ],
    'plain text towards a strict namespace': [
      mesh(rule('DISABLE'), peers('STRICT')),
      {
        severity: Severity.ERROR,
        kind: 'DestinationRule',
        path: 'spec.trafficPolicy.tls.mode',
        kialiCodes: ['KIA0207', 'KIA0208'],
        words: ['PeerAuthentication shop/default is STRICT', 'port 8080', '503', "'mode: ISTIO_MUTUAL'"],
      },
    ],
    'plain text by a rule for many hosts': [
      mesh(destinationRule('all', '*.local', [], tls('DISABLE')), peers('STRICT')),
      { severity: Severity.ERROR, path: 'spec.trafficPolicy.tls.mode', words: ['apis.shop.svc.cluster.local'] },
    ],
    'TLS without a certificate towards a strict mesh': [
      mesh(rule('SIMPLE'), peers('STRICT', 'istio-system/default')),
      { severity: Severity.ERROR, words: ['PeerAuthentication istio-system/default'] },
    ],
    'a namespace that leaves it to the mesh': [
      mesh(rule('DISABLE'), peers('UNSET'), peers('STRICT', 'istio-system/default')),
      { severity: Severity.ERROR },
    ],
    'strict pods in a lax namespace': [
      mesh(rule('DISABLE'), peers('PERMISSIVE'), peers('STRICT', 'apis', ofApis)),
      { severity: Severity.ERROR, words: ['PeerAuthentication shop/apis'] },
    ],
    'a strict port': [
      mesh(rule('DISABLE'), peers('PERMISSIVE', 'apis', { ...ofApis, portLevelMtls: { 8080: { mode: 'STRICT' } } })),
      { severity: Severity.ERROR },
    ],
    'one subset alone': [
      mesh(
        destinationRule('apis', 'apis', [], { subsets: [{ name: 'v1', labels: { app: 'apis' }, ...tls('DISABLE') }] }),
        peers('STRICT'),
      ),
      { path: 'spec.subsets[0].trafficPolicy.tls.mode' },
    ],
    'one port alone': [
      mesh(
        destinationRule('apis', 'apis', [], {
          trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'DISABLE' } }] },
        }),
        peers('STRICT'),
      ),
      { path: 'spec.trafficPolicy.portLevelSettings[0].tls.mode' },
    ],
    'a namespace of which nothing is known': [
      [service('apis'), PODS, rule('DISABLE'), peers('STRICT')],
      { severity: Severity.WARNING, words: ['if the pods get a sidecar'] },
    ],
    'Istio’s TLS towards pods without sidecar': [
      outside(rule('ISTIO_MUTUAL')),
      { severity: Severity.WARNING, words: ['have no sidecar', "'mode: DISABLE'"] },
    ],
    'Istio’s TLS towards sidecars that take none': [
      mesh(rule('ISTIO_MUTUAL'), peers('DISABLE')),
      { severity: Severity.WARNING, words: ['PeerAuthentication shop/default is DISABLE'] },
    ],
  },
});
