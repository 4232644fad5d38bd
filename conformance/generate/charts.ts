/*
 * Meshes that the constructs write: whatever their options can say, chosen by chance, and requests aimed at what comes out.
 */
import { App, Chart, Duration } from 'cdk8s';
import {
  type DefaultRouteOptions,
  HeaderMatch,
  HeaderRoutedMesh,
  MethodMatch,
  PathMatch,
  QueryMatch,
  RequestMatch,
  RetryOn,
  type RouteOptions,
  type ServiceVersion,
  SourceMatch,
  TrafficSource,
  VersionedBy,
  VersionedService,
} from '../../src';
import type { Experiment } from '../laboratory';
import type { Manifest } from '../manifest';
import { Random } from '../random';
import { throughDoor } from './doors';
import { CREDENTIAL, GATEWAY_LABELS, type Server } from './gateways';
import { GATEWAY_NAMESPACE } from './proxies';
import { aimsOf, makeAsk } from './requests';
import { makeSidecarAsks } from './sidecar-requests';
import { CLIENT, client } from './sidecars';
import { inSomeSpeech } from './speech';
import { SERVICES, VERSIONS } from './vocabulary';

const NAMESPACE = 'shop';
const HOSTS = ['a.example.com', 'b.example.com', 'deep.a.example.com', '*.example.org', '*'];
const HEADERS = ['x-version', 'X-User', 'user-agent', 'accept'];
const VALUES = ['v1', 'v2', 'beta', 'jason', 'Mozilla/5.0 Chrome/140.0', 'v1 v2', 'a%b'];
const PATHS = ['/', '/api', '/api/v1', '/api/v1/users', '/static', '/a.b', '/a//b'];
const HOW_OFTEN = 200;

/** From a gateway, or from the sidecar of a client inside the mesh. */
export function makeChartExperiment(seed: number, requests: number, from: 'gateway' | 'mesh'): Experiment {
  const random = new Random(seed);
  const { manifests, services } = made(random, from);
  return from === 'mesh'
    ? insideExperiment(random, manifests, services, requests)
    : gatewayExperiment(random, manifests, requests);
}

function gatewayExperiment(random: Random, manifests: readonly Manifest[], requests: number): Experiment {
  const servers = manifests
    .filter(({ kind }) => kind === 'Gateway')
    .flatMap(({ spec }) => (spec as { readonly servers: readonly Server[] }).servers);
  const ports = [...new Set(servers.map(({ port }) => port.number))];
  const aims = aimsOf(manifests);
  return {
    mesh: { manifests, proxy: { gateway: { labels: GATEWAY_LABELS, namespace: GATEWAY_NAMESPACE } } },
    asks: Array.from({ length: requests }, () =>
      inSomeSpeech(random, throughDoor(random, makeAsk(random, aims, ports), servers)),
    ),
  };
}

function insideExperiment(
  random: Random,
  made: readonly Manifest[],
  services: readonly VersionedService[],
  requests: number,
): Experiment {
  const manifests = [client(NAMESPACE), ...made];
  const known = services.map(({ name, port }) => ({ name, namespace: NAMESPACE, ports: [port], manifests: [] }));
  return {
    mesh: { manifests, proxy: { sidecar: { namespace: NAMESPACE, workload: CLIENT } } },
    asks: makeSidecarAsks(random, manifests, known, NAMESPACE, requests),
  };
}

interface Made {
  readonly manifests: readonly Manifest[];
  readonly services: readonly VersionedService[];
}

/** Options by chance do not always go together; the constructs then say so, and other ones are tried. */
function made(random: Random, from: 'gateway' | 'mesh'): Made {
  for (let trial = 0; trial < HOW_OFTEN; trial++) {
    try {
      return build(new Random(random.fork()), from);
    } catch (error) {
      if (!isRefusal(error)) {
        throw error;
      }
    }
  }
  throw new Error(`The constructs refused ${HOW_OFTEN} charts in a row: the generator makes too little that goes together.`);
}

