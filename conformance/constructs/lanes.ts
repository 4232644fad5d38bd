/*
 * One key carries a request through a chain of services: the gateway adds it, apps pass it on, and each sidecar reads it.
 */
import { HeaderMatch, HeaderRoutedMesh, type RequestMatch, TrafficSource } from '../../src';
import type { Bench, Start } from './bench';
import { answerOf, onBench, service, type Trial } from './trial';
import { verdict } from './verdict';

const HOST = 'shop.example.com';
const PODS = ['web-v1-0', 'web-beta-0', 'cart-v1-0'];

export const lanes: Trial = {
  title: 'a lane leads through two sidecars',
  async run(workshop) {
    const byBaggage = await through(workshop, HeaderMatch.baggage('lane', 'beta'), 'baggage', [
      { cookie: 'lane=beta' },
      { cookie: 'a=b; lane=beta', baggage: 'user=1' },
      { baggage: 'lane=beta' },
      {},
    ]);
    const byHeader = await through(workshop, HeaderMatch.exact('x-lane', 'beta'), 'x-lane', [
      { cookie: 'lane=beta' },
      { cookie: 'lane=betas' },
    ]);
    const onLane = 'web beta, cart v1, ratings beta';
    const offLane = 'web v1, cart v1, ratings v1';
    return [
      verdict('by an entry', `${onLane}, by lane=beta`, byBaggage[0]),
      verdict('by an entry, beside other baggage', `${onLane}, by user=1,lane=beta`, byBaggage[1]),
      verdict('by a key that the client sends', `${onLane}, by lane=beta`, byBaggage[2]),
      verdict('without a key', `${offLane}, by nothing`, byBaggage[3]),
      verdict('by an entry, with a header as the key', `${onLane}, by beta`, byHeader[0]),
      verdict('with a cookie that is nearly the entry', `${offLane}, by nothing`, byHeader[1]),
    ];
  },
};

function through(
  workshop: Parameters<Trial['run']>[0],
  match: RequestMatch,
  key: string,
  requests: readonly { readonly [name: string]: string }[],
): Promise<readonly string[]> {
  return onBench(
    workshop,
    (chart) => {
      const web = service(chart, 'web', { v1: {}, beta: {} });
      const cart = service(chart, 'cart', { v1: {} });
      const ratings = service(chart, 'ratings', { v1: {}, beta: {} });
      const mesh = new HeaderRoutedMesh(chart, 'ingress', {
        hosts: [HOST],
        traffic: TrafficSource.GATEWAY_AND_MESH,
        service: web,
        defaultVersion: web.version('v1'),
      });
      mesh.addService(cart, { defaultVersion: cart.version('v1') });
      mesh.addService(ratings, { defaultVersion: ratings.version('v1') });
      const versions = [web.version('beta'), ratings.version('beta')];
      mesh.addLane('beta', { match, versions, entry: HeaderMatch.cookie('lane', 'beta') });
    },
    async (bench) => await Promise.all(requests.map((headers) => chain(bench, headers, key))),
    PODS,
  );
}

/** From the gateway to web, cart and ratings, with the key passed on as it arrived. */
async function chain(bench: Bench, headers: { readonly [name: string]: string }, key: string): Promise<string> {
  const hops: string[] = [];
  let start: Start = 'gateway';
  let sent = headers;
  for (const [name, host] of [
    ['web', HOST],
    ['cart', 'cart'],
    ['ratings', 'ratings.shop.svc.cluster.local'],
  ]) {
    const seen = await bench.ask(start, { host, headers: sent });
    const arrived = (seen.received?.headers ?? []).filter(([header]) => header === key).map(([, value]) => value);
    hops.push(`${name} ${answerOf(seen)}`);
    sent = arrived.length === 0 ? {} : { [key]: arrived.join(',') };
    start = seen.pod?.name ?? start;
  }
  return `${hops.join(', ')}, by ${sent[key] ?? 'nothing'}`;
}
