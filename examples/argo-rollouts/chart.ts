/*
 * argo-rollouts: a Rollout of Argo Rollouts owns the pods and the weights, and this library makes what it changes.
 *
 *   npm run synth:argo-rollouts    # writes dist/argo-rollouts/argo-rollouts.k8s.yaml
 */
import { ApiObject, App, Chart } from 'cdk8s';
import { HeaderRoutedMesh, MeshNamespace, TrafficSource, VersionedBy, VersionedService } from 'cdk8s-versioned-mesh';
import type { Construct } from 'constructs';

const POD_LABELS = { app: 'apis' };
const STABLE = 'apis-stable';
const CANARY = 'apis-canary';
const ROUTE = 'primary';

export class ArgoRolloutsChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'argo-apis' });
    new MeshNamespace(this, 'namespace', { name: 'argo-apis' });

    const apis = new VersionedService(this, 'apis', {
      port: 80,
      selector: POD_LABELS,
      versionedBy: VersionedBy.SERVICES,
    });
    const stable = apis.addExistingVersion('stable', { serviceName: STABLE });
    const canary = apis.addExistingVersion('canary', { serviceName: CANARY });
    this.service(STABLE);
    this.service(CANARY);

    const mesh = new HeaderRoutedMesh(this, 'apis-ingress', {
      hosts: ['apis.example.com'],
      service: apis,
      defaultVersion: stable,
      defaultRoute: { name: ROUTE, split: [{ version: canary, percent: 0 }] },
      traffic: TrafficSource.GATEWAY_AND_MESH,
    });
    this.rollout(mesh.name);
  }

  /** A Service to whose selector the Rollout adds the hash of its stable pods, or of its canary's. */
  private service(name: string): void {
    new ApiObject(this, name, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: POD_LABELS, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    });
  }

  private rollout(virtualService: string): void {
    new ApiObject(this, 'rollout', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'apis' },
      spec: {
        replicas: 4,
        selector: { matchLabels: POD_LABELS },
        template: {
          metadata: { labels: POD_LABELS },
          spec: { containers: [{ name: 'app', image: 'apis:v1', ports: [{ name: 'http', containerPort: 8000 }] }] },
        },
        strategy: {
          canary: {
            stableService: STABLE,
            canaryService: CANARY,
            trafficRouting: { istio: { virtualService: { name: virtualService, routes: [ROUTE] } } },
            steps: [
              { setWeight: 5 },
              { pause: { duration: '10m' } },
              { setWeight: 25 },
              { pause: { duration: '10m' } },
              { setWeight: 50 },
              { pause: {} },
            ],
          },
        },
      },
    });
  }
}

if (require.main === module) {
  const app = new App();
  new ArgoRolloutsChart(app, 'argo-rollouts');
  app.synth();
}
