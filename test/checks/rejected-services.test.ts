/*
 * rejected-by-istio and questioned-by-istio: ServiceEntries, workloads outside of Kubernetes, Sidecars, and metadata.
 */
import { questionedByIstio } from '../../src/checks/validation/questioned-by-istio';
import { rejectedByIstio } from '../../src/checks/validation/rejected-by-istio';
import { describeCheck } from './cases';
import { manifest, service } from './manifests';
import { errors } from './refused';

const NETWORKING = 'networking.istio.io/v1';
const HTTP = { number: 80, name: 'http', protocol: 'HTTP' };
const TCP = { number: 9000, name: 'tcp', protocol: 'TCP' };
const entry = (spec: object, metadata: object = {}) =>
  manifest(NETWORKING, 'ServiceEntry', 'x', { hosts: ['a.example.com'], ports: [HTTP], ...spec }, { ...metadata });
const workload = (spec: object) => manifest(NETWORKING, 'WorkloadEntry', 'x', { address: '10.0.0.1', ...spec });
const group = (spec: object) => manifest(NETWORKING, 'WorkloadGroup', 'x', { template: {}, ...spec });
const sidecar = (spec: object) => manifest(NETWORKING, 'Sidecar', 'x', { ...spec });
const ingress = (...listeners: object[]) => sidecar({ ingress: listeners.map((each) => ({ port: HTTP, ...each })) });
const egress = (...listeners: object[]) => sidecar({ egress: listeners.map((each) => ({ hosts: ['./*'], ...each })) });
const reaching = (...hosts: string[]) => egress({ hosts });
const SERVED = { serverCertificate: '/a.pem', privateKey: '/a.key' };
const HTTPS = { number: 443, name: 'https', protocol: 'HTTPS' };

