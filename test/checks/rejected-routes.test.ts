/*
 * rejected-by-istio and questioned-by-istio: what a VirtualService's rules may say, at its edges.
 */

import { complaintAboutHeaderValue } from '../../src/checks/validation/header-value';
import { questionedByIstio } from '../../src/checks/validation/questioned-by-istio';
import { rejectedByIstio } from '../../src/checks/validation/rejected-by-istio';
import { describeCheck } from './cases';
import { check, routeTo, virtualService } from './manifests';
import { errors } from './refused';

const http = (route: object) => virtualService('apis', { hosts: ['apis'], http: [route] });
const routed = (fields: object) => http({ ...routeTo('apis'), ...fields });
const of = (spec: object) => virtualService('apis', { hosts: ['apis'], http: [routeTo('apis')], ...spec });
const matching = (match: object) => routed({ match: [match] });
const atGateway = (spec: object) => of({ hosts: ['a.example.com'], gateways: ['edge'], http: undefined, ...spec });
const tlsMatch = (match: object) => atGateway({ tls: [{ match: [match], ...routeTo('a') }] });
const tcpMatch = (match: object) => atGateway({ tcp: [{ match: [match], ...routeTo('a') }] });
const ROUTE = 'spec.http[0]';
const MATCH = `${ROUTE}.match[0]`;

describeCheck(rejectedByIstio, {
  silent: {
    'a port of 0, which is any': [matching({ port: 0 }), tlsMatch({ sniHosts: ['a.example.com'], port: 0 })],
    'a comma in the name of a header': [matching({ headers: { 'a,b': {} } })],
    'claims in brackets, in any case': [
      of({ gateways: ['edge'], http: [{ match: [{ headers: { '@Request.Auth.Claims[a]': {} } }], ...routeTo('a') }] }),
    ],
    'an empty text beside what says the same': [
      http({ redirect: { uri: '', prefixRewrite: '/a' } }),
      routed({ rewrite: { uri: '', authority: 'a' } }),
      routed({ rewrite: { authority: '', uri: '/' }, headers: { request: { set: { host: 'a' } } } }),
    ],
    'what Istio does not compare where a rule delegates': [
      http({ delegate: { name: 'part' }, directResponse: { status: 200 }, fault: { abort: { httpStatus: 500 } } }),
      http({ delegate: { name: 'part' }, mirror: { host: 'a' }, mirrors: [{ destination: { host: 'b' } }] }),
    ],
    'codes of answers to retry on': [routed({ retries: { attempts: 1, retryOn: '503,+429,5xx,cancelled' } })],
    'percent signs in pairs, whatever is between them': [
      routed({ headers: { request: { set: { 'x-a': '50% off 20%' } } } }),
    ],
    'the authority in capitals': [routed({ headers: { request: { set: { ':AUTHORITY': 'a' } } } })],
    'hosts as DNS has them': [
      of({ hosts: ['1', 'a.example.com.', '*-web.example.com'], gateways: ['edge'] }),
      routed({ mirror: { host: 'a.1.' } }),
    ],
    'the names that routers give each other': [
      atGateway({
        hosts: ['outbound_.80_._.a.example.com'],
        tls: [{ match: [{ sniHosts: ['outbound_.80_._.a.example.com'] }], ...routeTo('a') }],
      }),
    ],
  },
  found: errors({
    'gateways of a match': [matching({ gateways: ['a/b/c'] }), `${MATCH}.gateways[0]`, "'a/b/c'"],
    'gateways of a tls match': [
      tlsMatch({ sniHosts: ['a.example.com'], gateways: ['a b'] }),
      'spec.tls[0].match[0].gateways[0]',
    ],
    'gateways of a tcp match': [tcpMatch({ gateways: ['/edge'] }), 'spec.tcp[0].match[0].gateways[0]'],
    'an empty prefix of a header that must not be there': [
      matching({ withoutHeaders: { a: { prefix: '' } } }),
      `${MATCH}.withoutHeaders.a.prefix`,
    ],
    'a tls route without match': [
      atGateway({ tls: [{ match: [], ...routeTo('a') }] }),
      'spec.tls[0].match',
      'sniHosts',
    ],
    'an empty name of a client': [tlsMatch({ sniHosts: [''] }), 'spec.tls[0].match[0].sniHosts[0]', 'is empty'],
    'a range with a zero in front': [
      tcpMatch({ destinationSubnets: ['10.0.0.0/08'] }),
      'spec.tcp[0].match[0].destinationSubnets[0]',
    ],
    'an empty redirect': [http({ redirect: { uri: '' } }), `${ROUTE}.redirect`, 'no target'],
    'a redirect to no port': [http({ redirect: { port: 70000 } }), `${ROUTE}.redirect.port`, '1 to 65535'],
    'an empty rewrite': [routed({ rewrite: { uri: '' } }), `${ROUTE}.rewrite`],
    'a condition that is none': [
      routed({ retries: { attempts: 1, retryOn: '5xx,nothing' } }),
      `${ROUTE}.retries.retryOn`,
      "'nothing'",
    ],
    'a comma too many': [routed({ retries: { attempts: 1, retryOn: '5xx,' } }), `${ROUTE}.retries.retryOn`],
    'a code that no answer has': [routed({ retries: { attempts: 1, retryOn: '306' } }), `${ROUTE}.retries.retryOn`],
    'a status that gRPC does not have': [
      routed({ fault: { abort: { grpcStatus: 'CANCELED' } } }),
      `${ROUTE}.fault.abort.grpcStatus`,
      'CANCELLED',
    ],
    'an origin that is empty': [
      routed({ corsPolicy: { allowOrigins: [{}] } }),
      `${ROUTE}.corsPolicy.allowOrigins[0]`,
      'exact:',
    ],
    'an empty header for CORS': [
      routed({ corsPolicy: { allowHeaders: [''] } }),
      `${ROUTE}.corsPolicy.allowHeaders[0]`,
      'not a header name',
    ],
    'a pseudo-header for CORS': [
      routed({ corsPolicy: { exposeHeaders: [':path'] } }),
      `${ROUTE}.corsPolicy.exposeHeaders[0]`,
      'pseudo-header',
    ],
    'an empty header to set': [
      routed({ headers: { response: { set: { '': 'a' } } } }),
      `${ROUTE}.headers.response.set[""]`,
    ],
    'an empty header to remove': [
      routed({ headers: { request: { remove: [''] } } }),
      `${ROUTE}.headers.request.remove[0]`,
    ],
    'bytes that are too many': [
      http({ directResponse: { status: 200, body: { bytes: Buffer.alloc(1024 * 1024 + 1).toString('base64') } } }),
      `${ROUTE}.directResponse.body.bytes`,
    ],
    'an IPv6 address as destination': [routed({ mirror: { host: '::1' } }), `${ROUTE}.mirror.host`, 'IP address'],
  }),
});

