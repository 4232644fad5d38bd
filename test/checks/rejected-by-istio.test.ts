/*
 * rejected-by-istio and questioned-by-istio: the rules of Istio's webhook.
 */
import { Severity } from '../../src/checks/finding';
import { questionedByIstio } from '../../src/checks/validation/questioned-by-istio';
import { rejectedByIstio } from '../../src/checks/validation/rejected-by-istio';
import { describeCheck } from './cases';
import { destinationRule, gateway, routeTo, server, virtualService } from './manifests';
import { errors } from './refused';

const http = (route: object) => virtualService('apis', { hosts: ['apis'], http: [route] });
const routed = (fields: object) => http({ ...routeTo('apis'), ...fields });
const of = (spec: object) => virtualService('apis', { hosts: ['apis'], http: [routeTo('apis')], ...spec });
const to = (destination: object, ...others: object[]) => http({ route: [{ destination }, ...others] });
const HTTP_80 = server('HTTP', 80);
const tls = (mode: string, rest: object = {}) => ({ tls: { mode, ...rest } });
const policy = (trafficPolicy: unknown) => destinationRule('apis', 'apis', [], { trafficPolicy });

const matching = (match: object) => routed({ match: [match] });
const CLAIM = { headers: { '@request.auth.claims.group': { exact: 'a' } } };
const setting = (value: string) => routed({ headers: { request: { set: { 'x-a': value } } } });
const MATCH = 'spec.http[0].match[0]';

