/*
 * Faults on purpose, copies and preflights: whom they strike, and whom not.
 */
import { HeaderMatch, HeaderRoutedMesh, TrafficSource } from '../../src';
import { again, answerOf, onBench, service, type Trial } from './trial';
import { counted, shareVerdict, verdict } from './verdict';

const HOST = 'shop.example.com';
const TIMES = 400;

export const faults: Trial = {
  title: 'a fault strikes whom it should',
  run: (workshop) =>
    onBench(
      workshop,
      (chart) => {
        const shop = service(chart, 'shop', { v1: {} });
        const v1 = shop.version('v1');
        const mesh = new HeaderRoutedMesh(chart, 'ingress', { hosts: [HOST], service: shop, defaultVersion: v1 });
        mesh.route(v1, HeaderMatch.baggage('rehearsal', 'all'), { fault: { abort: { status: 418 } } });
        mesh.route(v1, HeaderMatch.baggage('rehearsal', 'half'), { fault: { abort: { status: 503, percent: 50 } } });
      },
      async (bench) => {
        const ask = async (baggage: string, times: number) =>
          (await again(bench, 'gateway', { host: HOST, headers: { baggage } }, times)).map(answerOf);
        const half = await ask('a=b,rehearsal=half;p=1', TIMES);
        return [
          verdict('requests that rehearse', '20 × 418 FI', counted(await ask('rehearsal=all', 20))),
          verdict('requests of others', '20 × v1', counted(await ask('rehearsal=allover', 20))),
          shareVerdict('a fault for a share', 50, half.filter((answer) => answer === '503 FI').length, TIMES),
          verdict(
            'the others of these are answered',
            true,
            half.every((answer) => /^(503 FI|v1)$/.test(answer)),
          ),
        ];
      },
    ),
};

export const copies: Trial = {
  title: 'copies arrive at the mirrored version only',
  run: (workshop) =>
    onBench(
      workshop,
      (chart) => {
        const shop = service(chart, 'shop', { v1: {}, v2: {}, v3: {} });
        const mirrorTo = (version: string, percent: number) => ({
          idempotent: true,
          mirror: { version: shop.version(version), percent },
        });
        const mesh = new HeaderRoutedMesh(chart, 'ingress', {
          hosts: [HOST],
          service: shop,
          defaultVersion: shop.version('v1'),
          defaultRoute: mirrorTo('v2', 100),
        });
        mesh.route(shop.version('v1'), HeaderMatch.exact('x-share', 'yes'), mirrorTo('v3', 30));
      },
      async (bench) => {
        const all = await again(bench, 'gateway', { host: HOST }, 50);
        const share = await again(bench, 'gateway', { host: HOST, headers: { 'x-share': 'yes' } }, TIMES);
        const copiesOf = async (seen: typeof all) => await bench.copies(seen.map(({ id }) => id));
        const shared = await copiesOf(share);
        return [
          verdict('answers', `${50 + TIMES} × v1`, counted([...all, ...share].map(answerOf))),
          verdict('copies of all requests', '50 × shop-v2-0', counted(await copiesOf(all))),
          shareVerdict('copies of a share', 30, shared.length, TIMES),
          verdict('these arrive at', 'shop-v3-0', [...new Set(shared)].join(' and ')),
        ];
      },
    ),
};

export const preflights: Trial = {
  title: 'a preflight is answered before any app sees it',
  run: (workshop) =>
    onBench(
      workshop,
      (chart) => {
        const shop = service(chart, 'shop', { v1: {} });
        new HeaderRoutedMesh(chart, 'ingress', {
          hosts: [HOST],
          traffic: TrafficSource.GATEWAY,
          service: shop,
          defaultVersion: shop.version('v1'),
          defaultRoute: { corsPolicy: { allowOrigins: ['https://blog.example.com'], allowMethods: ['PUT'] } },
        });
      },
      async (bench) => {
        const ask = async (origin: string) => {
          const headers = { origin, 'access-control-request-method': 'PUT' };
          const seen = await bench.ask('gateway', { host: HOST, method: 'OPTIONS', headers });
          return `${answerOf(seen)}, allowed ${seen.headers.get('access-control-allow-origin') ?? 'nobody'}`;
        };
        return [
          verdict(
            'of an origin that may',
            '200, allowed https://blog.example.com',
            await ask('https://blog.example.com'),
          ),
          verdict('of any other', 'v1, allowed nobody', await ask('https://other.example.com')),
        ];
      },
    ),
};