/** Whether an error is a sentence of the library's about its input, and not the library's own fault. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.constructor === Error && /[.?]$/.test(error.message.trim());
}

function build(random: Random, from: 'gateway' | 'mesh'): Made {
  const app = new App();
  const chart = new Chart(app, 'charts', { namespace: NAMESPACE });
  const services = random.some(SERVICES, random.integer(1, 3)).map((name) => makeService(random, chart, name));
  const [first, ...others] = services;
  const traffic = from === 'mesh' ? random.pick([TrafficSource.MESH, TrafficSource.GATEWAY_AND_MESH]) : anyTraffic(random);
  const mesh = new HeaderRoutedMesh(chart, 'ingress', {
    service: first,
    defaultVersion: random.pick(first.versions),
    defaultRoute: random.maybe(0.6, () => defaultRoute(random, first)),
    hosts: traffic === TrafficSource.MESH ? undefined : random.some(HOSTS, random.integer(1, 2)),
    traffic,
    gatewayOptions: traffic === TrafficSource.MESH ? undefined : gatewayOptions(random),
    checks: false,
  });
  for (const [index, service] of others.entries()) {
    mesh.addService(service, {
      defaultVersion: random.pick(service.versions),
      defaultRoute: random.maybe(0.4, () => defaultRoute(random, service)),
      paths: traffic === TrafficSource.MESH ? undefined : random.maybe(0.8, () => [['/api', '/static'][index], `/p${index}`]),
      rewritePath: random.maybe(0.4, () => random.pick(['/', '/inner'])),
    });
  }
  addRules(random, mesh, services);
  return { manifests: chart.toJson() as Manifest[], services };
}

function anyTraffic(random: Random): TrafficSource {
  return random.pick([TrafficSource.GATEWAY, TrafficSource.GATEWAY, TrafficSource.GATEWAY_AND_MESH]);
}

function gatewayOptions(random: Random): object {
  const tls = random.maybe(0.3, () => ({ credentialName: CREDENTIAL, ...(random.chance(0.4) && { redirectHttp: false }) }));
  return { selector: { istio: GATEWAY_LABELS.istio }, ...(tls !== undefined && { tls }) };
}

function makeService(random: Random, chart: Chart, name: string): VersionedService {
  const service = new VersionedService(chart, name, {
    port: random.pick([80, 80, 8080]),
    versionedBy: random.pick(Object.values(VersionedBy)),
    portName: random.pick(['http', 'http', 'http2']),
  });
  for (const version of random.some(VERSIONS, random.integer(1, 3))) {
    service.addVersion(version, { image: `${name}:1`, port: random.pick([8000, 9000]), replicas: random.integer(1, 2) });
  }
  return service;
}

function addRules(random: Random, mesh: HeaderRoutedMesh, services: readonly VersionedService[]): void {
  for (let index = random.integer(0, 5); index > 0; index--) {
    const service = random.pick(services);
    const match = anyMatch(random, 2);
    random.weighted<void>([
      [8, () => void mesh.route(random.pick(service.versions), match, random.maybe(0.7, () => routeOptions(random, service)))],
      [1, () => void mesh.redirect(match, { service, ...redirectOptions(random) })],
      [1, () => void mesh.respond(match, { service, status: random.pick([200, 403, 503]), body: random.maybe(0.5, () => 'text') })],
    ]);
  }
  if (random.chance(0.3)) {
    const versions = services.filter(() => random.chance(0.7)).map((service) => random.pick(service.versions));
    mesh.addLane('beta', {
      match: random.pick([HeaderMatch.exact('x-lane', 'beta'), HeaderMatch.baggage('lane', 'beta')]),
      versions: versions.length === 0 ? [services[0].versions[0]] : versions,
      entry: random.maybe(0.5, () => anyMatch(random, 1)),
    });
  }
}

function redirectOptions(random: Random): object {
  return random.pick([
    { host: 'other.example.com' },
    { path: '/gone', status: 301 },
    { scheme: 'https', port: 8443 },
    { host: 'b.example.com', path: '/x', status: 308 },
  ]);
}

function anyMatch(random: Random, depth: number): RequestMatch {
  const header = () => random.pick(HEADERS);
  const value = () => random.pick(VALUES);
  return random.weighted<RequestMatch>([
    [4, () => HeaderMatch.exact(header(), value())],
    [2, () => HeaderMatch.prefix(header(), random.pick(['v', 'b', 'Moz']))],
    [2, () => HeaderMatch.contains(header(), random.pick(['1', 'Chrome', 'eta']))],
    [2, () => HeaderMatch.regex(header(), random.pick(['v[0-9]', '(v1)|(beta)', '.+', '[a-z]+']))],
    [1, () => HeaderMatch.present(header())],
    [1, () => HeaderMatch.absent(header())],
    [1, () => HeaderMatch.cookie('user', 'jason')],
    [1, () => HeaderMatch.baggage('user', 'jason')],
    [2, () => PathMatch.under(random.pick(PATHS))],
    [2, () => PathMatch.exact(random.pick(PATHS))],
    [1, () => PathMatch.prefix(random.pick(PATHS))],
    [1, () => PathMatch.regex(random.pick(['/api.*', '/api/v[0-9]+', '/[^/]*', '.*/users']))],
    [1, () => MethodMatch.exact(...random.some(['GET', 'HEAD', 'POST', 'PUT'], random.integer(1, 2)))],
    [1, () => QueryMatch.exact(random.pick(['v', 'user']), random.pick(['1', '2', 'v1']))],
    [1, () => QueryMatch.present(random.pick(['v', 'user']))],
    [1, () => QueryMatch.regex('v', '[0-9]+')],
    [0.5, () => SourceMatch.labels({ app: random.pick([CLIENT, 'other']) })],
    [0.5, () => SourceMatch.namespace(random.pick([NAMESPACE, 'apps']))],
    [depth > 0 ? 3 : 0, () => RequestMatch.allOf(anyMatch(random, depth - 1), anyMatch(random, depth - 1))],
    [depth > 0 ? 2 : 0, () => RequestMatch.anyOf(anyMatch(random, depth - 1), anyMatch(random, depth - 1))],
    [depth > 0 ? 2 : 0, () => RequestMatch.not(anyMatch(random, depth - 1))],
  ]);
}