describeCheck(rejectedByIstio, {
  silent: {
    'names and values as they may be': [
      matching({
        headers: { ':status': {}, ':method': { exact: 'GET' }, 'x-v': { prefix: 'a' } },
        uri: { prefix: '' },
      }),
      matching({ sourceLabels: { 'app.kubernetes.io/name': 'x' } }),
      of({ gateways: ['edge'], http: [{ match: [CLAIM], ...routeTo('apis') }] }),
      setting('100%% of %REQ(X-A?:authority)%, %DOWNSTREAM_REMOTE_ADDRESS%\t%START_TIME(%Y)%'),
      routed({ corsPolicy: { allowMethods: ['GET', '*'], maxAge: '10m' } }),
    ],
    'ordinary routes': [
      of({}),
      of({ hosts: ['*.example.com', 'a.example.org', '10.0.0.1'], gateways: ['ns/y', 'edge', 'mesh'] }),
    ],
    'every host, at a gateway': [of({ hosts: ['*'], gateways: ['edge'] })],
    'a delegate': [virtualService('part', { http: [routeTo('apis')] })],
    'a root that delegates': [http({ delegate: { name: 'part' } })],
    'a redirect': [http({ redirect: { uri: '/new', redirectCode: 308 } }), http({ redirect: { scheme: 'https' } })],
    'a direct answer': [http({ directResponse: { status: 503 } })],
    'weights that do not make 100': [to({ host: 'a' }, { destination: { host: 'b' }, weight: 1 })],
    'one destination without weight': [to({ host: 'a', subset: 'v1', port: { number: 80 } })],
    'no retries': [routed({ retries: { attempts: 0 } })],
    retries: [routed({ retries: { attempts: 3, perTryTimeout: '0.5s', retryOn: '5xx,reset' } })],
    'a fault and a rewrite': [
      routed({ fault: { abort: { httpStatus: 503, percentage: { value: 0.1 } } }, rewrite: { uri: '/' } }),
    ],
    'an empty list beside a redirect': [http({ route: [], redirect: { uri: '/' } })],
    headers: [routed({ headers: { request: { set: { host: 'x', 'x-a': 'b' } }, response: { remove: ['server'] } } })],
    'tls and tcp routes': [
      of({
        hosts: ['*.example.com'],
        http: undefined,
        tls: [{ match: [{ sniHosts: ['a.example.com'] }], ...routeTo('a') }],
        tcp: [routeTo('b')],
      }),
    ],
    'ordinary servers': [
      gateway('edge', [
        HTTP_80,
        server('HTTPS', 443, tls('SIMPLE', { credentialName: 'c' })),
        server('TLS', 444, tls('PASSTHROUGH')),
        server('http', 81, { tls: { httpsRedirect: true } }),
        server('HTTPS', 445, tls('MUTUAL', { serverCertificate: 'a', privateKey: 'b', caCertificates: 'c' })),
        server('HTTPS', 446, tls('ISTIO_MUTUAL')),
        server('TCP', 90, { hosts: ['./*', 'ns/a.example.com', '*/b.example.com'], bind: '10.0.0.1' }),
      ]),
    ],
    'an ordinary DestinationRule': [
      destinationRule('apis', 'apis', ['v1', 'v2'], {
        trafficPolicy: { loadBalancer: { simple: 'RANDOM' } },
        exportTo: ['.', 'web'],
      }),
    ],
    'capital letters, at which only Kubernetes takes offence': [
      of({ gateways: ['NS/Edge', 'Edge'], http: [routeTo('apis', { subset: 'V1' })] }),
      destinationRule('apis', 'apis', ['V1']),
    ],
    'gateways behind one without namespace, at which Istio does not look': [of({ gateways: ['edge', 'a/b/c'] })],
    'part of a label, but on a Gateway': [
      of({ hosts: ['*apis.example.com'], gateways: ['edge'] }),
      destinationRule('apis', '*apis', []),
    ],
    'an empty credentialName': [
      gateway('edge', [server('HTTP', 80, { tls: { httpsRedirect: true, credentialName: '' } })]),
      policy({ tls: { mode: 'DISABLE', credentialName: '', privateKey: 'a' } }),
    ],
    'a port on a Unix socket that is none': [
      gateway('edge', [{ hosts: ['*.com'], bind: 'unix:///a', port: { number: 0, name: 'http', protocol: 'HTTP' } }]),
    ],
    'a rule for some pods, in its own namespace': [
      destinationRule('shop/apis', 'apis', [], { workloadSelector: { matchLabels: { app: 'a' } }, exportTo: ['shop'] }),
    ],
    'what is missing is said by the schema': [
      http({ route: [{}] }),
      gateway('edge', [{}]),
      destinationRule('x', undefined as unknown as string, []),
    ],
    'other groups': [
      { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: 'x' }, spec: {} },
    ],
  },
  found: errors({
    'a pseudo-header that is none': [matching({ headers: { ':uri': {} } }), `${MATCH}.headers[":uri"]`, "':uri'"],
    'a header name with a space': [
      matching({ withoutHeaders: { 'x y': {} } }),
      `${MATCH}.withoutHeaders["x y"]`,
      'without spaces',
    ],
    'an empty prefix of a header': [matching({ headers: { a: { prefix: '' } } }), `${MATCH}.headers.a.prefix`, "'{}'"],
    'an empty prefix of a parameter': [
      matching({ queryParams: { a: { prefix: '' } } }),
      `${MATCH}.queryParams.a.prefix`,
      'cannot be empty',
    ],
    'an empty prefix of the method': [
      matching({ method: { prefix: '' } }),
      `${MATCH}.method.prefix`,
      'cannot be empty',
    ],
    'a source label that is none': [
      matching({ sourceLabels: { 'a b': 'x' } }),
      `${MATCH}.sourceLabels["a b"]`,
      'is not a key',
    ],
    'a claim in the mesh': [matching(CLAIM), `${MATCH}.headers["@request.auth.claims.group"]`, 'gateways only'],
    'a line break in a header': [setting('a\nb'), 'spec.http[0].headers.request.set.x-a', 'control character'],
    'a bare percent sign': [setting('100%'), 'spec.http[0].headers.request.set.x-a', "'%%'"],
    'a body too long': [
      http({ directResponse: { status: 200, body: { string: 'x'.repeat(1024 * 1024 + 1) } } }),
      'spec.http[0].directResponse.body.string',
      '1 MB',
    ],
    'a method that CORS does not know': [
      routed({ corsPolicy: { allowMethods: ['get'] } }),
      'spec.http[0].corsPolicy.allowMethods[0]',
      "'get'",
    ],
    'half a second of CORS': [
      routed({ corsPolicy: { maxAge: '1500ms' } }),
      'spec.http[0].corsPolicy.maxAge',
      'whole seconds',
    ],
    'the name of a Gateway with a dot': [gateway('edge.v1', [HTTP_80]), 'metadata.name', 'edge.v1'],
    'no routes': [of({ http: [] }), 'spec', 'http, tls or tcp'],
    'nothing to do': [http({ timeout: '5s' }), 'spec.http[0]', 'needs a route, redirect'],
    'route and redirect': [routed({ redirect: { uri: '/' } }), 'spec.http[0]', 'both route and redirect'],
    'fault and directResponse': [
      http({ directResponse: { status: 200 }, fault: { abort: { httpStatus: 500 } } }),
      'spec.http[0]',
      'both fault and directResponse',
    ],
    'two kinds of mirror': [
      routed({ mirror: { host: 'a' }, mirrors: [{ destination: { host: 'b' } }] }),
      'spec.http[0]',
      'both mirror and mirrors',
    ],
    'a delegate with gateways': [
      virtualService('part', { gateways: ['edge'], http: [routeTo('apis')] }),
      'spec',
      'delegate',
    ],
    'every host in the mesh': [of({ hosts: ['*'] }), 'spec.hosts[0]', 'for the mesh too'],
    'every host at a gateway and in the mesh': [of({ hosts: ['*'], gateways: ['edge', 'mesh'] }), 'spec.hosts[0]'],
    'a host with a port': [of({ hosts: ['a.example.com:80'] }), 'spec.hosts[0]', 'contains a port'],
    'a URL': [of({ hosts: ['https://a.example.com'] }), 'spec.hosts[0]', 'slash'],
    'a wildcard in the middle': [of({ hosts: ['a.*.example.com'] }), 'spec.hosts[0]', "'*'"],
    'a number at the end': [of({ hosts: ['10.0.0.256'] }), 'spec.hosts[0]', 'not an IP address'],
    'hosts that overlap': [
      of({ hosts: ['a.example.com', '*.example.com'] }),
      'spec.hosts[1]',
      'a.example.com and *.example.com',
    ],
    'a host twice': [of({ hosts: ['a.example.com', 'a.example.com'] }), 'spec.hosts[1]', 'a.example.com twice'],
    'a gateway that is no name': [of({ gateways: ['a/b/c'] }), 'spec.gateways[0]'],
    'a destination that is everything': [to({ host: '*' }), 'spec.http[0].route[0].destination.host'],
    'a subset that is no name': [to({ host: 'a', subset: 'V_1' }), 'spec.http[0].route[0].destination.subset', 'V_1'],
    'port 0': [to({ host: 'a', port: { number: 0 } }), 'spec.http[0].route[0].destination.port.number', '1 to 65535'],
    'no weights': [to({ host: 'a' }, { destination: { host: 'b' } }), 'spec.http[0].route', 'above 0'],
    'a negative weight': [
      to({ host: 'a' }, { destination: { host: 'b' }, weight: 5 }, { destination: { host: 'c' }, weight: -1 }),
      'spec.http[0].route[2].weight',
    ],
    'a match on no port': [routed({ match: [{ port: 70000 }] }), 'spec.http[0].match[0].port'],
    'a redirect to nowhere': [http({ redirect: { redirectCode: 302 } }), 'spec.http[0].redirect', 'no target'],
    'a redirect with another code': [
      http({ redirect: { uri: '/', redirectCode: 200 } }),
      'spec.http[0].redirect.redirectCode',
    ],
    'a redirect of a prefix that is not matched': [
      http({ match: [{ uri: { exact: '/a' } }], redirect: { prefixRewrite: '/b' } }),
      'spec.http[0].redirect.prefixRewrite',
    ],
    'an answer without status': [http({ directResponse: { status: 99 } }), 'spec.http[0].directResponse.status'],
    'a rewrite to two things': [
      routed({ rewrite: { uri: '/', uriRegexRewrite: { match: 'a', rewrite: 'b' } } }),
      'spec.http[0].rewrite',
    ],
    'half a regex rewrite': [
      routed({ rewrite: { uriRegexRewrite: { match: 'a' } } }),
      'spec.http[0].rewrite.uriRegexRewrite',
    ],
    'spaces between conditions': [
      routed({ retries: { attempts: 1, retryOn: '5xx, reset' } }),
      'spec.http[0].retries.retryOn',
      "'5xx,reset'",
    ],
    'no retries, with conditions': [routed({ retries: { attempts: 0, retryOn: '5xx' } }), 'spec.http[0].retries'],
    'an empty fault': [routed({ fault: {} }), 'spec.http[0].fault'],
    'a fault for too many': [
      routed({ fault: { abort: { httpStatus: 500, percentage: { value: 101 } } } }),
      'spec.http[0].fault.abort.percentage.value',
    ],
    'a timeout that is no whole number of milliseconds': [routed({ timeout: '1.5ms' }), 'spec.http[0].timeout'],
    'a header of Envoy’s own': [
      routed({ headers: { request: { set: { ':path': '/' } } } }),
      'spec.http[0].headers.request.set[":path"]',
    ],
    'the authority twice': [
      routed({ rewrite: { authority: 'a' }, headers: { request: { set: { Host: 'b' } } } }),
      'spec.http[0].headers.request.set.Host',
      'more than once',
    ],
    'another host than those of the VirtualService': [
      of({ http: undefined, tls: [{ match: [{ sniHosts: ['b.com'] }], ...routeTo('a') }] }),
      'spec.tls[0].match[0].sniHosts[0]',
      'b.com',
    ],
    'a tcp route to nowhere': [of({ http: undefined, tcp: [{}] }), 'spec.tcp[0]'],
    'a gateway by a path': [of({ gateways: ['./edge'] }), 'spec.gateways[0]'],
    'an address as destination': [to({ host: '10.0.0.1' }), 'spec.http[0].route[0].destination.host', 'IP address'],
    'a port without number': [to({ host: 'a', port: {} }), 'spec.http[0].route[0].destination.port'],
    'retries without attempts': [routed({ retries: { perTryTimeout: '1s' } }), 'spec.http[0].retries'],
    'more than all copied': [routed({ mirror: { host: 'a' }, mirrorPercent: 101 }), 'spec.http[0].mirrorPercent'],
    'a tcp match on no port': [
      of({ http: undefined, tcp: [{ match: [{ port: 70000 }], ...routeTo('a') }] }),
      'spec.tcp[0].match[0].port',
    ],
    'a tcp match on no range': [
      of({ http: undefined, tcp: [{ match: [{ destinationSubnets: ['10.0.0.0/40'] }], ...routeTo('a') }] }),
      'spec.tcp[0].match[0].destinationSubnets[0]',
    ],
    'exported to what is no namespace': [of({ exportTo: ['a.b'] }), 'spec.exportTo[0]', 'a.b'],
    'exported to its own namespace twice': [of({ exportTo: ['.', 'shop'] }), 'spec.exportTo[1]'],
    'a rule for some pods, exported': [
      destinationRule('apis', 'apis', [], { workloadSelector: { matchLabels: { app: 'a' } }, exportTo: ['*'] }),
      'spec.exportTo',
      'workloadSelector',
    ],
    'an empty key': [
      destinationRule('apis', 'apis', [], { workloadSelector: { matchLabels: { '': 'a' } } }),
      'spec.workloadSelector.matchLabels[""]',
    ],
    'an empty host of a server': [gateway('edge', [server('HTTP', 80, { hosts: [''] })]), 'spec.servers[0].hosts[0]'],
    'an empty protocol': [
      gateway('edge', [{ ...HTTP_80, port: { number: 80, name: 'http', protocol: '' } }]),
      'spec.servers[0].port.protocol',
    ],
    'a port number on a Unix socket': [
      gateway('edge', [server('HTTP', 80, { bind: 'unix:///a' })]),
      'spec.servers[0].port.number',
    ],
    'an empty connectionPool': [policy({ connectionPool: {} }), 'spec.trafficPolicy.connectionPool'],
    'a negative limit': [
      policy({ connectionPool: { http: { maxRetries: -1 } } }),
      'spec.trafficPolicy.connectionPool.http.maxRetries',
    ],
    'settings for a port that set nothing': [
      policy({ portLevelSettings: [{ port: { number: 80 } }] }),
      'spec.trafficPolicy.portLevelSettings[0]',
      'set nothing',
    ],
    'failures of local origin that are not split off': [
      policy({ outlierDetection: { consecutiveLocalOriginFailures: 3 } }),
      'spec.trafficPolicy.outlierDetection.consecutiveLocalOriginFailures',
    ],
    'a tunnel of another kind': [
      policy({ tunnel: { protocol: 'GET', targetHost: 'a.example.com', targetPort: 443 } }),
      'spec.trafficPolicy.tunnel.protocol',
    ],
    'a label of pods that none has': [
      destinationRule('apis', 'apis', [], { subsets: [{ name: 'v1', labels: { version: 'a/b' } }] }),
      'spec.subsets[0].labels.version',
    ],
    'exported to all and some': [of({ exportTo: ['*', '.'] }), 'spec.exportTo[0]'],
    'exported twice': [of({ exportTo: ['.', '.'] }), 'spec.exportTo[1]'],
    'exported to nobody': [of({ exportTo: ['~'] }), 'spec.exportTo[0]'],
    'no servers': [gateway('edge', []), 'spec.servers'],
    'two ports of one name': [gateway('edge', [HTTP_80, HTTP_80]), 'spec.servers[1].port.name', 'http-80'],
    'no hosts': [gateway('edge', [server('HTTP', 80, { hosts: [] })]), 'spec.servers[0].hosts'],
    'part of a label': [
      gateway('edge', [server('HTTP', 80, { hosts: ['*foo.com'] })]),
      'spec.servers[0].hosts[0]',
      "'*'",
    ],
    'a word that is no protocol': [gateway('edge', [server('HTTPX', 80)]), 'spec.servers[0].port.protocol', 'HTTPX'],
    'HTTPS without tls': [gateway('edge', [server('HTTPS', 443)]), 'spec.servers[0]', 'needs tls'],
    'HTTP with a certificate': [
      gateway('edge', [server('HTTP', 80, tls('SIMPLE', { credentialName: 'c' }))]),
      'spec.servers[0].tls',
      'plain HTTP',
    ],
    'TCP with tls': [
      gateway('edge', [server('TCP', 90, tls('SIMPLE', { credentialName: 'c' }))]),
      'spec.servers[0].tls',
      "'protocol: TLS'",
    ],
    'SIMPLE without certificate': [
      gateway('edge', [server('HTTPS', 443, tls('SIMPLE'))]),
      'spec.servers[0].tls',
      'credentialName',
    ],
    'a certificate without key': [
      gateway('edge', [server('HTTPS', 443, tls('SIMPLE', { serverCertificate: 'a' }))]),
      'spec.servers[0].tls',
      'privateKey',
    ],
    'two certificates': [
      gateway('edge', [
        server('HTTPS', 443, tls('SIMPLE', { credentialName: 'c', serverCertificate: 'a', privateKey: 'b' })),
      ]),
      'spec.servers[0].tls',
      'one place',
    ],
    'MUTUAL without authority': [
      gateway('edge', [server('HTTPS', 443, tls('MUTUAL', { serverCertificate: 'a', privateKey: 'b' }))]),
      'spec.servers[0].tls',
      'authority',
    ],
    'a targetPort': [
      gateway('edge', [{ ...HTTP_80, port: { number: 80, name: 'http', protocol: 'HTTP', targetPort: 8080 } }]),
      'spec.servers[0].port.targetPort',
    ],
    'two subsets of one name': [destinationRule('apis', 'apis', ['v1', 'v1']), 'spec.subsets[1].name'],
    'a subset that no label can be': [destinationRule('apis', 'apis', ['v1.0']), 'spec.subsets[0].name', 'v1.0'],
    'an empty trafficPolicy': [policy({}), 'spec.trafficPolicy'],
    'settings for no port': [
      policy({ portLevelSettings: [{ tls: { mode: 'DISABLE' } }] }),
      'spec.trafficPolicy.portLevelSettings[0]',
    ],
    'MUTUAL without a certificate': [policy({ tls: { mode: 'MUTUAL' } }), 'spec.trafficPolicy.tls'],
    'too many percent': [
      policy({ outlierDetection: { maxEjectionPercent: 120 } }),
      'spec.trafficPolicy.outlierDetection.maxEjectionPercent',
    ],
    'an empty host': [destinationRule('apis', '', []), 'spec.host'],
  }),
});

