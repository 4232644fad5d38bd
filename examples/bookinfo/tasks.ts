/*
 * The tasks of the sample, a state of the chart each.
 *
 *   npm run synth:bookinfo    # writes dist/bookinfo/<task>.k8s.yaml
 */
import { App, Duration } from 'cdk8s';
import { HeaderMatch } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';
import { BookinfoChart } from './chart';

/** By name, what makes its chart. */
export const TASKS: { readonly [task: string]: (scope: Construct, id: string) => BookinfoChart } = {
  'all-v1': allV1,
  jason,
  '90-10': ninetyTen,
  'ratings-abort': ratingsAbort,
  'ratings-delay': ratingsDelay,
  lane,
};

/** productpage names whoever is signed in by this header, and reviews passes it on. */
const JASON = HeaderMatch.exact('end-user', 'jason');

/** Everyone gets v1 of everything. */
export function allV1(scope: Construct, id: string): BookinfoChart {
  return new BookinfoChart(scope, id);
}

/** The user jason gets reviews v2, with black stars. */
export function jason(scope: Construct, id: string): BookinfoChart {
  const chart = allV1(scope, id);
  chart.mesh.route(chart.reviews.version('v2'), JASON, { name: 'jason' });
  return chart;
}

/** One request in ten gets reviews v2. */
export function ninetyTen(scope: Construct, id: string): BookinfoChart {
  return new BookinfoChart(scope, id, { percentOfV2: 10 });
}

/** For jason, the ratings fail. */
export function ratingsAbort(scope: Construct, id: string): BookinfoChart {
  const chart = jason(scope, id);
  chart.mesh.route(chart.ratings.version('v1'), JASON, { name: 'abort', fault: { abort: { status: 500 } } });
  return chart;
}

/** For jason, the ratings take seven seconds. */
export function ratingsDelay(scope: Construct, id: string): BookinfoChart {
  const chart = jason(scope, id);
  const delay = { duration: Duration.seconds(7) };
  chart.mesh.route(chart.ratings.version('v1'), JASON, { name: 'delay', fault: { delay } });
  return chart;
}

/** Who has the cookie `lane=beta` gets reviews v3, with red stars; the gateway says so by a header that all apps pass on. */
export function lane(scope: Construct, id: string): BookinfoChart {
  const chart = allV1(scope, id);
  chart.mesh.addLane('beta', {
    match: HeaderMatch.exact('x-ot-span-context', 'beta'),
    entry: HeaderMatch.cookie('lane', 'beta'),
    versions: [chart.reviews.version('v3')],
  });
  return chart;
}

if (require.main === module) {
  for (const [task, make] of Object.entries(TASKS)) {
    // An app each, because each is a whole cluster's state.
    const app = new App();
    make(app, task);
    app.synth();
  }
}