function routeOptions(random: Random, service: VersionedService): RouteOptions {
  const fault = random.maybe(0.15, () => ({
    ...(random.chance(0.7) && { abort: { status: random.pick([418, 500, 503]), percent: random.pick([100, 50, 0.5]) } }),
    ...(random.chance(0.3) && { delay: { duration: Duration.millis(20), percent: 100 } }),
  }));
  const rewrite = random.maybe(0.2, () => ({
    ...(random.chance(0.7) && { path: random.pick(['/', '/new', '/new/']) }),
    ...(random.chance(0.4) && { host: 'inner.example.com' }),
  }));
  return { ...defaultRoute(random, service), ...(fault && { fault }), ...(rewrite && { rewrite }) };
}

function defaultRoute(random: Random, service: VersionedService): DefaultRouteOptions {
  const split = random.maybe(0.4, () => shares(random, service.versions));
  const mirror = random.maybe(0.1, () => ({ version: random.pick(service.versions), percent: random.pick([100, 0]) }));
  const retries = random.maybe(0.2, () => ({
    attempts: random.pick([0, 1, 3]),
    on: random.maybe(0.5, () => random.some(Object.values(RetryOn), random.integer(1, 3))),
  }));
  return {
    ...(random.chance(0.8) && { idempotent: true }),
    ...(split && { split }),
    ...(split && random.chance(0.4) && { sessionAffinity: { maxAge: Duration.hours(1) } }),
    ...(mirror && { mirror }),
    ...(retries && { retries }),
    ...(random.chance(0.15) && { timeout: Duration.seconds(random.pick([3, 15])) }),
    ...(random.chance(0.2) && { requestHeaders: headers(random) }),
    ...(random.chance(0.1) && { responseHeaders: headers(random) }),
  };
}

function shares(random: Random, versions: readonly ServiceVersion[]): DefaultRouteOptions['split'] {
  const chosen = random.some(versions, random.integer(1, 2));
  return chosen.map((version) => ({ version, percent: random.pick([0, 0.5, 5, 10, 25, 50, 100]) }));
}

function headers(random: Random): object {
  return {
    ...(random.chance(0.6) && { set: { 'x-set': random.pick(['1', '100%', 'a b']) } }),
    ...(random.chance(0.4) && { add: { 'x-added': 'more' } }),
    ...(random.chance(0.4) && { remove: ['x-user'] }),
  };
}