describeCheck(questionedByIstio, {
  silent: {
    'the old name of a gateway in a match, of which Istio does not warn': [
      matching({ gateways: ['edge.infra'] }),
      tcpMatch({ gateways: ['edge.infra'] }),
    ],
  },
  found: {
    'a large body': [
      [http({ directResponse: { status: 200, body: { string: 'x'.repeat(100 * 1024 + 1) } } })],
      { path: `${ROUTE}.directResponse.body.string`, words: ['100 kB'] },
    ],
    'the old name of a gateway in a tls match': [
      [tlsMatch({ sniHosts: ['a.example.com'], gateways: ['edge.infra'] })],
      { path: 'spec.tls[0].match[0].gateways[0]' },
    ],
  },
});

test.each(['', 'a', '100%%', '%A%', '%A(b)%', '%A(["b", "c"])%', '%A(b\\)c)%', '%A(b) %', '%START_TIME(%Y)%'])(
  'the value of a header: %s',
  (value) => expect(complaintAboutHeaderValue(value)).toBeUndefined(),
);

test.each([
  ['%', 'ends in a single'],
  ['%A', 'without its closing'],
  ['%A(b)c%', "'c'"],
  ['%A([b])%', "'b'"],
  ['%A(["b" c])%', "'c'"],
  ['%A(["b"]c)%', "'c'"],
  ['%A(b\\', 'backslash'],
])('not the value of a header: %s', (value, why) => expect(complaintAboutHeaderValue(value)).toContain(why));

test('the help says what to write, and not again what is wrong', () => {
  const [{ message, help }] = check(rejectedByIstio, [routed({ mirror: { host: 'a', subset: 'V_1' } })]);
  expect(message).toBe("The subset 'V_1' is not a DNS label. Istio refuses VirtualService shop/apis because of it.");
  expect(help).toBe("Write 'v-1'.");
  const [{ message: ofPort, help: helpOfPort }] = check(rejectedByIstio, [matching({ port: 70000 })]);
  expect(ofPort).toContain('70000 is not a port.');
  expect(helpOfPort).toBe('Write a whole number from 1 to 65535.');
});
