/*
 * rejected-by-istio and questioned-by-istio: what a DestinationRule and a Gateway's tls may say, at their edges.
 */
import { questionedByIstio } from '../../src/checks/validation/questioned-by-istio';
import { rejectedByIstio } from '../../src/checks/validation/rejected-by-istio';
import { describeCheck } from './cases';
import { destinationRule, gateway, server } from './manifests';
import { errors } from './refused';

const policy = (trafficPolicy: object) => destinationRule('apis', 'apis', [], { trafficPolicy });
const balanced = (loadBalancer: object) => policy({ loadBalancer, outlierDetection: {} });
const hashed = (consistentHash: object) => balanced({ consistentHash });
const zoned = (zoneAwareLbSetting: object) => balanced({ zoneAwareLbSetting });
const local = (localityLbSetting: object) => balanced({ localityLbSetting });
const shares = (...to: object[]) => local({ distribute: to.map((each, index) => ({ from: `r${index}`, to: each })) });
const tls = (fields: object) => policy({ tls: fields });
const secure = (fields: object) => gateway('edge', [server('HTTPS', 443, { tls: fields })]);
const FILES = { serverCertificate: '/a.pem', privateKey: '/a.key' };
const POLICY = 'spec.trafficPolicy';
const LOCALITY = `${POLICY}.loadBalancer.localityLbSetting`;
const ZONES = `${POLICY}.loadBalancer.zoneAwareLbSetting`;
const HASH = `${POLICY}.loadBalancer.consistentHash`;
const TLS = 'spec.servers[0].tls';

