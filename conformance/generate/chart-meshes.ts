/*
 * Meshes over services, with rules, redirects, answers and lanes, behind a Gateway of their own or a shared one.
 */
import type { Chart } from 'cdk8s';
import {
  type GatewayOptions,
  type GatewayTls,
  HeaderMatch,
  HeaderRoutedMesh,
  IngressGateway,
  PathMatch,
  type RedirectOptions,
  type RequestMatch,
  type RouteOptions,
  type ServiceVersion,
  TrafficSource,
  type VersionedService,
} from '../../src';
import type { Random } from '../random';
import { anyMatch } from './chart-matches';
import { anyCors, anyDefaultRoute, anyRouteOptions, type Where } from './chart-routes';
import type { Entrance } from './charts';
import { CREDENTIAL, GATEWAY_LABELS } from './gateways';
import type { Refusals } from './refusals';

const HOSTS = ['a.example.com', 'b.example.com', 'deep.a.example.com', '*.example.org'];

interface Context {
  readonly entrance: Entrance;
  readonly refusals: Refusals;
}

/** One mesh over all services, or two behind one Gateway. */
export function addMeshes(
  random: Random,
  chart: Chart,
  services: readonly VersionedService[],
  { entrance, refusals }: Context,
): void {
  if (entrance === 'mesh' || random.chance(0.65)) {
    const traffic = anyTraffic(random, entrance);
    addMesh(random, chart, { id: 'ingress', services, traffic, hosts: anyHosts(random, traffic), refusals });
    return;
  }
  const gateway = new IngressGateway(chart, 'door', gatewayOptions(random));
  const hosts = random.some(HOSTS, 2);
  const middle = random.integer(1, services.length);
  for (const [index, part] of [services.slice(0, middle), services.slice(middle)].entries()) {
    if (part.length > 0) {
      gateway.addServer([hosts[index]], random.chance(0.3) ? { tls: anyTls(random) } : {});
      const traffic = anyTraffic(random, entrance);
      addMesh(random, chart, {
        id: `mesh-${index}`,
        services: part,
        traffic,
        hosts: [hosts[index]],
        gateway,
        refusals,
      });
    }
  }
}

interface Frame {
  readonly id: string;
  readonly services: readonly VersionedService[];
  readonly traffic: TrafficSource;
  readonly hosts: string[];
  /** One of its own where there is none. */
  readonly gateway?: IngressGateway;
  readonly refusals: Refusals;
}

function addMesh(random: Random, chart: Chart, frame: Frame): void {
  const { id, services, traffic, hosts, gateway } = frame;
  const [first, ...others] = services;
  const isOutside = traffic !== TrafficSource.MESH;
  const defaultVersion = random.pick(first.versions);
  const corsPolicy = random.maybe(0.15, () => anyCors(random));
  const mesh = new HeaderRoutedMesh(chart, id, {
    service: first,
    defaultVersion,
    defaultRoute: random.maybe(0.7, () => anyDefaultRoute(random, defaultVersion, { isOutside, corsPolicy })),
    hosts: isOutside ? hosts : undefined,
    traffic,
    gateway,
    gatewayOptions: isOutside && gateway === undefined ? gatewayOptions(random) : undefined,
    // They speak of what such charts do on purpose.
    checks: false,
  });
  for (const [index, service] of others.entries()) {
    const paths = isOutside ? random.maybe(0.75, () => [['/api', '/static'][index], `/p${index}`]) : undefined;
    const itsDefault = random.pick(service.versions);
    mesh.addService(service, {
      name: random.maybe(0.2, () => `${service.name}-routes`),
      defaultVersion: itsDefault,
      defaultRoute: random.maybe(0.5, () =>
        anyDefaultRoute(random, itsDefault, { isOutside: paths !== undefined, corsPolicy }),
      ),
      paths,
      rewritePath: paths && random.maybe(0.5, () => random.pick(['/', '/', '/inner'])),
    });
  }
  for (let left = random.integer(0, 7); left > 0; left--) {
    addRule(random, mesh, frame, { isOutside, corsPolicy });
  }
  if (random.chance(0.35)) {
    addLane(random, mesh, frame);
  }
}