describeCheck(rejectedByIstio, {
  silent: {
    'ServiceEntries in order': [
      entry({ resolution: 'DNS' }),
      entry({
        resolution: 'STATIC',
        addresses: ['10.0.0.0/8'],
        endpoints: [{ address: '10.0.0.1', ports: { http: 80 } }],
      }),
      entry({ hosts: ['*.example.com'], resolution: 'DYNAMIC_DNS' }),
      entry({ resolution: 'STATIC', workloadSelector: { labels: { app: 'a' } }, exportTo: ['~'] }),
      entry({ resolution: 'STATIC', endpoints: [{ address: 'unix:///run/a' }] }),
    ],
    'workloads in order': [
      workload({ ports: { http: 80 }, labels: { app: 'a' } }),
      workload({ address: 'a.example.com' }),
      workload({ address: 'unix://@a' }),
      group({ probe: { httpGet: { port: 80, scheme: 'HTTP', httpHeaders: [{ name: 'x-a' }] } } }),
    ],
    'Sidecars in order': [
      ingress({ defaultEndpoint: '127.0.0.1:8080' }, { port: HTTPS, tls: { mode: 'SIMPLE', ...SERVED } }),
      ingress({ defaultEndpoint: '[::1]:8080' }),
      egress({ port: HTTP, bind: '127.0.0.1' }, { port: { number: 0 }, bind: 'unix:///run/a' }, {}),
      reaching('./*', '*/a.example.com', '~/*', '~shop/*.example.com'),
      sidecar({ outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'a.com', port: { number: 80 } } } }),
    ],
    'annotations of other kinds': [service('a', {}, { annotations: { 'istio.io/dry-run': 'true' } })],
  },
  found: errors({
    'an annotation of policies': [
      entry({ resolution: 'DNS' }, { annotations: { 'istio.io/dry-run': 'true' } }),
      'metadata.annotations["istio.io/dry-run"]',
      'AuthorizationPolicy',
    ],
    'an annotation of Istio’s own': [
      entry({ resolution: 'DNS' }, { annotations: { 'internal.istio.io/parents': 'a' } }),
      'metadata.annotations["internal.istio.io/parents"]',
    ],
    'every host': [entry({ hosts: ['*'] }), 'spec.hosts[0]', "'*'"],
    'an address as host': [entry({ hosts: ['10.0.0.1'] }), 'spec.hosts[0]', 'IP address'],
    'no address': [entry({ addresses: ['a'] }), 'spec.addresses[0]', "'a'"],
    'a range by DNS': [entry({ resolution: 'DNS', addresses: ['10.0.0.0/8'] }), 'spec.addresses[0]', 'DNS'],
    'one number twice': [entry({ ports: [HTTP, { ...HTTP, name: 'b' }] }), 'spec.ports[1].number', '80'],
    'port 0 of a ServiceEntry': [entry({ ports: [{ ...HTTP, number: 0 }] }), 'spec.ports[0].number'],
    'no target': [entry({ ports: [{ ...HTTP, targetPort: 70000 }] }), 'spec.ports[0].targetPort'],
    'a name with a space': [entry({ ports: [{ ...HTTP, name: 'a b' }] }), 'spec.ports[0].name', "'a b'"],
    'a protocol that is none': [entry({ ports: [{ ...HTTP, protocol: 'HTTPX' }] }), 'spec.ports[0].protocol'],
    'endpoints of nothing': [entry({ endpoints: [{ address: '10.0.0.1' }] }), 'spec.endpoints', 'NONE'],
    'endpoints and a selector': [
      entry({
        resolution: 'STATIC',
        endpoints: [{ address: '10.0.0.1' }],
        workloadSelector: { labels: { app: 'a' } },
      }),
      'spec',
      'workloadSelector and endpoints',
    ],
    'an endpoint without address': [
      entry({ resolution: 'STATIC', endpoints: [{}] }),
      'spec.endpoints[0]',
      'needs an address',
    ],
    'a name for an address': [
      entry({ resolution: 'STATIC', endpoints: [{ address: 'a.example.com' }] }),
      'spec.endpoints[0].address',
      'resolution: DNS',
    ],
    'a port that the ServiceEntry does not have': [
      entry({ resolution: 'DNS', endpoints: [{ address: 'a.com', ports: { tcp: 80 } }] }),
      'spec.endpoints[0].ports.tcp',
    ],
    'a wildcard that DNS shall look up': [
      entry({ hosts: ['*.example.com'], resolution: 'DNS' }),
      'spec.hosts[0]',
      'look up',
    ],
    'two endpoints in turn': [
      entry({ resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'a.com' }, { address: 'b.com' }] }),
      'spec.endpoints',
    ],
    'one host by dynamic DNS': [entry({ resolution: 'DYNAMIC_DNS' }), 'spec.hosts[0]', "'*.example.com'"],
    'TCP by dynamic DNS': [
      entry({ hosts: ['*.example.com'], resolution: 'DYNAMIC_DNS', ports: [TCP] }),
      'spec.ports[0]',
    ],
    'several hosts of TCP': [
      entry({ hosts: ['a.com', 'b.com'], resolution: 'DNS', ports: [TCP] }),
      'spec.ports[0]',
      'each host',
    ],
    'exported to nobody and somebody': [entry({ exportTo: ['~', 'a'] }), 'spec.exportTo[0]', 'nobody'],
    'a workload nowhere': [workload({ address: '' }), 'spec', 'needs an address'],
    'a workload by a wildcard': [workload({ address: '*.a.com' }), 'spec.address'],
    'a workload at half a socket': [workload({ address: 'unix://a' }), 'spec.address'],
    'a socket with ports': [workload({ address: 'unix:///a', ports: { http: 80 } }), 'spec.ports'],
    'a workload on port 0': [workload({ ports: { http: 0 } }), 'spec.ports.http'],
    'a label of a workload': [workload({ labels: { app: 'a b' } }), 'spec.labels.app'],
    'labels of a group': [group({ metadata: { labels: { app: 'a b' } } }), 'spec.metadata.labels.app'],
    'a probe of nothing': [group({ probe: {} }), 'spec.probe', 'tcpSocket'],
    'a probe by another scheme': [
      group({ probe: { httpGet: { port: 80, scheme: 'ftp' } } }),
      'spec.probe.httpGet.scheme',
    ],
    'a probe of port 0': [group({ probe: { tcpSocket: { port: 0 } } }), 'spec.probe.tcpSocket.port'],
    'a probe without command': [group({ probe: { exec: { command: [] } } }), 'spec.probe.exec'],
    'a Sidecar that is empty': [sidecar({}), 'spec', 'is empty'],
    'one port of a Sidecar twice': [ingress({}, {}), 'spec.ingress[1]', 'port 80'],
    'an app elsewhere': [ingress({ defaultEndpoint: '10.0.0.1:80' }), 'spec.ingress[0].defaultEndpoint'],
    'an app without port': [ingress({ defaultEndpoint: '127.0.0.1' }), 'spec.ingress[0].defaultEndpoint'],
    'a Secret for a Sidecar': [
      ingress({ port: HTTPS, tls: { mode: 'SIMPLE', credentialName: 'a' } }),
      'spec.ingress[0].tls',
      'credentialName',
    ],
    'tls on a port of HTTP': [ingress({ tls: { mode: 'SIMPLE', ...SERVED } }), 'spec.ingress[0].tls', 'HTTPS'],
    'the catch-all in front': [egress({}, { port: HTTP }), 'spec.egress[0]', 'last'],
    'a port that is a socket': [egress({ port: { number: 0 } }), 'spec.egress[0]', 'unix:'],
    'a host without namespace': [reaching('a.example.com'), 'spec.egress[0].hosts[0]', 'namespace/host'],
    'a short host': [reaching('./web'), 'spec.egress[0].hosts[0]', 'short name'],
    'no hosts to reach': [reaching(), 'spec.egress[0].hosts'],
    'a proxy for what is blocked': [
      sidecar({ outboundTrafficPolicy: { egressProxy: { host: 'a.com', port: { number: 80 } } } }),
      'spec.outboundTrafficPolicy',
      'ALLOW_ANY',
    ],
    'a proxy without port': [
      sidecar({ outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'a.com' } } }),
      'spec.outboundTrafficPolicy.egressProxy',
      'port',
    ],
  }),
});

