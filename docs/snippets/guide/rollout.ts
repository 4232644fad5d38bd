import { App, Chart, Duration } from 'cdk8s';
import { HeaderMatch, HeaderRoutedMesh, VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

interface State {
  readonly stable: string;
  readonly canary?: { readonly version: string; readonly percent: number; readonly byHeader?: boolean };
  readonly retired?: string;
}

/** In the order of apply. */
export const STATES: { readonly [name: string]: State } = {
  '0-v1': { stable: 'v1' },
  '1-v2-starts': { stable: 'v1', canary: { version: 'v2', percent: 0 } },
  '2-testers': { stable: 'v1', canary: { version: 'v2', percent: 0, byHeader: true } },
  '3-five-percent': { stable: 'v1', canary: { version: 'v2', percent: 5, byHeader: true } },
  '4-half': { stable: 'v1', canary: { version: 'v2', percent: 50, byHeader: true } },
  '5-all': { stable: 'v1', canary: { version: 'v2', percent: 100, byHeader: true } },
  '6-v1-is-retired': { stable: 'v2', retired: 'v1' },
  '7-v2': { stable: 'v2' },
};

const IMAGES: { readonly [version: string]: string } = {
  v1: 'ghcr.io/acme/apis:1.4.0',
  v2: 'ghcr.io/acme/apis:2.0.0',
};

export class RolloutChart extends Chart {
  constructor(scope: Construct, id: string, { stable, canary, retired }: State) {
    super(scope, id, { namespace: 'apis' });
    // One app holds all states; each is looked at apart, as a cluster of its own.
    this.node.setContext('cdk8s-versioned-mesh/cluster', id);

    const apis = new VersionedService(this, 'apis');
    for (const [version, image] of Object.entries(IMAGES)) {
      if ([stable, canary?.version, retired].includes(version)) {
        apis.addVersion(version, { image, retired: version === retired });
      }
    }
    const mesh = new HeaderRoutedMesh(this, 'ingress', {
      hosts: ['apis.example.com'],
      service: apis,
      defaultVersion: apis.version(stable),
      defaultRoute: canary && {
        split: [{ version: apis.version(canary.version), percent: canary.percent }],
        sessionAffinity: { maxAge: Duration.hours(8) },
      },
    });
    if (canary?.byHeader) {
      for (const version of [stable, canary.version]) {
        mesh.route(apis.version(version), HeaderMatch.exact('x-version', version));
      }
    }
  }
}

export function rollout(app: App): RolloutChart[] {
  return Object.entries(STATES).map(([name, state]) => new RolloutChart(app, name, state));
}

if (require.main === module) {
  const app = new App();
  rollout(app);
  app.synth();
}
