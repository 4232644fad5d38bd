import { Mesh, type RouteRequest } from 'cdk8s-versioned-mesh';
import { type Comparison, compare, cpuClock } from './measure';
import { meshOf } from './mesh-manifests';
import type { Row } from './row';

/** Requests routed between two looks at the clock. */
const BATCH = 50_000;

const PLACES = { gateway: 'at the gateway', mesh: 'inside the mesh' };
type Entrance = keyof typeof PLACES;

/** Route decisions on one core in a large mesh, all of whose services are asked for. */
export function routeDecisions(entrance: Entrance): Row {
  const result = measure(entrance, { asked: 1_000 });
  return {
    what: `route decisions, 1,000 services with 5 rules each, ${PLACES[entrance]}; the ratio is to 100 services`,
    result: { ...result, perSecond: (BATCH / result.subject) * 1000 },
    bar: { perSecond: 400_000 },
  };
}

/**
 * What a large mesh costs over a small one, for the same requests. Requests to more services touch more memory, which is a
 * matter of the machine's caches; that the other services are there has to cost nothing.
 */
export function routeGrowth(entrance: Entrance): Row {
  return {
    what: `route decisions for 100 services, ${PLACES[entrance]}: where there are 1,000 ÷ where there are 100`,
    result: measure(entrance, { asked: 100 }),
    bar: 1.2,
  };
}

function measure(entrance: Entrance, { asked }: { asked: number }): Comparison {
  return compare(routing(1_000, asked, entrance), routing(100, Math.min(asked, 100), entrance), {
    clock: cpuClock,
    warmUp: 4,
    rounds: 12,
  });
}

/** What routes a batch of requests to `asked` of the services, in a mesh whose indexes stand. */
function routing(services: number, asked: number, entrance: Entrance): () => void {
  const mesh = Mesh.fromManifests(meshOf(services));
  const requests = requestsTo(asked).map((request) => (entrance === 'mesh' ? fromMesh(request) : request));
  return () => {
    for (let index = 0; index < BATCH; index++) {
      mesh.route(requests[index % requests.length]);
    }
  };
}

/** Requests that reach each of the rules, to one service after the other. */
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
