/*
 * The container of an app.
 */
import { ApiObject, Duration, JsonPatch, Size } from 'cdk8s';
import {
  type Container,
  type ContainerResources,
  Cpu,
  type Deployment,
  Handler,
  ImagePullPolicy,
  Volume,
} from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { DEFAULT_DRAIN_SECONDS, Drain } from './drain';
import { HealthCheck } from './health-check';
import { RunAs } from './run-as';
import type { WorkloadOptions } from './workload-options';

/** The name under which every app's port is known to its Services. */
export const CONTAINER_PORT_NAME = 'http';

/** Small on purpose. CPU is not limited: a limit throttles an app even on an idle node. */
const DEFAULT_RESOURCES: ContainerResources = {
  cpu: { request: Cpu.millis(100) },
  memory: { request: Size.mebibytes(128), limit: Size.mebibytes(512) },
};

/** Where the container goes, and the port that it listens on. */
interface App extends Construct {
  readonly deployment: Deployment;
  readonly port: number;
}

/** Adds the first container to the Deployment of `app`. */
export function addAppContainer(app: App, options: WorkloadOptions): Container {
  const preStop = (options.drain ?? Drain.sleepCommand(Duration.seconds(DEFAULT_DRAIN_SECONDS)))._preStop();
  const runAs = options.runAs ?? RunAs.imageUser();
  const regular = { period: Duration.seconds(10), failureThreshold: 3 };
  const starting = { period: Duration.seconds(2), failureThreshold: 60 };
  const probe = (check: HealthCheck | undefined, defaults: typeof regular) =>
    (check ?? HealthCheck.tcp())._toProbe(app.port, defaults);
  const container = app.deployment.addContainer({
    name: options.containerName ?? 'app',
    image: options.image,
    imagePullPolicy: options.imagePullPolicy ?? pullPolicyFor(options.image),
    command: options.command,
    args: options.args,
    envVariables: options.env && { ...options.env },
    envFrom: options.envFrom?.map((source, index) => source._toEnvFrom(app, `Environment${index}`)),
    ports: [{ number: app.port, name: CONTAINER_PORT_NAME }],
    readiness: probe(options.readiness, regular),
    liveness: probe(options.liveness, regular),
    startup: probe(options.startup, starting),
    lifecycle: preStop?.exec && { preStop: Handler.fromCommand(preStop.exec.command) },
    resources: options.resources ?? DEFAULT_RESOURCES,
    securityContext: { ensureNonRoot: runAs.nonRoot, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
  });
  if (preStop?.sleep) {
    // cdk8s-plus-27 has no word for it.
    ApiObject.of(app.deployment).addJsonPatch(
      JsonPatch.add('/spec/template/spec/containers/0/lifecycle', { preStop: { sleep: { ...preStop.sleep } } }),
    );
  }
  mountWritablePaths(app, container, options);
  return container;
}

function mountWritablePaths(app: App, container: Container, options: WorkloadOptions): void {
  const { writablePaths = ['/tmp'], writableSizeLimit: sizeLimit } = options;
  for (const [index, path] of writablePaths.entries()) {
    container.mount(path, Volume.fromEmptyDir(app, `Writable${index}`, `writable-${index}`, { sizeLimit }));
  }
}

/** Kubernetes' own rule: a tag that moves is pulled every time, any other only where it is missing. */
export function pullPolicyFor(image: string): ImagePullPolicy {
  const lastSegment = image.slice(image.lastIndexOf('/') + 1);
  const isFixed = lastSegment.includes('@') || (lastSegment.includes(':') && !lastSegment.endsWith(':latest'));
  return isFixed ? ImagePullPolicy.IF_NOT_PRESENT : ImagePullPolicy.ALWAYS;
}
