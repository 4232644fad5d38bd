/*
 * A user stays where the shares drew them, from one step of a rollout to the next, and until it is rolled back.
 */
import { Duration } from 'cdk8s';
import { HeaderRoutedMesh } from '../../src';
import type { Bench, Seen } from './bench';
import { answerOf, onBench, service, type Trial, type Workshop } from './trial';
import { shareVerdict, type Verdict, verdict } from './verdict';

const VISITORS = 200;
const REQUESTS = 10;
const HOST = 'shop.example.com';

/** A visitor, and where they were answered in this step. */
interface Visitor {
  readonly jar: Map<string, string>;
  versions: string[];
  /** Cookies that the app itself set in this step. */
  appCookies: number;
}

export const sticky: Trial = {
  title: 'a user stays where the shares drew them',
  async run(workshop) {
    const { random } = workshop;
    const visitors = Array.from({ length: VISITORS }, (): Visitor => ({ jar: new Map(), versions: [], appCookies: 0 }));
    const percent = random.integer(10, 40);
    const next = percent + random.integer(5, 20);
    const first = await step(workshop, visitors, percent);
    const byCanary = visitors.filter(({ versions }) => versions[0] === 'v2');
    const byDefault = visitors.filter((visitor) => !byCanary.includes(visitor));
    const second = await step(workshop, visitors, next);
    const moved = byCanary.filter(({ versions }) => versions[0] !== 'v2').length;
    const drawn = byDefault.filter(({ versions }) => versions[0] === 'v2').length;
    const third = await step(workshop, visitors, 0);
    return [
      ...first,
      shareVerdict(`of ${VISITORS} visitors v2 answers its share`, percent, byCanary.length, VISITORS),
      ...second,
      verdict(`at ${next} % visitors leave v2`, 0, moved),
      shareVerdict(`at ${next} % visitors of v1 are drawn anew`, next, drawn, byDefault.length),
      ...third,
      verdict(
        'at 0 % requests are answered by v2',
        0,
        visitors.flatMap(({ versions }) => versions).filter(isCanary).length,
      ),
    ];
  },
};

const isCanary = (version: string) => version === 'v2';

async function step(workshop: Workshop, visitors: readonly Visitor[], percent: number): Promise<readonly Verdict[]> {
  await onBench(
    workshop,
    (chart) => {
      const shop = service(chart, 'shop', { v1: {}, v2: {} });
      new HeaderRoutedMesh(chart, 'ingress', {
        hosts: [HOST],
        service: shop,
        defaultVersion: shop.version('v1'),
        defaultRoute: {
          split: [{ version: shop.version('v2'), percent }],
          sessionAffinity: { maxAge: Duration.hours(8) },
        },
      });
    },
    async (bench) => {
      await Promise.all(visitors.map((visitor) => visit(bench, visitor)));
    },
  );
  const torn = visitors.filter(({ versions }) => new Set(versions).size > 1).length;
  const answered = visitors.flatMap(({ versions }) => versions).filter((version) => /^v[12]$/.test(version)).length;
  const kept = visitors.filter(({ appCookies }) => appCookies === REQUESTS).length;
  return [
    verdict(`at ${percent} % visitors see two versions`, 0, torn),
    verdict(`at ${percent} % requests are answered`, VISITORS * REQUESTS, answered),
    verdict(`at ${percent} % visitors get each cookie that the app sets`, VISITORS, kept),
  ];
}

/** One request after the other, as a browser sends them. */
async function visit(bench: Bench, visitor: Visitor): Promise<void> {
  visitor.versions = [];
  visitor.appCookies = 0;
  for (let sent = 0; sent < REQUESTS; sent++) {
    const cookie = [...visitor.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { 'x-backend': `cookie=${sent}`, ...(cookie !== '' && { cookie }) };
    const seen = await bench.ask('gateway', { host: HOST, headers });
    visitor.versions.push(answerOf(seen));
    keepCookies(visitor, seen);
  }
}

function keepCookies(visitor: Visitor, { cookies }: Seen): void {
  for (const cookie of cookies) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    visitor.jar.set(name, value);
    visitor.appCookies += name === 'app' ? 1 : 0;
  }
}