describeCheck(rejectedByIstio, {
  silent: {
    'load balancing in order': [
      hashed({ maglev: { tableSize: 65537 } }),
      hashed({ httpCookie: { name: 'a', ttl: '0s', attributes: [{ name: 'b' }] } }),
      shares({ 'a/b/*': 80, 'a/c/*': 20 }, { '*': 100 }),
      local({ failover: [{ from: 'a', to: 'b' }], failoverPriority: ['topology.istio.io/network'] }),
    ],
    'zones and a keepalive': [
      zoned({ enabled: true, failover: [{ from: 'a', to: 'b' }] }),
      policy({ connectionPool: { http: { http2KeepAlive: { interval: '30s', timeout: '5s' } } } }),
    ],
    'shares of which Istio says now this and now that': [shares({ '*': 50, a: 50 })],
    'a share that is no number, which mistyped-field says': [shares({ a: 'half' })],
    'no idle timeout at all': [policy({ connectionPool: { tcp: { idleTimeout: '0s' } } })],
    'a ConfigMap of its own namespace': [tls({ mode: 'SIMPLE', credentialName: 'configmap://shop/a' })],
    'certificates in order': [
      secure({ mode: 'SIMPLE', tlsCertificates: [FILES] }),
      secure({ mode: 'MUTUAL', credentialNames: ['a', 'b'] }),
      secure({ mode: 'SIMPLE', credentialName: 'a', caCrl: '/crl' }),
      secure({ mode: 'SIMPLE', credentialName: 'a', privateKey: '/a.key' }),
    ],
    'a socket with an abstract name': [
      gateway('edge', [{ hosts: ['a.com'], bind: 'unix://@a', port: { number: 0, name: 'http', protocol: 'HTTP' } }]),
    ],
  },
  found: errors({
    'a priority of places, of which zones are one': [
      zoned({ failoverPriority: ['topology.kubernetes.io/zone'] }),
      `${ZONES}.failoverPriority[0]`,
      'Take it out',
    ],
    'zones that fail over to themselves': [zoned({ failover: [{ from: 'a', to: 'a' }] }), `${ZONES}.failover[0]`],
    'localities and zones': [
      balanced({ localityLbSetting: {}, zoneAwareLbSetting: {} }),
      `${POLICY}.loadBalancer`,
      'both localityLbSetting and zoneAwareLbSetting',
    ],
    'a keepalive without timeout': [
      policy({ connectionPool: { http: { http2KeepAlive: { interval: '30s' } } } }),
      `${POLICY}.connectionPool.http.http2KeepAlive`,
      'both interval and timeout',
    ],
    'a keepalive in parts of a millisecond': [
      policy({ connectionPool: { http: { http2KeepAlive: { interval: '1.5ms', timeout: '5s' } } } }),
      `${POLICY}.connectionPool.http.http2KeepAlive.interval`,
    ],
    'a budget of no time': [
      policy({ retryBudget: { budgetInterval: 'a' } }),
      `${POLICY}.retryBudget.budgetInterval`,
      'not a duration',
    ],
    'a table that is no prime': [hashed({ maglev: { tableSize: 65536 } }), `${HASH}.maglev.tableSize`, '65537'],
    'a table that is too large': [hashed({ maglev: { tableSize: 5000011 } }), `${HASH}.maglev.tableSize`],
    'a table without size': [hashed({ maglev: {} }), `${HASH}.maglev.tableSize`],
    'a ring in two places': [hashed({ minimumRingSize: 9, ringHash: {} }), HASH, 'ringHash'],
    'a cookie without name': [hashed({ httpCookie: { name: '' } }), `${HASH}.httpCookie.name`],
    'an attribute of a cookie twice': [
      hashed({ httpCookie: { name: 'a', attributes: [{ name: 'b' }, { name: 'b' }] } }),
      `${HASH}.httpCookie.attributes[1].name`,
      'b twice',
    ],
    'the life of a cookie that is none': [
      hashed({ httpCookie: { name: 'a', ttl: '1' } }),
      `${HASH}.httpCookie.ttl`,
      'not a duration',
    ],
    'shares that do not make 100': [shares({ a: 50 }), `${LOCALITY}.distribute[0]`, '100'],
    'a share of nothing': [shares({ a: 0, b: 100 }), `${LOCALITY}.distribute[0].to.a`, '1 to 100'],
    'places that overlap': [
      shares({ 'a/b': 50, 'a/b/c': 50 }),
      `${LOCALITY}.distribute[0].to["a/b/c"]`,
      "'a/b' and 'a/b/c'",
    ],
    'a place with a hole': [shares({ 'a//b': 100 }), `${LOCALITY}.distribute[0].to["a//b"]`],
    'a wildcard in front': [shares({ '*/a': 100 }), `${LOCALITY}.distribute[0].to["*/a"]`],
    'one source twice': [
      local({
        distribute: [
          { from: 'a/*', to: { a: 100 } },
          { from: 'a/b', to: { a: 100 } },
        ],
      }),
      `${LOCALITY}.distribute[1].from`,
    ],
    'shares and failover': [
      local({ distribute: [{ from: 'a', to: { a: 100 } }], failover: [{ from: 'a', to: 'b' }] }),
      LOCALITY,
      'both distribute and failover',
    ],
    'failover to itself': [local({ failover: [{ from: 'a', to: 'a' }] }), `${LOCALITY}.failover[0]`, 'different'],
    'failover of a zone': [local({ failover: [{ from: 'a/b', to: 'c' }] }), `${LOCALITY}.failover[0]`, 'region'],
    'failover by zone in two ways': [
      local({ failover: [{ from: 'a', to: 'b' }], failoverPriority: ['topology.kubernetes.io/zone'] }),
      `${LOCALITY}.failoverPriority[0]`,
    ],
    'a warmup without aggression': [
      balanced({ warmup: { duration: '5s', aggression: 0 } }),
      `${POLICY}.loadBalancer.warmup.aggression`,
    ],
    'an idle timeout that cannot be read': [
      policy({ connectionPool: { tcp: { idleTimeout: 'v1' } } }),
      `${POLICY}.connectionPool.tcp.idleTimeout`,
      "'v1' is not a duration",
    ],
    'an idle timeout that is too exact': [
      policy({ connectionPool: { tcp: { idleTimeout: '1.5ms' } } }),
      `${POLICY}.connectionPool.tcp.idleTimeout`,
    ],
    'a ConfigMap of another namespace': [
      tls({ mode: 'SIMPLE', credentialName: 'configmap://a/b' }),
      `${POLICY}.tls.credentialName`,
      'configmap://shop/',
    ],
    'an authority that nobody looks at': [
      tls({ mode: 'SIMPLE', insecureSkipVerify: true, caCertificates: '/ca.pem' }),
      `${POLICY}.tls`,
      'caCertificates',
    ],
    'a tunnel to a wildcard': [
      policy({ tunnel: { targetHost: '*.example.com', targetPort: 443 } }),
      `${POLICY}.tunnel.targetHost`,
    ],
    'an IPv6 address as host': [destinationRule('apis', '::1', []), 'spec.host', 'IP address'],
    'two sources of a certificate that is passed through': [
      secure({ credentialName: 'a', ...FILES }),
      TLS,
      'one place',
    ],
    'a key without certificate': [secure({ mode: 'SIMPLE', privateKey: '/a.key' }), TLS, 'serverCertificate'],
    'one of several certificates without key': [
      secure({ mode: 'SIMPLE', tlsCertificates: [FILES, { serverCertificate: 'a' }] }),
      `${TLS}.tlsCertificates[1]`,
    ],
    'revocations where no client is asked': [secure({ mode: 'SIMPLE', ...FILES, caCrl: '/crl' }), `${TLS}.caCrl`],
    'OPTIONAL_MUTUAL without authority': [secure({ mode: 'OPTIONAL_MUTUAL', ...FILES }), TLS, 'authority'],
    'a socket without path': [
      gateway('edge', [{ hosts: ['a.com'], bind: 'unix://a', port: { number: 0, name: 'http', protocol: 'HTTP' } }]),
      'spec.servers[0].bind',
      'unix:///run/a',
    ],
    'a short host beside all hosts': [
      gateway('edge', [server('HTTP', 80, { hosts: ['web', '*/*'] })]),
      'spec.servers[0].hosts[0]',
      'short name',
    ],
    'an IPv6 address of a server': [
      gateway('edge', [server('HTTP', 80, { hosts: ['::1'] })]),
      'spec.servers[0].hosts[0]',
    ],
  }),
});

