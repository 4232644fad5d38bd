import { APIS, command, DEAD } from './command';

const URL = 'http://apis.example.com/';

/** What `--json` says. */
async function routed(...words: string[]): Promise<{ status: number; decision: Record<string, never> }> {
  const { status, out } = await command(['route', APIS, '--json', ...words]);
  return { status, decision: JSON.parse(out) };
}

test('the decision, and what led to it', async () => {
  const { status, out } = await command(['route', APIS, '--url', URL, '-H', 'user-agent: Mozilla/5.0 Chrome/140.0']);
  expect(status).toBe(0);
  expect(out).toMatchInlineSnapshot(`
"forwarded → apis v2   Deployment apis/apis-v2 (2 replicas), port 8000
  gateway         apis/ingress              server http:80 accepts host apis.example.com
  virtualservice  apis/ingress              rule 1 of 5   user-agent ~ .*Chrome.*   matched
  virtualservice  apis/ingress              rule 2 of 5   not reached, nor are the 3 behind it
  destination     apis.apis:80, subset v2   version=v2 → 1 Deployment
"
`);
});

test('on a TCP server the connection is refused, and the command fails', async () => {
  const { status, out } = await command(['route', DEAD, '--url', URL]);
  expect(status).toBe(1);
  expect(out).toMatch(/^refused/);
  expect(out).toContain('protocol TCP');
});

test('a fault that aborts a share of the requests fails the command, and is shown', async () => {
  const manifests = `
{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: g, namespace: shop}, spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]}}
---
{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: shop, namespace: shop}, spec: {hosts: ['*'], gateways: [g], http: [{fault: {abort: {httpStatus: 418, percentage: {value: 30}}}, redirect: {uri: /new}}]}}`;
  const { status, out } = await command(['route', '-', '--url', URL], { input: manifests });
  expect(status).toBe(1);
  expect(out).toContain('418 FI    → 30% of the requests: an injected fault');
});

test('a client of gRPC fails where nobody but the proxy answers', async () => {
  const teapot = ['--url', `${URL}teapot`, '--http2'];
  expect((await routed(...teapot)).status).toBe(0);
  const { status, decision } = await routed(...teapot, '-H', 'content-type: application/grpc');
  expect(status).toBe(1);
  expect(decision).toMatchObject({ outcome: 'DIRECT_RESPONSE', status: 200, grpcStatus: 'UNKNOWN' });
});

test('HTTP/2 has one cookie', async () => {
  const cookies = ['--url', URL, '-H', 'cookie: a=1', '-H', 'cookie: b=2'];
  const withCookie = (cookie: string) => ({ destinations: [{ request: { headers: { cookie } } }] });
  expect((await routed(...cookies, '--http2')).decision).toMatchObject(withCookie('a=1; b=2'));
  expect((await routed(...cookies)).decision).toMatchObject(withCookie('a=1,b=2'));
});

test('JSON has the destinations with their workloads, and the trace', async () => {
  const { status, decision } = await routed('--url', `${URL}half/way`);
  expect(status).toBe(0);
  expect(decision).toMatchObject({
    outcome: 'FORWARD',
    destinations: [
      {
        host: 'apis.apis.svc.cluster.local',
        subset: 'v1',
        port: 80,
        targetPort: 8000,
        weight: 50,
        workloads: [{ name: 'apis-v1' }],
      },
      { subset: 'v2', weight: 50, workloads: [{ name: 'apis-v2', replicas: 2 }] },
    ],
    rule: { index: 2 },
  });
  expect(decision.trace).toContainEqual(expect.objectContaining({ kind: 'DESTINATION', matched: true }));
});

test.each([
  ['a header', ['-H', 'User-Agent: Chrome']],
  ['--user-agent', ['-A', 'Chrome']],
  ['a header in the long form', ['--header=user-agent:Chrome']],
])('%s reaches the rules', async (_name, words) => {
  const { decision } = await routed('--url', URL, ...words);
  expect(decision.destinations).toMatchObject([{ subset: 'v2' }]);
});