describeCheck(questionedByIstio, {
  silent: {
    'ordinary objects': [of({}), gateway('edge', [HTTP_80]), destinationRule('apis', 'apis', ['v1'])],
    'what is refused': [of({ http: [] })],
    'an abort with nothing, of which Istio does not warn': [routed({ fault: { abort: { percentage: { value: 5 } } } })],
    'consecutiveErrors of a port, of which Istio does not warn': [
      policy({ portLevelSettings: [{ port: { number: 80 }, outlierDetection: { consecutiveErrors: 5 } }] }),
    ],
  },
  found: {
    'a certificate that is never used': [
      [gateway('edge', [server('HTTPS', 443, { tls: { credentialName: 'c' } })])],
      {
        severity: Severity.WARNING,
        istioCodes: ['IST0133'],
        path: 'spec.servers[0].tls',
        words: ['Mode PASSTHROUGH', 'credentialName', 'mode: SIMPLE'],
      },
    ],
    'a redirect where nothing is redirected': [
      [gateway('edge', [server('HTTPS', 443, tls('SIMPLE', { credentialName: 'c', httpsRedirect: true }))])],
      { path: 'spec.servers[0].tls.httpsRedirect' },
    ],
    'the old name of a gateway': [
      [of({ gateways: ['edge.infra.svc.cluster.local'] })],
      { path: 'spec.gateways[0]', words: ['Write infra/edge'] },
    ],
    'a deprecated field': [
      [routed({ mirror: { host: 'a' }, mirrorPercent: 5 })],
      { path: 'spec.http[0].mirrorPercent' },
    ],
    'a selector without labels': [
      [destinationRule('apis', 'apis', [], { workloadSelector: {} })],
      { path: 'spec.workloadSelector' },
    ],
    'a list of revoked certificates that is never used': [
      [gateway('edge', [server('HTTPS', 443, { tls: { caCrl: 'a' } })])],
      { path: 'spec.servers[0].tls', words: ['caCrl'] },
    ],
    'an address as SNI': [
      [of({ hosts: ['10.0.0.1'], http: undefined, tls: [{ match: [{ sniHosts: ['10.0.0.1'] }], ...routeTo('a') }] })],
      { path: 'spec.tls[0].match[0].sniHosts[0]' },
    ],
    consecutiveErrors: [[policy({ outlierDetection: { consecutiveErrors: 5 } })], { words: ['consecutive5xxErrors'] }],
  },
});
