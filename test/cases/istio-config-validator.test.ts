import { readCases } from '../../src/cases/read-cases';
import { type CaseResult, runCases } from '../../src/cases/routing-case';
import { RouteOutcome } from '../../src/envoy/outcome';
import { MeshInputError } from '../../src/manifests/input-error';
import { Mesh } from '../../src/mesh';
import { OutboundTrafficPolicy } from '../../src/proxy/outbound-traffic-policy';
import { Folder } from '../cli/command';

const folder = new Folder();
afterAll(() => folder.remove());

const SHOP = `
apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  gateways: [mesh]
  hosts: [www.shop.example, shop.example]
  http:
    - match: [{ uri: { regex: '/users(/.*)?' } }]
      route: [{ destination: { host: users.users.svc.cluster.local, port: { number: 80 } } }]
    - match: [{ uri: { prefix: /bot }, headers: { x-class: { exact: bot } } }]
      route: [{ destination: { host: partner.partner.svc.cluster.local } }]
      fault: { abort: { percentage: { value: 100 }, httpStatus: 403 } }
    - match: [{ uri: { prefix: /partner }, method: { regex: GET|OPTIONS } }]
      rewrite: { uri: /rewritten }
      headers: { request: { set: { x-from: shop } } }
      route: [{ destination: { host: partner.partner.svc.cluster.local } }]
    - match: [{ uri: { prefix: /moved } }]
      redirect: { uri: /here, authority: shop.example }
    - route: [{ destination: { host: rest.rest.svc.cluster.local } }]
`;

/** The results of cases, written in YAML's flow style, on these manifests. */
function results(manifests: string, ...cases: readonly string[]): readonly CaseResult[] {
  const file = folder.write('cases.yaml', `testCases:\n${cases.map((each) => `  - ${each}\n`).join('')}`);
  return runCases(Mesh.fromYaml(manifests), readCases([file]));
}

function passes(manifests: string, each: string): boolean {
  return results(manifests, each).every(({ failures }) => failures.length === 0);
}

const GET = (uri: string, rest = '') => `request: { authority: [shop.example], method: [GET], uri: [${uri}]${rest} }`;
const USERS = 'route: [{ destination: { host: users.users.svc.cluster.local, port: { number: 80 } } }]';
const PARTNER = 'route: [{ destination: { host: partner.partner.svc.cluster.local } }]';

test('every authority is asked with every method and every uri', () => {
  const request =
    'request: { authority: [shop.example, www.shop.example], method: [GET, POST], uri: [/users, /users/1] }';
  const [{ requests, failures }] = results(SHOP, `{ description: users, wantMatch: true, ${request}, ${USERS} }`);
  expect(failures).toEqual([]);
  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET http://shop.example/users',
    'POST http://shop.example/users',
    'GET http://www.shop.example/users',
    'POST http://www.shop.example/users',
    'GET http://shop.example/users/1',
    'POST http://shop.example/users/1',
    'GET http://www.shop.example/users/1',
    'POST http://www.shop.example/users/1',
  ]);
});

test.each([
  ['the route', `${GET('/users')}, ${USERS}`],
  [
    'the route that a header selects, and its fault',
    `${GET('/bot', ', headers: { x-class: bot }')}, ${PARTNER}, fault: { abort: { percentage: { value: 100 }, httpStatus: 403 } }`,
  ],
  ['a rewrite alone', `${GET('/partner')}, rewrite: { uri: /rewritten }`],
  ['header operations', `${GET('/partner')}, headers: { request: { set: { x-from: shop } } }`],
  ['a redirect', `${GET('/moved')}, redirect: { uri: /here, authority: shop.example, redirectCode: 0 }`],
  ['no rule for a host that nobody has', `request: { authority: [other.example], method: [GET], uri: [/] }, route: []`],
])('wantMatch: true, and the rule has %s', (_name, each) => {
  expect(passes(SHOP, `{ wantMatch: true, ${each} }`)).toBe(true);
  expect(passes(SHOP, `{ wantMatch: false, ${each} }`)).toBe(false);
});

test.each([
  ['another destination', `${GET('/users')}, ${PARTNER}`],
  ['another port', `${GET('/users')}, route: [{ destination: { host: users.users.svc.cluster.local } }]`],
  [
    'a method that the rule does not take',
    `request: { authority: [shop.example], method: [PUT], uri: [/partner] }, ${PARTNER}`,
  ],
  ['another rewrite', `${GET('/partner')}, ${PARTNER}, rewrite: { uri: /other }`],
  ['a fault that is not there', `${GET('/users')}, ${USERS}, fault: { delay: { fixedDelay: 5s } }`],
])('wantMatch: false, and the rule has %s', (_name, each) => {
  expect(passes(SHOP, `{ wantMatch: false, ${each} }`)).toBe(true);
  expect(passes(SHOP, `{ wantMatch: true, ${each} }`)).toBe(false);
});

test('a failure says what the rule has instead', () => {
  const [{ failures }] = results(SHOP, `{ wantMatch: true, ${GET('/users')}, ${PARTNER} }`);
  expect(failures[0].complaints).toEqual([
    "expected route [ { destination: { host: 'partner.partner.svc.cluster.local' } } ], and the answer is rule 1 of shop/shop, which has [ { destination: { host: 'users.users.svc.cluster.local', port: { number: 80 } } } ]",
  ]);
  expect(failures[0].explanation).toContain('rule 1 of 5');
});

test('requests that fail alike are told once', () => {
  const request = 'request: { authority: [shop.example], method: [GET, POST], uri: [/users, /] }';
  const [{ failures }] = results(SHOP, `{ wantMatch: true, ${request}, ${PARTNER} }`);
  expect(failures.map(({ requests }) => requests.length)).toEqual([2, 2]);
});

