/*
 * From v1 to v2 in steps: each is a state of the whole chart, checked against the one before it before it is applied.
 *
 *   npm run synth:rollout    # writes dist/rollout/<state>.k8s.yaml
 */
import { App, Chart, Duration } from 'cdk8s';
import { EnvValue } from 'cdk8s-plus-27';
import {
  HeaderMatch,
  HeaderRoutedMesh,
  HealthCheck,
  MeshNamespace,
  VersionedService,
  type VersionOptions,
} from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

export interface RolloutState {
  /** The version that users get, and the next one if it is there already. */
  readonly serving: readonly string[];

  /** How many of a hundred users get the next one. */
  readonly percentOfNext?: number;

  /** A version whose pods stay until every proxy has heard that no route leads there any more. */
  readonly retired?: string;
}

/** In the order in which they are applied. */
export const STATES: { readonly [name: string]: RolloutState } = {
  '0-v1': { serving: ['v1'] },
  '1-0-percent': { serving: ['v1', 'v2'], percentOfNext: 0 },
  '2-5-percent': { serving: ['v1', 'v2'], percentOfNext: 5 },
  '3-25-percent': { serving: ['v1', 'v2'], percentOfNext: 25 },
  '4-50-percent': { serving: ['v1', 'v2'], percentOfNext: 50 },
  '5-100-percent': { serving: ['v1', 'v2'], percentOfNext: 100 },
  '6-v1-retired': { serving: ['v2'], retired: 'v1' },
  '7-v2': { serving: ['v2'] },
};

export class RolloutChart extends Chart {
  constructor(scope: Construct, id: string, { serving, percentOfNext = 0, retired }: RolloutState) {
    super(scope, id, { namespace: 'apis-rollout' });
    // All states make the same objects, and no two of them meet in a cluster.
    this.node.setContext('cdk8s-versioned-mesh/cluster', id);
    new MeshNamespace(this, 'namespace', { name: 'apis-rollout' });

    const apis = new VersionedService(this, 'apis', { port: 80 });
    const [current, next] = serving.map((name) => apis.addVersion(name, version(name)));
    if (retired !== undefined) {
      apis.addVersion(retired, { ...version(retired), retired: true });
    }

    const mesh = new HeaderRoutedMesh(this, 'apis-ingress', {
      hosts: ['apis.example.com'],
      service: apis,
      defaultVersion: current,
      defaultRoute: next && {
        split: [{ version: next, percent: percentOfNext }],
        sessionAffinity: { maxAge: Duration.hours(8) },
      },
    });
    // Who asks for a version gets it, whatever the shares; but none before its pods are there.
    for (const version of percentOfNext === 0 ? [current] : [current, next]) {
      mesh.route(version, HeaderMatch.exact('x-version', version.version));
    }
  }
}

function version(name: string): VersionOptions {
  return {
    image: `apis:${name}`,
    port: 8000,
    env: { APP_VERSION: EnvValue.fromValue(name) },
    readiness: HealthCheck.http('/readyz'),
    liveness: HealthCheck.http('/healthz'),
  };
}

if (require.main === module) {
  const app = new App();
  for (const [name, state] of Object.entries(STATES)) {
    new RolloutChart(app, name, state);
  }
  app.synth();
}
