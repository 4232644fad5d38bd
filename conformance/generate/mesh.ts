/*
 * Whole meshes, and the requests for them. Everything follows from one seed.
 */
import type { Experiment } from '../laboratory';
import { Random } from '../random';
import { throughDoor } from './doors';
import { GATEWAY_LABELS, makeGateway, type Speech } from './gateways';
import { makeMeshConfig } from './mesh-config';
import { GATEWAY_NAMESPACE, makeProxy } from './proxies';
import { aimsOf, makeAsk } from './requests';
import { makeServiceEntry } from './service-entries';
import { type GeneratedService, makeService } from './services';
import { inSomeSpeech } from './speech';
import { makeVirtualService } from './virtual-services';
import { NAMESPACES, SERVICES } from './vocabulary';

function makeServices(random: Random): readonly GeneratedService[] {
  const services = random
    .some(SERVICES, random.integer(1, 3))
    .map((name) => makeService(random, name, random.pick(['apps', 'apps', 'shop'])));
  const entries = Array.from({ length: random.pick([0, 0, 0, 1, 2, 3]) }, (_, index) =>
    makeServiceEntry(random, random.pick(['apps', 'shop', 'istio-system']), index, 'any'),
  );
  return [...services, ...entries];
}

export function makeGatewayExperiment(seed: number, requests: number): Experiment {
  const random = new Random(seed);
  const speech: Speech = random.chance(0.55) ? 'http' : 'any';
  const services = makeServices(random);
  const gateways = Array.from({ length: random.integer(1, 3) }, (_, index) =>
    makeGateway(random, `gw-${index}`, random.pick(NAMESPACES), speech),
  );
  const virtualServices = Array.from({ length: random.integer(1, 4) }, (_, index) =>
    makeVirtualService(random, `vs-${index}`, random.pick(['apps', 'apps', 'shop', 'istio-system']), {
      gateways,
      services,
    }),
  );
  const proxy = random.chance(0.25) ? makeProxy(random) : [];
  const manifests = [
    ...proxy,
    ...services.flatMap((service) => service.manifests),
    ...gateways.map(({ manifest }) => manifest),
    ...virtualServices.flat(),
    ...makeMeshConfig(seed, 'gateway', requests),
  ];
  const servers = gateways.flatMap((gateway) => gateway.servers);
  const ports = [...new Set(servers.map(({ port }) => port.number))];
  const aims = aimsOf(manifests);
  return {
    mesh: { manifests, proxy: { gateway: { labels: GATEWAY_LABELS, namespace: GATEWAY_NAMESPACE } } },
    asks: Array.from({ length: requests }, () =>
      inSomeSpeech(random, throughDoor(random, makeAsk(random, aims, ports), servers)),
    ),
  };
}
