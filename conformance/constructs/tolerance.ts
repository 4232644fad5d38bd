/*
 * What becomes of requests where pods fail: retries, ejection, and limits.
 */
import { Duration } from 'cdk8s';
import { type DefaultRouteOptions, HeaderRoutedMesh, RetryOn, type TrafficPolicy } from '../../src';
import type { Bench, Seen } from './bench';
import { again, answerOf, onBench, service, type Trial, type Workshop } from './trial';
import { counted, verdict } from './verdict';

const HOST = 'shop.example.com';
const TIMES = 100;
const NO_RETRIES: DefaultRouteOptions = { retries: { attempts: 0 } };

export const ejection: Trial = {
  title: 'an ejected pod gets no request',
  async run(workshop) {
    const outlierDetection = {
      consecutive5xxErrors: 3,
      baseEjectionTime: Duration.minutes(5),
      maxEjectionPercent: 100,
    };
    const { before, after } = await withPods(workshop, NO_RETRIES, { outlierDetection }, async (bench) => {
      bench.fail('shop-v1-0');
      const before = await again(bench, 'gateway', { host: HOST }, TIMES);
      return { before, after: await again(bench, 'gateway', { host: HOST }, 2 * TIMES) };
    });
    return [
      verdict('before it is ejected, the failing pod answers', 3, before.filter(({ status }) => status === 503).length),
      verdict('after that all requests are answered', `${2 * TIMES} × 200 of shop-v1-1`, podsOf(after)),
    ];
  },
};

export const retries: Trial = {
  title: 'a retry reaches the other pod',
  async run(workshop) {
    const onError = { idempotent: true, retries: { attempts: 3, on: [RetryOn.GATEWAY_ERROR] } };
    const failing = await withPods(workshop, onError, undefined, (bench) => {
      bench.fail('shop-v1-0');
      return again(bench, 'gateway', { host: HOST }, TIMES);
    });
    const gone = await withPods(workshop, { retries: { attempts: 3 } }, undefined, async (bench) => {
      await bench.remove('shop-v1-0');
      return again(bench, 'gateway', { host: HOST, method: 'POST' }, TIMES);
    });
    const unhelped = await withPods(workshop, NO_RETRIES, undefined, async (bench) => {
      bench.fail('shop-v1-0');
      return again(bench, 'gateway', { host: HOST }, TIMES);
    });
    return [
      verdict('with GATEWAY_ERROR, beside a pod that answers 503', `${TIMES} × 200 of shop-v1-1`, podsOf(failing)),
      verdict('some of these were tried twice or more', true, failing.some(isRetried)),
      verdict('POSTs by default, beside a pod that is gone', `${TIMES} × 200 of shop-v1-1`, podsOf(gone)),
      verdict('some of these were tried twice or more', true, gone.some(isRetried)),
      verdict(
        'without retries, some fail',
        true,
        unhelped.some(({ status }) => status === 503),
      ),
    ];
  },
};

export const limits: Trial = {
  title: 'a connection pool turns away what is too much',
  async run(workshop) {
    const connectionPool = { maxConnections: 1, maxPendingRequests: 1 };
    const slow = { host: HOST, headers: { 'x-backend': 'slow=1500' } };
    const work = async (bench: Bench) => {
      const first = bench.ask('gateway', slow);
      // Until it is under way, it counts among those that wait.
      await new Promise((settle) => setTimeout(settle, 500));
      return Promise.all([first, ...Array.from({ length: 9 }, () => bench.ask('gateway', slow))]);
    };
    // To each pod Envoy makes one connection, whatever the limit.
    const seen = await withPods(workshop, NO_RETRIES, { connectionPool }, work, 1);
    return [
      verdict('of ten at once, one is under way and one waits', '8 × 503 UO, 2 × v1', counted(seen.map(answerOf))),
    ];
  },
};

/** A version of so many pods. */
function withPods<T>(
  workshop: Workshop,
  defaultRoute: DefaultRouteOptions,
  trafficPolicy: TrafficPolicy | undefined,
  work: (bench: Bench) => Promise<T>,
  replicas = 2,
): Promise<T> {
  return onBench(
    workshop,
    (chart) => {
      const shop = service(chart, 'shop', { v1: { replicas, trafficPolicy } });
      const defaultVersion = shop.version('v1');
      new HeaderRoutedMesh(chart, 'ingress', { hosts: [HOST], service: shop, defaultVersion, defaultRoute });
    },
    work,
  );
}

function podsOf(seen: readonly Seen[]): string {
  return counted(seen.map(({ status, flags, pod }) => `${status} of ${pod?.name ?? `Envoy ${flags}`}`));
}

/** Envoy tells the app which try it is. */
function isRetried({ received }: Seen): boolean {
  return Number(received?.headers.find(([name]) => name === 'x-envoy-attempt-count')?.[1] ?? 1) > 1;
}
