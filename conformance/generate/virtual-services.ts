/*
 * VirtualServices, their delegates among them: several for a host, bound to several Gateways or to none that exists.
 */
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import type { GeneratedGateway } from './gateways';
import { makeMatch } from './matches';
import { createdAt } from './metadata';
import { makeDestination, makeRoute, type Route, type RouteWords } from './routes';
import type { GeneratedService } from './services';
import { HOSTS } from './vocabulary';

export interface Surroundings {
  readonly gateways: readonly GeneratedGateway[];
  readonly services: readonly GeneratedService[];
}

/** A VirtualService for a gateway, and the delegates that it needs. */
export function makeVirtualService(
  random: Random,
  name: string,
  namespace: string,
  around: Surroundings,
): readonly Manifest[] {
  const hosts = makeHosts(random, around.gateways);
  const gateways = random
    .some(around.gateways, random.chance(0.75) ? 1 : 2)
    .map((gateway) =>
      gateway.namespace === namespace && random.chance(0.7) ? gateway.name : `${gateway.namespace}/${gateway.name}`,
    );
  const bound = [
    ...gateways,
    ...(hosts.includes('*') || random.chance(0.9) ? [] : ['mesh']),
    ...(random.chance(0.04) ? ['missing'] : []),
  ];
  const words: RouteWords = { namespace, gateways: bound, services: around.services };
  const delegates: Manifest[] = [];
  const speaksBytes = around.gateways.some(({ servers }) =>
    servers.some(({ tls, port }) => tls !== undefined || port.protocol === 'TCP'),
  );
  const onlyBytes = speaksBytes && random.chance(0.25);
  const http = Array.from({ length: onlyBytes ? 0 : random.integer(1, 4) }, (_, index) =>
    random.chance(0.06) ? delegating(random, `${name}-${index}`, words, delegates) : makeRoute(random, words),
  );
  const tls = Array.from({ length: speaksBytes && (onlyBytes || random.chance(0.4)) ? random.integer(1, 3) : 0 }, () =>
    makeTlsRoute(random, words, hosts),
  );
  const tcp = Array.from(
    { length: (onlyBytes && tls.length === 0) || random.chance(speaksBytes ? 0.4 : 0.05) ? random.integer(1, 2) : 0 },
    () => makeTcpRoute(random, words),
  );
  const virtualService: Manifest = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace, creationTimestamp: createdAt(random) },
    spec: {
      hosts,
      gateways: bound,
      ...(http.length === 0 ? {} : { http }),
      ...(tls.length === 0 ? {} : { tls }),
      ...(tcp.length === 0 ? {} : { tcp }),
      ...(random.chance(0.06) ? { exportTo: [random.pick(['.', '*', 'istio-system', 'apps'])] } : {}),
    },
  };
  return [virtualService, ...delegates];
}

/** Mostly hosts that some server has, so that requests get through. */
function makeHosts(random: Random, gateways: readonly GeneratedGateway[]): readonly string[] {
  const served = gateways.flatMap(({ servers }) =>
    servers.flatMap(({ hosts }) => hosts.map((host) => host.replace(/^.*\//, ''))),
  );
  const count = random.chance(0.7) ? 1 : 2;
  const chosen = random.some([...new Set([...random.some(served, 1), ...random.some(HOSTS, 1)])], count);
  // Istio's validation refuses hosts of one VirtualService that overlap.
  return chosen.some((host) => host.startsWith('*')) ? chosen.slice(0, 1) : chosen;
}

export function delegating(random: Random, name: string, words: RouteWords, delegates: Manifest[]): Route {
  const namespace = random.chance(0.7) ? words.namespace : 'shop';
  if (random.chance(0.9)) {
    delegates.push({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name, namespace, creationTimestamp: createdAt(random) },
      spec: {
        http: Array.from({ length: random.integer(1, 3) }, () => makeRoute(random, { ...words, namespace })),
        ...(random.chance(0.1) ? { exportTo: ['.'] } : {}),
      },
    });
  }
  return {
    ...(random.chance(0.8) ? { match: [makeMatch(random, words.gateways)] } : {}),
    delegate: { name, ...(namespace !== words.namespace || random.chance(0.5) ? { namespace } : {}) },
  };
}

function makeTcpRoute(random: Random, words: RouteWords): object {
  return {
    ...(random.chance(0.5) ? { match: [makeL4Match(random, words)] } : {}),
    route: makeL4Destinations(random, words, 0.8),
  };
}

/** Istio's validation wants SNI hosts that some host of the VirtualService covers. */
function makeTlsRoute(random: Random, words: RouteWords, hosts: readonly string[]): object {
  const count = random.chance(0.8) ? 1 : 2;
  return {
    match: Array.from({ length: count }, () => ({
      ...makeL4Match(random, words),
      sniHosts: random.some([...new Set(hosts.flatMap((host) => namesUnder(random, host)))], random.integer(1, 2)),
    })),
    route: makeL4Destinations(random, words, 0.8),
  };
}

function namesUnder(random: Random, host: string): readonly string[] {
  if (!host.startsWith('*')) {
    return [host];
  }
  const rest = host === '*' ? '.example.com' : host.slice(1);
  return [host, `${random.pick(['a', 'x', 'deep.a'])}${rest}`, `*.a${rest}`];
}

function makeL4Match(random: Random, { gateways }: RouteWords): object {
  return {
    ...(random.chance(0.4) ? { port: random.pick([80, 443, 443, 8443, 8080, 9000]) } : {}),
    ...(random.chance(0.1) ? { gateways: [random.pick(gateways)] } : {}),
  };
}

/** @param alone how often there is only one */
export function makeL4Destinations(random: Random, words: RouteWords, alone: number): readonly object[] {
  if (random.chance(alone)) {
    return [{ destination: makeDestination(random, words) }];
  }
  return [10, 90].map((weight) => ({ destination: makeDestination(random, words), weight }));
}
