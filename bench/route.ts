/*
 * Route decisions a second on one core, in meshes of 100 and of 1,000 services with five rules each. The two numbers should
 * be alike: what a request costs must not depend on how many services there are.
 *
 * npx tsx bench/route.ts
 */
import { Mesh } from '../src/mesh';
import type { RouteRequest } from '../src/routing/request';

const VERSIONS = ['v1', 'v2', 'v3'];
const SECONDS = 2;

const rates = [100, 1_000].map((services) => {
  const mesh = Mesh.fromManifests(meshOf(services));
  const requests = requestsTo(services);
  return { services, gateway: rate(mesh, requests), sidecar: rate(mesh, requests.map(fromMesh)) };
});
for (const { services, gateway, sidecar } of rates) {
  console.log(
    `${services} services, 5 rules each: ${round(gateway)} decisions a second at the gateway, ${round(sidecar)} inside the mesh`,
  );
}
console.log(`1,000 services ÷ 100: ${(rates[0].gateway / rates[1].gateway).toFixed(2)} × the time a decision`);

/** Decisions a second, after every request was routed once, so that all indexes stand. */
function rate(mesh: Mesh, requests: readonly RouteRequest[]): number {
  for (const request of requests) {
    mesh.route(request);
  }
  let decisions = 0;
  // Processor time, not the clock's: the machine may have other work.
  const start = process.cpuUsage();
  let elapsed = 0;
  while (elapsed < SECONDS) {
    for (const request of requests) {
      mesh.route(request);
    }
    decisions += requests.length;
    const { user, system } = process.cpuUsage(start);
    elapsed = (user + system) / 1e6;
  }
  return decisions / elapsed;
}

function round(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Requests that reach each of the rules, to services spread over the whole mesh. */
function requestsTo(services: number): readonly RouteRequest[] {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';
  const kinds: readonly NonNullable<RouteRequest['headers']>[] = [
    { 'user-agent': chrome },
    { 'user-agent': 'curl/8.5.0', 'end-user': 'jason' },
    { 'user-agent': 'curl/8.5.0', 'x-version': 'beta-7' },
    { 'user-agent': 'curl/8.5.0', cookie: 'session=1; group=testers; theme=dark' },
    { 'user-agent': 'curl/8.5.0', accept: '*/*' },
  ];
  return Array.from({ length: 1_000 }, (_, index) => ({
    url: `http://app-${(index * 37) % services}.example.com/api/items?page=${index}`,
    headers: kinds[index % kinds.length],
  }));
}

function fromMesh({ url, headers }: RouteRequest): RouteRequest {
  return { url: url.replace('.example.com', '.apps'), headers, from: 'mesh:apps/app-0-v1' };
}

function meshOf(services: number): unknown[] {
  return [gateway(), ...Array.from({ length: services }, (_, index) => appNamed(`app-${index}`)).flat()];
}

function gateway(): unknown {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'ingress', namespace: 'apps' },
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*.example.com'] }],
    },
  };
}

function appNamed(name: string): unknown[] {
  const metadata = { name, namespace: 'apps' };
  const to = (version: string) => [{ destination: { host: name, subset: version } }];
  const http = [
    { match: [{ headers: { 'user-agent': { regex: '.*Chrome.*' } } }], route: to('v2') },
    { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: to('v3') },
    { match: [{ headers: { 'x-version': { prefix: 'beta-' } }, uri: { prefix: '/api/' } }], route: to('v2') },
    { match: [{ headers: { cookie: { regex: '^(.*?;\\s*)?(group=testers)(;.*)?$' } } }], route: to('v3') },
    { route: to('v1') },
  ];
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
    },
    ...VERSIONS.map((version) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: `${name}-${version}`, namespace: 'apps' },
      spec: { template: { metadata: { labels: { app: name, version } } } },
    })),
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata,
      spec: { host: name, subsets: VERSIONS.map((version) => ({ name: version, labels: { version } })) },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata,
      spec: { hosts: [`${name}.example.com`, name], gateways: ['ingress', 'mesh'], http },
    },
  ];
}