test.each([
  ['-b', ['-b', 'session=beta'], { cookie: 'session=beta' }],
  ['-e', ['-e', 'http://here/'], { referer: 'http://here/' }],
  ['a header without value, as curl has it', ['-H', 'x-empty;'], { 'x-empty': '' }],
  ['a header that curl would leave out', ['-H', 'x-none:'], {}],
  ['-b twice', ['-b', 'a=b', '-b', 'c=d'], { cookie: 'a=b;c=d' }],
  ['an empty -A, -e and -b', ['-A', '', '-e', '', '-b', ''], {}],
  ['a header that the flag for it does not replace', ['-H', 'User-Agent: x', '-A', 'y'], { 'user-agent': 'x' }],
  ['a header that is left out in spite of the flag', ['-H', 'Cookie:', '-b', 'a=b'], {}],
  ['a header twice', ['-H', 'x-a: 1', '-H', 'x-a: 2'], { 'x-a': '1,2' }],
])('%s is sent on', async (_name, words, headers) => {
  const { decision } = await routed('--url', URL, ...words);
  expect(decision.destinations).toMatchObject([{ request: { headers } }]);
  expect(Object.keys((decision.destinations as { request: { headers: object } }[])[0].request.headers)).toEqual(
    Object.keys(headers),
  );
});

test.each([
  ['GET is the default', [], 'GET'],
  ['-X', ['-X', 'PUT'], 'PUT'],
  ['-X close to its value', ['-XPUT'], 'PUT'],
  ['-I', ['-I'], 'HEAD'],
  ['-d', ['-d', 'a=b'], 'POST'],
  ['-d with -X', ['-d', 'a=b', '-X', 'PATCH'], 'PATCH'],
])('method: %s', async (_name, words, method) => {
  const { decision } = await routed('--url', URL, ...words);
  expect(decision.destinations).toMatchObject([{ request: { method } }]);
});

test.each([
  ['a redirect', `${URL}old`, 0],
  ['a direct response', `${URL}teapot`, 0],
  ['a host that nobody has', 'http://other.example.com/', 1],
  ['a port on which nothing listens', 'http://apis.example.com:8080/', 1],
])('exit status of %s', async (_name, url, expected) => {
  expect((await command(['route', APIS, '--url', url])).status).toBe(expected);
});

test('a share of requests that fails is a failure', async () => {
  const manifests = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: g }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: v }
spec:
  hosts: ['*']
  gateways: [g]
  http: [{ route: [{ destination: { host: here }, weight: 1 }, { destination: { host: gone }, weight: 99 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: here }
spec: { selector: { app: here }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: here, labels: { app: here } }
`;
  expect((await command(['route', '-', '--url', URL], { input: manifests })).status).toBe(1);
});

test('labels of the gateway may stand apart', async () => {
  const { decision } = await routed('--url', URL, '--gateway-labels', 'a=b, istio=ingressgateway ');
  expect(decision.outcome).toBe('FORWARD');
});

test('from inside the mesh', async () => {
  const { status, decision } = await routed('--url', 'http://apis/', '--from', 'mesh:apis/apis-v1');
  expect(status).toBe(0);
  expect(decision.destinations).toMatchObject([{ host: 'apis.apis.svc.cluster.local' }]);
});

test.each([
  ['no URL', [], '--url'],
  ['a URL in the place of a path', [URL], `--url ${URL}`],
  ['a URL without scheme', ['--url', 'apis.example.com'], 'apis.example.com'],
  ['two URLs', ['--url', URL, '--url', URL], 'once for each URL'],
  ['a header without colon', ['--url', URL, '-H', 'x-version'], "-H 'name: value'"],
  ['a cookie without value', ['--url', URL, '-b', 'jar.txt'], 'name=value'],
  ['a sender that does not exist', ['--url', URL, '--from', 'mesh:apis/nobody'], 'apis-v1'],
  ['a sender in other words', ['--url', URL, '--from', 'apis-v1'], 'mesh:'],
  ['labels without value', ['--url', URL, '--gateway-labels', 'istio'], 'istio=ingressgateway'],
])('%s: a sentence that says what to write', async (_name, words, help) => {
  const { status, out, err } = await command(['route', APIS, ...words]);
  expect(status).toBe(2);
  expect(out).toBe('');
  expect(err).toContain(help);
});

test('an answer that rests on a refused object fails the command, and names it', async () => {
  const input = `
{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: shop, namespace: shop}, spec: {hosts: ['*'], gateways: [infra/shared], http: [{timeout: 1 fortnight, redirect: {uri: /new}}]}}`;
  const ask = (text: string, ...words: string[]) => command(['route', '-', '--url', URL, ...words], { input: text });
  const refused = await ask(input, '--assume-gateway');
  expect(refused.status).toBe(1);
  expect(refused.out).toContain('but       → VirtualService shop/shop is refused');
  const admitted = input.replace('timeout: 1 fortnight, ', '');
  expect((await ask(admitted, '--assume-gateway')).status).toBe(0);
  expect((await ask(admitted)).out).toContain('--assume-gateway');
});
