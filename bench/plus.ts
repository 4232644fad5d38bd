/*
 * The floor: what cdk8s-plus itself costs for the workloads and Services that the constructs make with it.
 */
import { ApiObject, type ApiObjectProps, App, Chart } from 'cdk8s';
import { Deployment, EnvValue, LabelSelector, Probe, Service, Volume } from 'cdk8s-plus-27';

/** The same objects: Deployments and Services by cdk8s-plus and no library, all others as plain ApiObjects. */
export function appOfPlus(manifests: readonly ApiObjectProps[]): App {
  const app = new App();
  const chart = new Chart(app, 'shops', { namespace: 'shops' });
  for (const manifest of manifests) {
    const id = `${manifest.kind}-${manifest.metadata?.name}`;
    if (manifest.kind === 'Deployment') {
      addDeployment(chart, id, manifest);
    } else if (manifest.kind === 'Service') {
      addService(chart, id, manifest);
    } else {
      new ApiObject(chart, id, manifest);
    }
  }
  return app;
}

function addDeployment(chart: Chart, id: string, { metadata }: ApiObjectProps): void {
  const labels = metadata?.labels ?? {};
  const deployment = new Deployment(chart, id, {
    metadata: { name: metadata?.name, labels },
    podMetadata: { labels },
    select: false,
    replicas: 2,
    automountServiceAccountToken: false,
  });
  deployment.select(LabelSelector.of({ labels }));
  const container = deployment.addContainer({
    name: 'app',
    image: `ghcr.io/acme/${labels.app}:1.4.0`,
    ports: [{ name: 'http', number: 8000 }],
    envVariables: { APP_VERSION: EnvValue.fromValue('1.4.0') },
    readiness: Probe.fromHttpGet('/readyz', { port: 8000 }),
    liveness: Probe.fromHttpGet('/healthz', { port: 8000 }),
    securityContext: { ensureNonRoot: true, readOnlyRootFilesystem: true },
  });
  container.mount('/tmp', Volume.fromEmptyDir(chart, `${id}-tmp`, 'tmp'));
}

function addService(chart: Chart, id: string, { metadata }: ApiObjectProps): void {
  const service = new Service(chart, id, {
    metadata: { name: metadata?.name, labels: metadata?.labels },
    ports: [{ name: 'http', port: 80, targetPort: 8000 }],
  });
  service.selectLabel('app', metadata?.name ?? id);
}
