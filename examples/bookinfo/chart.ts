/*
 * Bookinfo: Istio's sample of four services, `reviews` in three versions, by its published images. Everyone gets v1.
 *
 * What the sample's tour shows with it is in tasks.ts.
 */
import { Chart, type ChartProps, Size } from 'cdk8s';
import { EnvValue } from 'cdk8s-plus-27';
import {
  HeaderRoutedMesh,
  HealthCheck,
  MeshNamespace,
  type TrafficTarget,
  VersionedService,
  type VersionOptions,
} from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export interface BookinfoProps extends ChartProps {
  /**
   * How many of a hundred requests for reviews get v2.
   *
   * @default 0
   */
  readonly percentOfV2?: number;
}

export class BookinfoChart extends Chart {
  public readonly mesh: HeaderRoutedMesh;
  public readonly reviews: VersionedService;
  public readonly ratings: VersionedService;

  constructor(scope: Construct, id: string, { percentOfV2 = 0, ...props }: BookinfoProps = {}) {
    super(scope, id, { namespace: 'bookinfo', ...props });
    new MeshNamespace(this, 'namespace', { name: 'bookinfo' });

    const productpage = this.service('productpage', ['v1']);
    const details = this.service('details', ['v1']);
    this.reviews = this.service('reviews', ['v1', 'v2', 'v3'], OPEN_LIBERTY);
    this.ratings = this.service('ratings', ['v1']);

    this.mesh = new HeaderRoutedMesh(this, 'bookinfo', {
      hosts: ['*'],
      service: productpage,
      defaultVersion: productpage.version('v1'),
      gatewayOptions: { name: 'bookinfo-gateway', port: 8080 },
    });
    const split: TrafficTarget[] =
      percentOfV2 === 0 ? [] : [{ version: this.reviews.version('v2'), percent: percentOfV2 }];
    this.mesh.addService(details, { defaultVersion: details.version('v1') });
    this.mesh.addService(this.reviews, { defaultVersion: this.reviews.version('v1'), defaultRoute: { split } });
    this.mesh.addService(this.ratings, { defaultVersion: this.ratings.version('v1') });
  }

  private service(name: string, versions: string[], options: Partial<VersionOptions> = {}): VersionedService {
    const service = new VersionedService(this, name, { port: 9080 });
    for (const version of versions) {
      service.addVersion(version, {
        image: `registry.istio.io/release/examples-bookinfo-${name}-${version}:1.20.3`,
        port: 9080,
        replicas: 1,
        readiness: HealthCheck.http('/health'),
        liveness: HealthCheck.http('/health'),
        // productpage is eight processes, and reviews a Java server.
        resources: { memory: { request: Size.mebibytes(256), limit: Size.gibibytes(1) } },
        ...options,
      });
    }
    return service;
  }
}

/** What the Java server under `reviews` writes: logs, what it unpacks, and at its start a password that it makes up. */
const OPEN_LIBERTY: Partial<VersionOptions> = {
  env: { LOG_DIR: EnvValue.fromValue('/tmp/logs') },
  writablePaths: [
    '/tmp',
    '/opt/ol/wlp/output',
    '/opt/ol/wlp/usr/servers/defaultServer/configDropins/defaults',
    // Where the sample's own YAML has a volume.
    '/opt/ibm/wlp/output',
  ],
};
