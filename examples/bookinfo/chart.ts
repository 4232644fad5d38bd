/*
 * Bookinfo: Istio's sample of four services, `reviews` in three versions, by its published images. Its tasks, from the tour of
 * request routing to the two tests with faults, are states of one chart.
 */
import { Chart, type ChartProps, Duration } from 'cdk8s';
import { EnvValue } from 'cdk8s-plus-27';
import {
  HeaderMatch,
  HeaderRoutedMesh,
  MeshNamespace,
  PathMatch,
  type ServiceVersion,
  TrafficSource,
  VersionedService,
} from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

/** What the sample shows, one after the other. */
export enum Task {
  /** Everyone gets v1 of everything. */
  ALL_V1 = 'all-v1',

  /** The user jason gets v2 of the reviews. */
  JASON = 'jason',

  /** One request in ten gets v2 of the reviews. */
  NINETY_TEN = '90-10',

  /** For jason, the ratings fail. */
  ABORT = 'ratings-abort',

  /** For jason, the ratings take seven seconds. */
  DELAY = 'ratings-delay',

  /** Who has the cookie `lane=beta` gets v3 of the reviews, wherever on the way they are asked. */
  LANE = 'lane',
}

export interface BookinfoChartProps extends ChartProps {
  readonly task: Task;
}

const PORT = 9080;

export class BookinfoChart extends Chart {
  constructor(scope: Construct, id: string, { task, ...props }: BookinfoChartProps) {
    super(scope, id, { namespace: 'bookinfo', ...props });
    new MeshNamespace(this, 'bookinfo');

    const productpage = this.service('productpage', ['v1']);
    const details = this.service('details', ['v1']);
    const reviews = this.service('reviews', ['v1', 'v2', 'v3']);
    const ratings = this.service('ratings', ['v1']);
    const [v1, v2, v3] = reviews.versions;

    const mesh = new HeaderRoutedMesh(this, 'bookinfo', {
      hosts: ['*'],
      service: productpage,
      defaultVersion: productpage.version('v1'),
      gatewayOptions: { name: 'bookinfo-gateway', port: 8080 },
    });
    mesh.addService(details, { defaultVersion: details.version('v1') });
    mesh.addService(reviews, {
      defaultVersion: v1,
      defaultRoute: { split: [{ version: v2, percent: task === Task.NINETY_TEN ? 10 : 0 }] },
    });
    mesh.addService(ratings, { defaultVersion: ratings.version('v1') });
    this.rules(task, mesh, { v2, v3, ratings: ratings.version('v1') });
  }
}