/** '*' is for gateways only, and for no other host beside it. */
function anyHosts(random: Random, traffic: TrafficSource): string[] {
  return traffic === TrafficSource.GATEWAY && random.chance(0.2) ? ['*'] : random.some(HOSTS, random.pick([1, 1, 2]));
}

function anyTraffic(random: Random, entrance: Entrance): TrafficSource {
  return entrance === 'mesh'
    ? random.pick([TrafficSource.MESH, TrafficSource.GATEWAY_AND_MESH])
    : random.pick([TrafficSource.GATEWAY, TrafficSource.GATEWAY_AND_MESH]);
}

function gatewayOptions(random: Random): GatewayOptions {
  const tls = random.maybe(0.35, () => anyTls(random));
  return { selector: { istio: GATEWAY_LABELS.istio }, ...(tls && { tls }), ...(random.chance(0.1) && { port: 8080 }) };
}

function anyTls(random: Random): GatewayTls {
  return {
    credentialName: CREDENTIAL,
    ...(random.chance(0.4) && { redirectHttp: false }),
    ...(random.chance(0.2) && { mutual: true }),
  };
}

function addRule(random: Random, mesh: HeaderRoutedMesh, { services, traffic, refusals }: Frame, where: Where): void {
  const service = random.pick(services);
  const version = random.pick(service.versions);
  const match = anyMatch(random, { depth: 2, isInside: traffic !== TrafficSource.GATEWAY });
  random.weighted<unknown>([
    [8, () => refusals.attempt('routes', () => mesh.route(version, match, anyRouteOptions(random, version, where)))],
    [2, () => refusals.attempt('rewrites', () => mesh.route(version, ...rewritten(random, version, where)))],
    [1, () => refusals.attempt('redirects', () => mesh.redirect(match, { service, ...redirectOptions(random) }))],
    [1, () => refusals.attempt('answers', () => mesh.respond(match, { service, ...answer(random) }))],
  ]);
}

/** A path can be rewritten where the rule names a path. */
function rewritten(random: Random, version: ServiceVersion, where: Where): [RequestMatch, RouteOptions] {
  const path = random.pick(['/api', '/static', '/p1', '/a.b', '/inner']);
  const match = random.chance(0.7) ? PathMatch.under(path) : PathMatch.exact(path);
  const rewrite = {
    path: random.pick(['/', '/new', '/new/', '/a$1']),
    host: random.maybe(0.2, () => 'inner.example.com'),
  };
  return [match, { ...anyRouteOptions(random, version, where), rewrite }];
}

function answer(random: Random): { readonly status: number; readonly body?: string } {
  return { status: random.pick([200, 403, 503]), body: random.maybe(0.5, () => 'text') };
}

function redirectOptions(random: Random): RedirectOptions {
  return random.pick<RedirectOptions>([
    { host: 'other.example.com' },
    { path: '/gone', status: 301 },
    { scheme: 'https', port: 8443 },
    { host: 'c.example.com', path: '/x', status: 308 },
  ]);
}

function addLane(random: Random, mesh: HeaderRoutedMesh, { services, traffic, refusals }: Frame): void {
  const [first, ...others] = random.some(services, services.length);
  const chosen = [first, ...others.filter(() => random.chance(0.6))];
  const isOutside = traffic !== TrafficSource.MESH;
  refusals.attempt('lanes', () =>
    mesh.addLane('beta', {
      match: random.pick([HeaderMatch.exact('x-lane', 'beta'), HeaderMatch.baggage('lane', 'beta')]),
      versions: chosen.map((service) => random.pick(service.versions)),
      entry: isOutside ? random.maybe(0.6, () => anyMatch(random, { depth: 1, isInside: false })) : undefined,
    }),
  );
}