test('without wantMatch no match is wanted', () => {
  const [{ failures }] = results(SHOP, `{ ${GET('/users')}, ${USERS} }`);
  expect(failures[0].complaints[0]).toContain('left out, which is false');
});

describe('delegates', () => {
  const ROOT = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: root, namespace: shop }
spec:
  hosts: [shop.example]
  gateways: [public/gateway]
  http:
    - match: [{ uri: { prefix: /near } }]
      delegate: { name: near }
    - match: [{ uri: { prefix: /far } }]
      delegate: { name: far, namespace: elsewhere }
    - route: [{ destination: { host: rest } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: near, namespace: shop }
spec:
  http:
    - headers: { request: { set: { x-near: 'yes' } } }
      route: [{ destination: { host: near } }]
`;

  test.each([
    [
      'the rule of the delegate',
      `${GET('/near')}, route: [{ destination: { host: near } }], headers: { request: { set: { x-near: 'yes' } } }`,
    ],
    ['the delegate', `${GET('/near')}, delegate: { name: near }`],
    ['a delegate that lives elsewhere', `${GET('/far')}, delegate: { name: far, namespace: elsewhere }`],
  ])('%s answers', (_name, each) => {
    expect(passes(ROOT, `{ wantMatch: true, ${each} }`)).toBe(true);
  });

  test.each([
    ['another delegate', `${GET('/near')}, delegate: { name: far, namespace: elsewhere }`],
    ['the delegate of another namespace', `${GET('/far')}, delegate: { name: far }`],
    ['a delegate for what the root answers', `${GET('/')}, delegate: { name: near }`],
  ])('%s does not', (_name, each) => {
    expect(passes(ROOT, `{ wantMatch: true, ${each} }`)).toBe(false);
  });
});

describe('the door by which a request comes in', () => {
  const virtualService = (gateway: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec: { hosts: [shop.example], gateways: [${gateway}], http: [{ route: [{ destination: { host: users } }] }] }
---
`;
  const gateway = (name: string, server: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: shop }
spec: { selector: { istio: ${name} }, servers: [{ hosts: ['*'], ${server} }] }
---
`;
  const HTTPS = 'port: { number: 8443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: c }';
  const ASKED = `{ wantMatch: true, ${GET('/')}, route: [{ destination: { host: users } }] }`;

  test.each([
    ['the port and the scheme of the Gateway', virtualService('public') + gateway('public', HTTPS)],
    [
      'the Gateway of the VirtualService, where there are several',
      virtualService('b') +
        gateway('a', 'port: { number: 80, name: http, protocol: HTTP }') +
        gateway('b', 'port: { number: 80, name: http, protocol: HTTP }'),
    ],
    ['a Gateway that is not among the manifests', virtualService('elsewhere/public')],
    ['inside the mesh', virtualService('mesh')],
  ])('%s', (_name, manifests) => {
    expect(passes(manifests, ASKED)).toBe(true);
  });

  test('a Service of the mesh, on the port that it has', () => {
    const manifests = `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { selector: { app: reviews }, ports: [{ name: http, port: 9080 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec: { hosts: [reviews], http: [{ route: [{ destination: { host: reviews, subset: v2 } }] }] }
`;
    const route = 'route: [{ destination: { host: reviews, subset: v2 } }]';
    const each = `{ wantMatch: true, request: { authority: [reviews], method: [GET], uri: [/] }, ${route} }`;
    expect(passes(manifests, each)).toBe(true);
  });

  test('a gateway that reads no HTTP answers with no rule', () => {
    const manifests = virtualService('public') + gateway('public', 'port: { number: 80, name: tcp, protocol: TCP }');
    const [{ failures }] = results(manifests, ASKED);
    expect(failures[0].complaints[0]).toContain('no rule answers (NO_LISTENER)');
  });
});

test.each([
  ['nothing to compare', `{ wantMatch: true, ${GET('/')} }`, 'compares nothing'],
  ['no methods', '{ request: { authority: [a], uri: [/] }, route: [] }', 'no request'],
  ['a misspelt field', `{ wantMatch: true, ${GET('/')}, rout: [] }`, 'did you mean route?'],
  ['a part of the request that nobody reads', `{ ${GET('/', ', scheme: https')}, ${USERS} }`, 'scheme'],
  ['a host that is no list', '{ request: { authority: a, method: [GET], uri: [/] }, route: [] }', 'request'],
])('%s is refused', (_name, each, words) => {
  expect(() => results(SHOP, each)).toThrow(MeshInputError);
  expect(() => results(SHOP, each)).toThrow(words);
});

test('a product of lists that nobody can have meant is refused', () => {
  const many = `[${Array(101).fill('/').join(', ')}]`;
  expect(() => results(SHOP, `{ request: { authority: ${many}, method: [GET], uri: ${many} }, ${USERS} }`)).toThrow(
    '10201 requests',
  );
});

test('what the mesh is told of the cluster holds for its cases, too', () => {
  const client = '{ apiVersion: v1, kind: Pod, metadata: { name: client, namespace: shop } }';
  const unknown = 'request: { authority: [elsewhere.example], method: [GET], uri: [/] }';
  const file = folder.write('cases.yaml', `testCases: [{ description: a, wantMatch: false, ${unknown}, route: [] }]`);
  const options = { outboundTrafficPolicy: OutboundTrafficPolicy.REGISTRY_ONLY };
  const [{ prepare }] = readCases([file]);
  const prepared = prepare(Mesh.fromYaml(`${SHOP}\n---\n${client}`, 'shop', options));
  const request = { url: 'http://elsewhere.example/', from: 'mesh:shop/client' };
  expect(prepared.route(request).outcome).toBe(RouteOutcome.BLOCKED);
});
