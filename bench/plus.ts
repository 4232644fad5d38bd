/*
 * The floor: what cdk8s-plus itself costs for the workloads and Services that the constructs make with it.
 */
import { ApiObject, type ApiObjectProps, App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import {
  type Capability,
  Cpu,
  Deployment,
  EnvValue,
  Handler,
  ImagePullPolicy,
  type IServiceAccount,
  k8s,
  LabelSelector,
  Pod,
  Probe,
  Service,
  ServiceAccount,
  Volume,
} from 'cdk8s-plus-27';

/** The same manifests: Deployments, Services and ServiceAccounts by cdk8s-plus and no library, all others as plain ApiObjects. */
export function appOfPlus(manifests: readonly ApiObjectProps[]): App {
  const app = new App();
  const chart = new Chart(app, 'shops', { namespace: 'shops' });
  for (const manifest of manifests) {
    const id = `${manifest.kind}-${manifest.metadata?.name}`;
    if (manifest.kind === 'Deployment') {
      addDeployment(chart, id, manifest);
    } else if (manifest.kind === 'Service') {
      addService(chart, id, manifest);
    } else if (manifest.kind === 'ServiceAccount') {
      addServiceAccount(chart, id, manifest);
    } else {
      new ApiObject(chart, id, manifest);
    }
  }
  return app;
}

function addDeployment(chart: Chart, id: string, { metadata, spec }: ApiObjectProps): void {
  const { name = id, labels = {} } = metadata ?? {};
  const deployment = new Deployment(chart, id, {
    metadata: { name, labels },
    podMetadata: { labels: spec.template.metadata.labels, annotations: spec.template.metadata.annotations },
    select: false,
    replicas: 2,
    securityContext: { ensureNonRoot: true },
    terminationGracePeriod: Duration.seconds(35),
    automountServiceAccountToken: false,
    serviceAccount: accountOf(chart, id, spec.template.spec),
  });
  deployment.select(LabelSelector.of({ labels: spec.selector.matchLabels }));
  deployment.podMetadata.addLabel(Pod.ADDRESS_LABEL, name);
  addContainer(deployment, spec.template.spec.containers[0]);
  const { securityContext, enableServiceLinks, topologySpreadConstraints } = spec.template.spec;
  ApiObject.of(deployment).addJsonPatch(
    JsonPatch.add('/spec/template/spec/securityContext/seccompProfile', securityContext.seccompProfile),
    JsonPatch.add('/spec/template/spec/enableServiceLinks', enableServiceLinks),
    JsonPatch.add('/spec/template/spec/topologySpreadConstraints', topologySpreadConstraints),
  );
}

function accountOf(chart: Chart, id: string, { serviceAccountName }: k8s.PodSpec): IServiceAccount | undefined {
  return serviceAccountName === undefined
    ? undefined
    : ServiceAccount.fromServiceAccountName(chart, `${id}-account`, serviceAccountName);
}

function addServiceAccount(
  chart: Chart,
  id: string,
  { metadata, automountServiceAccountToken: automountToken }: ApiObjectProps & k8s.KubeServiceAccountProps,
): void {
  new ServiceAccount(chart, id, { metadata: { name: metadata?.name, labels: metadata?.labels }, automountToken });
}

function addContainer(deployment: Deployment, { image, env }: k8s.Container): void {
  const period = Duration.seconds(10);
  const container = deployment.addContainer({
    name: 'app',
    image: image ?? '',
    imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
    envVariables: { APP_VERSION: EnvValue.fromValue(env?.[0].value ?? '') },
    ports: [{ name: 'http', number: 8000 }],
    readiness: Probe.fromHttpGet('/readyz', { port: 8000, periodSeconds: period, failureThreshold: 3 }),
    liveness: Probe.fromHttpGet('/healthz', { port: 8000, periodSeconds: period, failureThreshold: 3 }),
    startup: Probe.fromTcpSocket({ port: 8000, periodSeconds: Duration.seconds(2), failureThreshold: 60 }),
    lifecycle: { preStop: Handler.fromCommand(['sleep', '5']) },
    resources: {
      cpu: { request: Cpu.millis(100) },
      memory: { request: Size.mebibytes(128), limit: Size.mebibytes(512) },
    },
    securityContext: {
      capabilities: { drop: ['ALL' as Capability] },
      ensureNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
    },
  });
  container.mount('/tmp', Volume.fromEmptyDir(deployment, 'Writable', 'writable-0'));
}

function addService(chart: Chart, id: string, { metadata }: ApiObjectProps): void {
  const service = new Service(chart, id, {
    metadata: { name: metadata?.name, labels: metadata?.labels },
    ports: [{ name: 'http', port: 80 }],
  });
  service.selectLabel('app', metadata?.name ?? id);
  const byName = k8s.IntOrString.fromString('http');
  ApiObject.of(service).addJsonPatch(JsonPatch.add('/spec/ports/0/targetPort', byName));
}