describeCheck(questionedByIstio, {
  silent: {
    'failover of a subset, of which Istio does not warn': [
      destinationRule('apis', 'apis', [], {
        subsets: [
          {
            name: 'v1',
            trafficPolicy: { loadBalancer: { localityLbSetting: { failover: [{ from: 'a', to: 'b' }] } } },
          },
        ],
      }),
    ],
    'ciphers by an expression': [
      secure({ mode: 'SIMPLE', ...FILES, cipherSuites: ['ALL', '-AES128-SHA', '@STRENGTH'] }),
    ],
  },
  found: {
    'failover that never comes': [
      [policy({ loadBalancer: { localityLbSetting: { failoverPriority: ['a'] } } })],
      { path: LOCALITY, words: ['outlierDetection'] },
    ],
    'a ring in the old place': [[hashed({ minimumRingSize: 1024 })], { path: `${HASH}.minimumRingSize` }],
    'ciphers that are none, and twice': [
      [secure({ mode: 'SIMPLE', ...FILES, cipherSuites: ['AES', 'AES128-SHA', 'AES128-SHA'] })],
      { path: `${TLS}.cipherSuites[0]`, words: ['AES256-SHA'] },
      { path: `${TLS}.cipherSuites[2]`, words: ['twice'] },
    ],
    'old TLS without its ciphers': [
      [secure({ mode: 'SIMPLE', ...FILES, minProtocolVersion: 'TLSV1_1' })],
      { path: `${TLS}.minProtocolVersion` },
    ],
  },
});