describeCheck(questionedByIstio, {
  silent: {
    'a port of TCP to which Istio gives an address': [entry({ resolution: 'DNS', ports: [TCP] })],
  },
  found: {
    'a port of TCP without address': [[entry({ ports: [TCP] })], { path: 'spec.ports[0]' }],
    'one to which Istio shall give no address': [
      [
        entry(
          { resolution: 'DNS', ports: [TCP] },
          { labels: { 'networking.istio.io/enable-autoallocate-ip': 'False' } },
        ),
      ],
      { path: 'spec.ports[0]' },
    ],
    'a selector that selects all': [
      [entry({ resolution: 'STATIC', workloadSelector: {} })],
      { path: 'spec.workloadSelector' },
    ],
    'a selector that selects nothing': [
      [entry({ workloadSelector: { labels: { app: 'a' } } })],
      { path: 'spec.workloadSelector', words: ['NONE'] },
    ],
    'a wildcard for a part': [[entry({ hosts: ['*a.example.com'] })], { path: 'spec.hosts[0]' }],
    'a workload of a network alone': [[workload({ address: '', network: 'n' })], { path: 'spec' }],
    'a host twice': [[reaching('./*', 'shop/a.example.com')], { path: 'spec.egress[0].hosts[1]' }],
    'all hosts and others': [[reaching('*/*', 'a/*')], { path: 'spec.egress[0].hosts[0]', words: ['alone'] }],
    'limits of HTTP for TCP': [
      [ingress({ port: TCP, connectionPool: { http: { maxRetries: 1 } } })],
      { path: 'spec.ingress[0].connectionPool.http' },
    ],
  },
});
