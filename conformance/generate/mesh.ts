/*
 * Whole meshes, and the requests for them. Everything follows from one seed.
 */
import type { Experiment } from '../laboratory';
import { Random } from '../random';
import { GATEWAY_LABELS, makeGateway } from './gateways';
import { aimsOf, makeAsk } from './requests';
import { makeService } from './services';
import { makeVirtualService } from './virtual-services';
import { NAMESPACES, SERVICES } from './vocabulary';

export function makeGatewayExperiment(seed: number, requests: number): Experiment {
  const random = new Random(seed);
  const services = random
    .some(SERVICES, random.integer(1, 3))
    .map((name) => makeService(random, name, random.pick(['apps', 'apps', 'shop'])));
  const gateways = Array.from({ length: random.integer(1, 3) }, (_, index) =>
    makeGateway(random, `gw-${index}`, random.pick(NAMESPACES)),
  );
  const virtualServices = Array.from({ length: random.integer(1, 4) }, (_, index) =>
    makeVirtualService(random, `vs-${index}`, random.pick(['apps', 'apps', 'shop', 'istio-system']), {
      gateways,
      services,
    }),
  );
  const manifests = [
    ...services.flatMap((service) => service.manifests),
    ...gateways.map(({ manifest }) => manifest),
    ...virtualServices.flat(),
  ];
  const ports = [...new Set(gateways.flatMap(({ servers }) => servers.map(({ port }) => port.number)))];
  const aims = aimsOf(manifests);
  return {
    mesh: { manifests, proxy: { gateway: { labels: GATEWAY_LABELS, namespace: 'istio-system' } } },
    asks: Array.from({ length: requests }, () => makeAsk(random, aims, ports)),
  };
}
